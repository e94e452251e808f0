"""Who meets whom: one round from profiles and history. The solver's only caller; no sentence is made here.

A round is better than another by the first of these in which they differ:

1. No pair that may not meet: such pairs are missing from the graph, whatever else they would be worth.
2. As many people placed as that allows; then fewest left out twice running; then, at an odd number, nobody over who
   asked for one-to-one; then the least sum of earlier times over those left out or over now; then the one over asked
   for a trio.
3. As few meetings as possible between people of one known field.
4. As many meetings as possible with a true reason for everybody in them.
5. The greatest sum of values. A meeting's value, 0 to 83 of 127:

   ====================================================  =====
   help both ways                                           50
   help one way                                             30
   a thread (fields not the same): 0.4 by its share here    1-15
   kept for other reasons                                   0-10
   fairness                                                  0-8
   ====================================================  =====

   Fairness: each person is owed 1 for every earlier meeting without a reason and every time over, at most 4, and 4 at
   once if their newest card was honest. A meeting adds what both are owed where help can flow, half of it (rounded
   down) where there is only a thread, nothing where there is no reason. A trio's value is that of its three pairs.

A private ask counts as help at 4 and 5 only where the two have a reason that stands without any private ask.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

import numpy as np
import rustworkx

from service.domain import affinity
from service.domain.profiles import History, Id, Profile
from service.domain.worth import Numbers, all_pairs, candidates, corners, most_meetings, worth

FULL_GRAPH = 400
MOST_VALUE = 127
MACHINE_INTEGER = 2**62
SOLVER_INTEGER = 2**126

Meetings = list[tuple[int, ...]]
Edges = list[tuple[int, int, int]]


@dataclass(frozen=True, slots=True)
class Pairing:
    """One round. ``over`` got the seat that an odd number leaves: third in the trio, named last, or left out."""

    groups: tuple[tuple[Id, ...], ...]
    left_out: tuple[Id, ...]
    over: Id | None


@dataclass(frozen=True, slots=True)
class Scale:
    """The levels below the number of people placed, as one integer per edge, to be summed.

    Every unit is greater than the sum of all lower parts over a whole matching of at most ``edges`` edges: values sum
    to at most 127 an edge, reasons and meetings across fields to at most ``edges``, the seat's wish for a trio and its
    one-to-one to at most 1, earlier times to at most ``earlier``, people left out last time to at most 2 an edge.
    All parts count what is good, since the number of edges is fixed before them: earlier times are those of people
    who are placed and not over. Raises OverflowError above 2^126, the solver's limit: 5,000 people with 2^40 earlier
    times stay below.
    """

    reason: int
    across: int
    trio: int
    earlier: int
    pair: int
    last: int
    total: int

    @classmethod
    def of(cls, edges: int, earlier: int) -> "Scale":
        """The units for matchings of at most ``edges`` edges among people with ``earlier`` times over in sum."""
        reason = MOST_VALUE * edges + 1
        across = reason * (edges + 1)
        trio = across * (edges + 1)
        times = trio * 2
        pair = times * (earlier + 1)
        last = pair * 2
        total = last * (2 * edges + 1)
        if total > SOLVER_INTEGER:
            raise OverflowError("too many people or earlier times for the solver's integers")
        return cls(reason, across, trio, times, pair, last, total)

    def meeting(self, value: Any, reason: Any, across: Any, earlier: Any, last: Any) -> Any:
        """The weight of a meeting, or of many at once as arrays."""
        return value + self.reason * reason + self.across * across + self.earlier * earlier + self.last * last

    def seat(self, wants_trio: Any, accepts_trio: Any, last: Any) -> Any:
        """The weight of being over."""
        return self.trio * wants_trio + self.pair * accepts_trio + self.last * last


def pair_up(people: Sequence[Profile], history: History, rng: Random) -> Pairing:
    """The best round for ``people`` (unique ids), by the levels above; ties fall as ``rng`` draws.

    Exact up to 400 people; above, exact among each person's candidates. Of an odd number one is over: they join
    the meeting that suits the three best, or are left out if no choice of whom is over finds a meeting to join.
    The order of ``people`` decides nothing but the order of the groups.
    """
    drawn = sorted(people, key=lambda person: repr(person.id))
    rng.shuffle(drawn)
    meetings, over = _Graph(drawn, history, rng).solved()
    turn = {person.id: index for index, person in enumerate(people)}
    pairs = [sorted((drawn[index].id for index in meeting[:2]), key=turn.__getitem__) for meeting in meetings]
    thirds = [[drawn[index].id for index in meeting[2:]] for meeting in meetings]
    groups = sorted((tuple(two + third) for two, third in zip(pairs, thirds, strict=True)), key=lambda g: turn[g[0]])
    placed = {person for group in groups for person in group}
    left_out = tuple(person.id for person in people if person.id not in placed)
    return Pairing(tuple(groups), left_out, None if over is None else drawn[over].id)


class _Graph:
    """The people of one round by number, who may meet, and what each meeting would be worth."""

    def __init__(self, people: Sequence[Profile], history: History, rng: Random) -> None:
        self.people = people
        self.rarity = affinity.rarity(people)
        self.over = [history.over.get(person.id, 0) for person in people]
        self.last = [int(person.id in history.left_out_last) for person in people]
        self.scale = Scale.of((len(people) + 1) // 2, sum(self.over))
        self.worth = worth(people, history, self.rarity)
        self.whole = len(people) <= FULL_GRAPH
        pairs = all_pairs(self.worth) if self.whole else candidates(self.worth, rng.getrandbits(64))
        self.edges = self._weighed(*pairs)

    def solved(self) -> tuple[Meetings, int | None]:
        """The meetings, a trio's third named last, and who was over."""
        seats = range(len(self.people)) if len(self.people) % 2 else range(0)
        meetings, over = self._solve(seats)
        if not self.whole and len(meetings) < most_meetings(self.worth, self.people):
            self.edges = self._weighed(*all_pairs(self.worth))
            meetings, over = self._solve(seats)
        return (meetings, over) if over is None else self._seated(meetings, over)

    def _seated(self, meetings: Meetings, over: int) -> tuple[Meetings, int]:
        """With the one over in a meeting; else with others over in turn; else the first one stays left out.

        Whoever is in no triangle of people who may all meet cannot join, so they are not tried. A seat that costs a
        meeting is not taken: it would leave out more people than it places.
        """
        trio = self._joined(meetings, over)
        first, most = (meetings, over), len(meetings)
        seats = set() if trio else set(corners(self.worth)) - {over}
        while seats and not trio:
            meetings, seated = self._solve(sorted(seats))
            if seated is None or len(meetings) < most:
                break
            over, trio = seated, self._joined(meetings, seated)
            seats.remove(seated)
        return (trio, over) if trio else first

    def _solve(self, seats: Sequence[int]) -> tuple[Meetings, int | None]:
        """The best meetings, and who of ``seats`` is over."""
        seat = len(self.people)
        graph = rustworkx.PyGraph()
        graph.add_nodes_from(range(seat + 1))
        graph.add_edges_from(self.edges)
        graph.add_edges_from([(person, seat, self._over(person)) for person in seats])
        matched = rustworkx.max_weight_matching(graph, max_cardinality=True, weight_fn=int)
        pairs = sorted((min(pair), max(pair)) for pair in matched)
        return [pair for pair in pairs if pair[1] != seat], next((pair[0] for pair in pairs if pair[1] == seat), None)

    def _over(self, person: int) -> int:
        prefers = self.people[person].prefers
        return int(self.scale.seat(prefers == "trio", prefers != "pair", self.last[person]))

    def _joined(self, meetings: Meetings, over: int) -> Meetings | None:
        """The meetings with the one over added to the best that takes them, or None if none does."""
        free = self.worth.allowed[over]
        takers = [meeting for meeting in meetings if free[meeting[0]] and free[meeting[1]]]
        if not takers:
            return None
        best = min(takers, key=lambda meeting: self._cost((*meeting, over)))
        return [(*meeting, over) if meeting == best else meeting for meeting in meetings]

    def _cost(self, trio: tuple[int, ...]) -> tuple[int, ...]:
        """What speaks against a trio, gravest first; at last, that it does not mend a meeting of one field."""
        one, other, third = trio
        people = [self.people[number] for number in trio]
        reasons = affinity.reasons(people, self.rarity).values()
        return (
            sum(person.prefers == "pair" for person in people),
            sum(self.over[number] for number in trio),
            affinity.same_field(people),
            any(reason.kind == affinity.HONEST for reason in reasons),
            -sum(int(self.worth.value[pair]) for pair in ((one, other), (one, third), (other, third))),
            -int(self.worth.same[one, other]),
        )

    def _weighed(self, first: Numbers, second: Numbers) -> Edges:
        """The edges between ``first`` and ``second`` as the solver takes them."""
        number = np.int64 if self.scale.total < MACHINE_INTEGER else object
        over, last = np.array(self.over, dtype=number), np.array(self.last, dtype=number)
        levels = (self.worth.value, self.worth.reason, ~self.worth.same)
        parts: list[Numbers] = [level[first, second].astype(number) for level in levels]
        parts += [over[first] + over[second], last[first] + last[second]]
        weights = self.scale.meeting(*parts)
        return list(zip(first.tolist(), second.tolist(), weights.tolist(), strict=True))
