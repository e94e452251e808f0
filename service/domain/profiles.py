"""What the matcher knows of a person. No name, no status, nothing that was not answered."""

from collections.abc import Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import combinations

from service.domain.questions import IN_BETWEEN

Id = Hashable


@dataclass(frozen=True, slots=True)
class Profile:
    """One person as the matcher sees them.

    ``id`` is any hashable; ``field`` None means not known (or in between things).
    ``asks`` are open to be shown, ``private_asks`` only to whoever asked them.
    ``languages`` empty fits everybody; ``place`` is the spot a person is bound to.
    ``prefers`` is "pair", "trio" or None. Option ids everywhere, never free text.
    """

    id: Id
    field: str | None = None
    passions: frozenset[str] = frozenset()
    offers: frozenset[str] = frozenset()
    asks: frozenset[str] = frozenset()
    private_asks: frozenset[str] = frozenset()
    values: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    phone: bool = True
    prefers: str | None = None
    place: str | None = None

    @property
    def open_asks(self) -> frozenset[str]:
        """The asks a partner may see. What was asked both ways is private."""
        return self.asks - self.private_asks


@dataclass(slots=True)
class History:
    """What happened before in this event, as far as a good round depends on it.

    ``barred`` holds frozensets of two ids that must not meet: stepped away from each other, know each
    other, came together, met or suggested before. ``over`` counts, per id, earlier times left out or
    third in a trio; ``left_out_last`` holds who was left out in the newest round. ``weaker`` counts,
    per id, earlier meetings without a reason (fairness); ``honest_last`` holds whose newest card was honest.
    """

    barred: set[frozenset[Id]] = field(default_factory=set)
    over: dict[Id, int] = field(default_factory=dict)
    left_out_last: set[Id] = field(default_factory=set)
    weaker: dict[Id, int] = field(default_factory=dict)
    honest_last: set[Id] = field(default_factory=set)

    def remember(
        self, groups: Iterable[tuple[Id, ...]], left_out: Iterable[Id], over: Id | None, kinds: Mapping[Id, str]
    ) -> None:
        """Add one round: who met, who was left out or over, and the kind of reason on each card."""
        self.left_out_last = set(left_out)
        for group in groups:
            self.barred.update(frozenset(pair) for pair in combinations(group, 2))
        for person in self.left_out_last | ({over} if over is not None else set()):
            self.over[person] = self.over.get(person, 0) + 1
        honest = {person for person, kind in kinds.items() if kind == "honest"}
        for person in honest:
            self.weaker[person] = self.weaker.get(person, 0) + 1
        self.honest_last = (self.honest_last - kinds.keys()) | honest


def profile(person: Id, answers: Iterable[tuple[str, Collection[str], bool]]) -> Profile:
    """One person's profile from their answers: question, chosen option ids, and whether only the matcher may use them.

    Being in between things is a field not known; only asks can be private.
    """
    chosen = {question: (frozenset(values), private) for question, values, private in answers}
    none: tuple[frozenset[str], bool] = (frozenset(), False)
    asks, private = chosen.get("ask", none)
    return Profile(
        person,
        field=min(chosen.get("field", none)[0] - {IN_BETWEEN}, default=None),
        passions=chosen.get("passion", none)[0],
        offers=chosen.get("offer", none)[0],
        asks=frozenset() if private else asks,
        private_asks=asks if private else frozenset(),
    )
