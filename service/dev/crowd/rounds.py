"""One round as the phones saw it: who expected a card, who got it, how fast, and who disagrees. Starts nothing."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from time import perf_counter

from service.dev.crowd.page import Screen
from service.dev.crowd.phone import Phone
from service.dev.crowd.report import Report
from service.dev.crowd.sight import AVAILABLE, MEETING, Card

EARLIER = frozenset({"welcome", "between", "returned", "not-found", "neutral", "stepped-away"})
"""Reasons that speak of what was before the round, and so explain no missing card."""
_LOOK = 0.05


@dataclass(frozen=True, slots=True)
class Clocks:
    """How long a run waits for what, in seconds.

    ``agree``: when phones of a pair are compared; ``late``: a card after that is an error; ``missing``: it never
    came; ``met``: until everybody has found each other, beside the time they talk; ``ready``: until all show the
    lobby; ``begin``: until somebody else starts a round.
    """

    agree: float = 2.0
    late: float = 5.0
    missing: float = 10.0
    met: float = 60.0
    ready: float = 60.0
    begin: float = 300.0


class Watch:
    """One round from its start at ``began`` (perf_counter). ``expected``: who showed the lobby then, and what."""

    def __init__(self, number: int, began: float, phones: Sequence[Phone], expected: Mapping[Phone, Screen]) -> None:
        self.number = number
        self.began = began
        self.phones = phones
        self.expected = dict(expected)
        self.disagreed: list[str] = []
        self._told: dict[Phone, str] = {}

    async def follow(self, clocks: Clocks) -> None:
        """Until everybody has a card or a reason, or it is too late. Compares the phones on the way."""
        comparing = asyncio.create_task(self._compare(clocks.agree))
        await until(self.settled, self.began + clocks.missing)
        await comparing

    async def until_met(self, clocks: Clocks, meet: float) -> list[Phone]:
        """Until nobody is looking for anybody or talking; who still was at the end."""
        await until(lambda: not self._meeting(), perf_counter() + clocks.met + meet)
        return self._meeting()

    def card(self, phone: Phone) -> Card | None:
        """The first card this phone got in this round."""
        return next((card for card in phone.sight.cards if card.at >= self.began), None)

    def why(self, phone: Phone) -> str:
        """The kind of reason its screen gives for having no card in this round, or nothing."""
        screen = phone.sight.screen
        if screen is None or screen.state not in AVAILABLE or screen.because in EARLIER:
            return ""
        return screen.because

    def settled(self) -> bool:
        """Whether everybody expected has had a card or a reason."""
        return self.answered() == len(self.expected)

    def answered(self) -> int:
        """How many of those expected have had a card or a reason by now."""
        for phone in self.expected:
            if (why := self.why(phone)) and not self.card(phone):
                self._told.setdefault(phone, why)
        return sum(phone in self._told or self.card(phone) is not None for phone in self.expected)

    def write(self, report: Report, clocks: Clocks) -> None:
        """Add this round's figures to the report."""
        report.rounds += 1
        report.cards_expected += len(self.expected)
        report.disagreed += self.disagreed
        for phone in self.expected:
            self._write_one(report, phone, clocks)

    def _write_one(self, report: Report, phone: Phone, clocks: Clocks) -> None:
        card, why = self.card(phone), self._told.get(phone)
        took = card.at - self.began if card else 0.0
        if card and took <= clocks.missing:
            report.cards_received += 1
            report.cards_with_reason += card.reason != "honest"
            report.card_ms.append(took * 1000)
            if took > clocks.late and not why:
                report.late.append(f"The card of number {card.number} in round {self.number} came after {took:.1f} s.")
                report.errors.append(report.late[-1])
        elif why:
            report.told_why += 1
            report.why[why] += 1
        else:
            report.missing.append(
                f"{phone.label} showed no card {clocks.missing:.0f} s after round {self.number} began."
            )

    async def _compare(self, after: float) -> None:
        await asyncio.sleep(max(0.0, self.began + after - perf_counter()))
        self.disagreed = disagreements(self._shown())

    def _shown(self) -> dict[int, Card | None]:
        """By number, what each connected phone shows: its card, or None where it says that there is nobody."""
        shown: dict[int, Card | None] = {}
        for phone in self.phones:
            number, card = phone.sight.number, self._latest(phone)
            if number is not None and phone.connected and (card or (phone in self.expected and self.why(phone))):
                shown[number] = card
        return shown

    def _latest(self, phone: Phone) -> Card | None:
        """The card on its screen, or the last one it had in this round."""
        cards = phone.sight.cards
        current = cards and (cards[-1].at >= self.began or phone.sight.state in MEETING)
        return cards[-1] if current else None

    def _meeting(self) -> list[Phone]:
        ours = {phone.sight.number for phone in self.phones if not phone.over}
        return [
            phone
            for phone in self.phones
            if not phone.over and phone.sight.state in MEETING and ours.issuperset(phone.sight.cards[-1].partners)
        ]


