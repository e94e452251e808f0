"""What a crowd saw, in figures and in sentences, and whether anything went wrong. Gathers nothing itself."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from math import ceil
from typing import Any

SHOWN = 12


@dataclass(slots=True)
class Report:
    """The figures of a run. All times are milliseconds.

    ``joined`` phones have a place, ``answered`` ones reached the lobby. ``join_ms`` is the join page and the first
    answer together, without the time to read. ``cards_expected`` counts phones that showed the lobby when a round
    began, ``told_why`` those among them whose own screen gave a reason for having nobody (``why``, by kind).
    ``card_ms`` runs from the start of a round (``timed_from``: the POST, or the first card on any phone where others
    start the rounds) to the partner on each screen. ``missing`` and ``late`` are sentences; ``late`` ones are also
    errors. ``disagreed`` says which numbers disagreed.
    """

    people: int
    joined: int = 0
    answered: int = 0
    rounds: int = 0
    cards_expected: int = 0
    cards_received: int = 0
    cards_with_reason: int = 0
    told_why: int = 0
    why: Counter[str] = field(default_factory=Counter)
    card_ms: list[float] = field(default_factory=list)
    join_ms: list[float] = field(default_factory=list)
    timed_from: str = "start-round"
    disagreed: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    late: list[str] = field(default_factory=list)
    met: int = 0
    reconnects: int = 0
    seconds: float = 0.0
    errors: list[str] = field(default_factory=list)

    @property
    def failed(self) -> bool:
        """Whether anything went wrong: an error, two phones that disagreed, or a card that nobody explained."""
        short = self.cards_received + self.told_why < self.cards_expected
        return bool(self.errors or self.disagreed or short)

    def as_json(self) -> dict[str, Any]:
        """The report for programs: figures, percentiles (null where there is nothing to measure), sentences."""
        return {
            "people": self.people,
            "joined": self.joined,
            "answered": self.answered,
            "rounds": self.rounds,
            "cards_expected": self.cards_expected,
            "cards_received": self.cards_received,
            "cards_with_reason": self.cards_with_reason,
            "card_ms": spread(self.card_ms),
            "join_ms": spread(self.join_ms),
            "disagreements": len(self.disagreed),
            "errors": self.errors,
            "told_why": self.told_why,
            "why": dict(self.why),
            "missing": self.missing,
            "late": self.late,
            "disagreed": self.disagreed,
            "met": self.met,
            "reconnects": self.reconnects,
            "timed_from": self.timed_from,
            "seconds": round(self.seconds, 1),
            "failed": self.failed,
        }

    def told(self) -> str:
        """The report for people."""
        lines = [
            f"{self.joined} of {self.people} phones joined, {self.answered} reached the lobby{_paced(self.join_ms)}.",
            f"{_count(self.rounds, 'round')}: {_count(self.cards_expected, 'card')} expected, "
            f"{self.cards_received} shown, {self.cards_with_reason} of them with a reason{_paced(self.card_ms)}.",
        ]
        if self.told_why:
            lines.append(f"{_count(self.told_why, 'phone')} had no card and said why.")
        lines.append(f"{_count(self.met, 'phone')} met somebody at least once.")
        if self.reconnects:
            lines.append(f"Sockets were lost and found again {_count(self.reconnects, 'time')}.")
        for title, sentences in (
            ("Phones that disagreed", self.disagreed),
            ("Cards that never came", self.missing),
            ("What went wrong", self.errors),
        ):
            lines.extend(_listed(title, sentences))
        return "\n".join([*lines, "Something went wrong." if self.failed else "Nothing went wrong."])


def spread(values: Sequence[float]) -> dict[str, float | None]:
    """Median, 95th and 99th percentile (nearest rank) and maximum, to a tenth; all None where there are no values."""
    ranked = sorted(values)
    return {name: _rank(ranked, share) for name, share in (("p50", 0.5), ("p95", 0.95), ("p99", 0.99), ("max", 1.0))}


def _rank(ranked: Sequence[float], share: float) -> float | None:
    return round(ranked[max(0, ceil(share * len(ranked)) - 1)], 1) if ranked else None


def _paced(values: Sequence[float]) -> str:
    figures = spread(values)
    if figures["p50"] is None:
        return ""
    half, most, longest = (f"{figures[name]:.0f} ms" for name in ("p50", "p99", "max"))
    return f" (half within {half}, 99 of 100 within {most}, all within {longest})"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _listed(title: str, sentences: Sequence[str]) -> list[str]:
    if not sentences:
        return []
    more = [f"  … and {len(sentences) - SHOWN} more."] if len(sentences) > SHOWN else []
    return [f"{title}:", *(f"  {sentence}" for sentence in sentences[:SHOWN]), *more]
