"""The best round by trying every one: slow, plain, and written without a look into the matcher."""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import combinations

from service.domain.profiles import History, Id, Profile

Pair = tuple[Profile, Profile]
Groups = frozenset[frozenset[Id]]
Round = tuple[Groups, Id | None]
"""Who sits together, and who was over."""


class Oracle:
    """All the rounds that are right for these people after this history."""

    def __init__(self, people: Sequence[Profile], history: History) -> None:
        self.people = list(people)
        self.history = history
        self.shares = Counter(passion for person in people for passion in person.passions)

    def rounds(self) -> set[Round]:
        """Every acceptable round: the optimum and what ties with it, by the trio's procedure at an odd number."""
        if len(self.people) % 2 == 0:
            scored = [(self.good(meetings), meetings) for meetings in self.matchings(self.people)]
            best = max((score for score, _ in scored), default=())
            return {(grouped(meetings), None) for score, meetings in scored if score == best}
        firsts = self.best_with_one_over(frozenset())
        most = max(len(meetings) for meetings, _ in firsts)
        return {found for meetings, over in firsts for found in self.settled(meetings, over, most)}

    def levels(self, round_: Round) -> tuple[int, ...]:
        """What a round reaches at levels 1 to 4, for a message: forbidden pairs, placed, one field, with a reason."""
        groups = [[person for person in self.people if person.id in group] for group in round_[0]]
        forbidden = sum(not self.allowed(*pair) for group in groups for pair in combinations(group, 2))
        one_field = sum(len({person.field for person in group}) == 1 and group[0].field is not None for group in groups)
        return forbidden, sum(map(len, groups)), one_field, sum(self.all_have_a_reason(group) for group in groups)

    def most_placed(self) -> int:
        """How many people could sit somewhere if one trio were free to be anywhere (odd numbers only)."""
        most = 0
        for meetings in self.matchings(self.people):
            placed = {person.id for pair in meetings for person in pair}
            free = [person for person in self.people if person.id not in placed]
            trio = any(self.takes(pair, person) for pair in meetings for person in free)
            most = max(most, len(placed) + (trio and len(self.people) % 2))
        return most

    # --- matchings

    def matchings(self, people: Sequence[Profile]) -> Iterator[list[Pair]]:
        """Every set of meetings among ``people``, however few."""
        if not people:
            yield []
            return
        first, *rest = people
        yield from self.matchings(rest)
        for other in rest:
            if self.allowed(first, other):
                left = [person for person in rest if person is not other]
                yield from ([(first, other), *meetings] for meetings in self.matchings(left))

    def best_with_one_over(self, refused: frozenset[Id]) -> list[tuple[list[Pair], Profile]]:
        """The best matchings of the others, for the best choices of who is over."""
        scored = [
            (self.good(meetings, over), meetings, over)
            for over in self.people
            if over.id not in refused
            for meetings in self.matchings([person for person in self.people if person is not over])
        ]
        best = max((score for score, _, _ in scored), default=())
        return [(meetings, over) for score, meetings, over in scored if score == best]

    def settled(self, first: list[Pair], over: Profile, most: int) -> set[Round]:
        """The rounds that follow from this first choice of who is over."""
        ends: set[Round] = set()
        seen = set()
        ahead = [(first, over, frozenset([over.id]))]
        while ahead:
            meetings, one, refused = ahead.pop()
            joined = self.joined(meetings, one)
            ends |= joined
            if joined or refused in seen:
                continue
            seen.add(refused)
            again = [(more, next_) for more, next_ in self.best_with_one_over(refused) if len(more) == most]
            if not again:
                ends.add((grouped(first), over.id))
            ahead += [(more, next_, refused | {next_.id}) for more, next_ in again]
        return ends

    def joined(self, meetings: list[Pair], over: Profile) -> set[Round]:
        """The rounds in which ``over`` joins the meeting that suits the three best."""
        takers = [pair for pair in meetings if self.takes(pair, over)]
        best = max((self.good_trio([*pair, over]) for pair in takers), default=())
        return {
            (
                grouped([pair for pair in meetings if pair is not taker]) | {frozenset(p.id for p in (*taker, over))},
                over.id,
            )
            for taker in takers
            if self.good_trio([*taker, over]) == best
        }

    # --- what is good

    def good(self, meetings: list[Pair], over: Profile | None = None) -> tuple[int, ...]:
        """Levels 2 to 5; greater is better."""
        placed = {person.id for pair in meetings for person in pair} | ({over.id} if over else set())
        left_out = [person.id for person in self.people if person.id not in placed]
        earlier = self.earlier([*left_out, *([over.id] if over else [])])
        return (
            len(placed),
            -sum(person in self.history.left_out_last for person in left_out),
            -(over is not None and over.prefers == "pair"),
            -earlier,
            over is not None and over.prefers == "trio",
            -sum(self.one_field(*pair) for pair in meetings),
            sum(self.all_have_a_reason(pair) for pair in meetings),
            sum(self.value(*pair) for pair in meetings),
        )

    def good_trio(self, three: list[Profile]) -> tuple[int, ...]:
        return (
            -sum(person.prefers == "pair" for person in three),
            -self.earlier([person.id for person in three]),
            -all(self.one_field(*pair) for pair in combinations(three, 2)),
            self.all_have_a_reason(three),
            sum(self.value(*pair) for pair in combinations(three, 2)),
        )

    def earlier(self, ids: Sequence[Id]) -> int:
        return sum(self.history.over.get(one, 0) for one in ids)

    def allowed(self, one: Profile, other: Profile) -> bool:
        if frozenset((one.id, other.id)) in self.history.barred or not (one.phone or other.phone):
            return False
        if one.languages and other.languages and not one.languages & other.languages:
            return False
        return one.place is None or other.place is None or one.place == other.place

    def takes(self, pair: Pair, third: Profile) -> bool:
        return self.allowed(pair[0], third) and self.allowed(pair[1], third)

    @staticmethod
    def one_field(one: Profile, other: Profile) -> bool:
        return one.field is not None and one.field == other.field

    @staticmethod
    def helps(helper: Profile, asker: Profile) -> bool:
        return bool(helper.offers & (asker.asks - asker.private_asks))

    def open_reason(self, one: Profile, other: Profile) -> bool:
        return self.helps(one, other) or self.helps(other, one) or self.thread(one, other) > 0

    def all_have_a_reason(self, group: Sequence[Profile]) -> bool:
        """Everybody has one with somebody; a private ask helps whoever asked if the helper has an open one."""
        open_one = {p.id: any(self.open_reason(p, o) for o in group if o is not p) for p in group}
        return all(
            open_one[p.id] or any(open_one[o.id] and o.offers & p.private_asks for o in group if o is not p)
            for p in group
        )

    def thread(self, one: Profile, other: Profile) -> int:
        """0.4 over the share of the people who have the rarest passion that both have, between 1 and 15."""
        if self.one_field(one, other):
            return 0
        points = [len(self.people) * 2 // (self.shares[passion] * 5) for passion in one.passions & other.passions]
        return max((min(15, max(1, point)) for point in points), default=0)

    def value(self, one: Profile, other: Profile) -> int:
        """Help 50 or 30, a thread up to 15, fairness up to 8."""
        private = self.open_reason(one, other)
        flows = [
            self.helps(helper, asker) or (private and bool(helper.offers & asker.private_asks))
            for helper, asker in ((one, other), (other, one))
        ]
        fair = self.owed(one) + self.owed(other)
        if any(flows):
            return (50 if all(flows) else 30) + self.thread(one, other) + fair
        return self.thread(one, other) + fair // 2 if self.thread(one, other) else 0

    def owed(self, person: Profile) -> int:
        if person.id in self.history.honest_last:
            return 4
        return min(4, self.history.weaker.get(person.id, 0) + self.history.over.get(person.id, 0))


def grouped(meetings: Sequence[Pair]) -> Groups:
    return frozenset(frozenset(person.id for person in pair) for pair in meetings)