def lobby(phones: Sequence[Phone]) -> dict[Phone, Screen]:
    """Who shows the lobby right now, and with which screen: these expect a card when a round starts."""
    now = ((phone, phone.sight.screen) for phone in phones if not phone.over)
    return {phone: screen for phone, screen in now if screen and screen.state in AVAILABLE}


async def next_round(number: int, phones: Sequence[Phone], clocks: Clocks) -> Watch | None:
    """The next round that somebody else starts, followed like ours; None if none begins in time.

    It begins with the first card on any phone. Cards for less than half the lobby are late pairs, no round.
    """
    deadline = perf_counter() + clocks.begin
    while perf_counter() < deadline and not all(phone.over for phone in phones):
        since, waiting = perf_counter(), lobby(phones)
        await asyncio.sleep(_LOOK)
        fresh = [card.at for phone in waiting for card in phone.sight.cards[-1:] if card.at >= since]
        if fresh:
            watch = Watch(number, min(fresh), phones, waiting)
            await until(watch.settled, watch.began + clocks.agree)
            if watch.answered() * 2 >= len(waiting):
                await watch.follow(clocks)
                return watch
    return None


async def until(true: Callable[[], bool], deadline: float) -> bool:
    """Look again and again until something is true; False if it is not by the deadline (perf_counter)."""
    while not true():
        if perf_counter() >= deadline:
            return False
        await asyncio.sleep(_LOOK)
    return True


def disagreements(shown: Mapping[int, Card | None]) -> list[str]:
    """One sentence for each pair of phones that disagree; a phone is counted in one pair only.

    ``shown`` is what each phone shows, None where it says that it has nobody; a phone left out says nothing yet.
    Two phones disagree when one names the other and the other does not name it, or when they name each other
    but show different meetings or signals.
    """
    odd = [(mine, theirs) for mine in shown for theirs in _named(shown[mine]) if _at_odds(shown, mine, theirs)]
    odd.sort(key=lambda two: not _same_meeting(shown[two[0]], shown[two[1]]))
    counted: set[int] = set()
    sentences = []
    for mine, theirs in odd:
        if not counted & {mine, theirs}:
            counted |= {mine, theirs}
            sentences.append(_told(shown, mine, theirs))
    return sentences


def _named(card: Card | None) -> tuple[int, ...]:
    return card.partners if card else ()


def _at_odds(shown: Mapping[int, Card | None], mine: int, theirs: int) -> bool:
    if theirs not in shown:
        return False
    a, b = shown[mine], shown[theirs]
    return mine not in _named(b) or not _same_meeting(a, b) or (a and a.signal) != (b and b.signal)


def _same_meeting(one: Card | None, other: Card | None) -> bool:
    return bool(one and other and one.meeting == other.meeting)


def _told(shown: Mapping[int, Card | None], mine: int, theirs: int) -> str:
    other = shown[theirs]
    if other is None:
        return f"Number {mine} is to meet number {theirs}, who is told that there is nobody."
    if mine in other.partners:
        return f"Numbers {mine} and {theirs} are to meet, but not by the same sign."
    names = " and ".join(map(str, other.partners))
    return f"Number {mine} is to meet number {theirs}, who is to meet number {names}."
