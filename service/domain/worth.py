"""What every two people of a round are worth to each other, as arrays over all pairs. Nobody is matched here."""

from collections.abc import Collection, Hashable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from service.domain import affinity
from service.domain.profiles import History, Profile

BEST, SAME_FIELD, RANDOM = 16, 8, 8
"""How many candidates of each sort a person has in a large round."""

Bits = NDArray[np.bool_]
Numbers = NDArray[Any]


@dataclass(frozen=True, slots=True)
class Worth:
    """Square arrays, symmetric, by people's numbers.

    ``allowed``: they may meet. ``same``: both of one known field. ``reason``: both cards would have a true reason.
    ``value``: 0 to 83, by the table in ``matching``.
    """

    allowed: Bits
    same: Bits
    reason: Bits
    value: Numbers


def worth(people: Sequence[Profile], history: History, rarity: affinity.Rarity) -> Worth:
    """All pairs of ``people`` (unique ids), worth what ``affinity`` says of them two by two."""
    same = _alike([person.field for person in people])
    threads = _threads(people, rarity)
    threads[same] = 0
    offers = [person.offers for person in people]
    helps = _meet(offers, [person.open_asks for person in people])
    reason: Bits = helps | helps.T | (threads > 0)
    helps |= _meet(offers, [person.private_asks for person in people]) & reason
    one_way, both_ways = helps | helps.T, helps & helps.T
    owed = np.array([_owed(person, history) for person in people], dtype=np.int16)
    fair = owed[:, None] + owed
    more = np.int16(affinity.BOTH_WAYS - affinity.ONE_WAY)
    value = threads + np.int16(affinity.ONE_WAY) * one_way + more * both_ways
    value += fair * one_way + (fair >> 1) * (reason & ~one_way)
    return Worth(_allowed(people, history), same, reason, value)


def all_pairs(of: Worth) -> tuple[Numbers, Numbers]:
    """Every pair that may meet, lower number first."""
    first, second = np.nonzero(np.triu(of.allowed))
    return first, second


def candidates(of: Worth, seed: int) -> tuple[Numbers, Numbers]:
    """For each person the 16 best partners, the 8 best of their own field and 8 drawn, among those they may meet."""
    people = len(of.allowed)
    luck = np.random.default_rng(seed).integers(0, 1 << 16, (people, people), dtype=np.int32)
    luck -= ~of.allowed * np.int32(1 << 30)
    rank = ((~of.same).astype(np.int32) << 8 | of.reason.astype(np.int32) << 7 | of.value) * (1 << 16) + luck
    near = [_top(rank, BEST), _top(luck, RANDOM), *_neighbours(of.same, rank)]
    first, second = (np.concatenate(parts) for parts in zip(*near, strict=True))
    codes = np.unique(np.minimum(first, second) * people + np.maximum(first, second))
    return codes // people, codes % people


def most_meetings(of: Worth, people: Sequence[Profile]) -> int:
    """How many meetings there can be at most: half of each connected part, and one phone in each meeting."""
    meetings, unseen = 0, np.ones(len(people), dtype=bool)
    while unseen.any():
        part = np.zeros(len(people), dtype=bool)
        front = part.copy()
        front[unseen.argmax()] = True
        while front.any():
            part |= front
            front = of.allowed[front].any(axis=0) & ~part
        unseen &= ~part
        meetings += int(part.sum()) // 2
    return min(meetings, sum(person.phone for person in people))


def corners(of: Worth) -> list[int]:
    """Who is in a triangle of people who may all meet; nobody else can be in a trio."""
    edges = of.allowed.astype(np.float32)
    return [int(number) for number in np.flatnonzero((edges @ edges * edges).any(axis=1))]


def _threads(people: Sequence[Profile], rarity: affinity.Rarity) -> Numbers:
    """Points of the rarest passion of each two, 0 where they share none."""
    holders = _givers([person.passions for person in people])
    points = np.zeros((len(people), len(people)), dtype=np.int16)
    for passion in sorted(holders, key=rarity.points):
        points[np.ix_(holders[passion], holders[passion])] = rarity.points(passion)
    return points


def _owed(person: Profile, history: History) -> int:
    if person.id in history.honest_last:
        return affinity.MOST_OWED
    return min(affinity.MOST_OWED, history.weaker.get(person.id, 0) + history.over.get(person.id, 0))


def _allowed(people: Sequence[Profile], history: History) -> Bits:
    """What ``affinity.may_meet`` says of each two, and no bar."""
    languages = [person.languages for person in people]
    places = [person.place for person in people]
    allowed = _meet(languages, languages) | _either([not known for known in languages])
    allowed &= _alike(places) | _either([place is None for place in places])
    allowed &= _either([person.phone for person in people])
    np.fill_diagonal(allowed, False)
    number = {person.id: index for index, person in enumerate(people)}
    for pair in history.barred:
        known = [number[person] for person in pair if person in number]
        if len(known) == 2:
            allowed[known, known[::-1]] = False
    return allowed


def _alike(answers: Sequence[Hashable | None]) -> Bits:
    """Which two gave one answer; None is no answer."""
    codes = {answer: code for code, answer in enumerate(dict.fromkeys(answers)) if answer is not None}
    column = np.array([codes.get(answer, -1) for answer in answers], dtype=np.int32)
    alike: Bits = (column[:, None] == column) & (column >= 0)
    return alike


def _either(holds: Sequence[bool]) -> Bits:
    column = np.array(holds, dtype=bool)
    either: Bits = column[:, None] | column
    return either


def _meet(answers: Sequence[Collection[str]], others: Sequence[Collection[str]]) -> Bits:
    """Which row gave an answer, in ``answers``, that the column gave in ``others``."""
    columns = _givers(others)
    share = np.zeros((len(answers), len(others)), dtype=bool)
    for answer, rows in _givers(answers).items():
        if answer in columns:
            share[np.ix_(rows, columns[answer])] = True
    return share


def _givers(answers: Sequence[Collection[str]]) -> dict[str, list[int]]:
    """The numbers of the people who gave each answer."""
    givers: dict[str, list[int]] = {}
    for number, given in enumerate(answers):
        for answer in given:
            givers.setdefault(answer, []).append(number)
    return givers


def _neighbours(same: Bits, rank: Numbers) -> Iterator[tuple[Numbers, Numbers]]:
    """The best of their own field for everybody, field by field."""
    for head in np.flatnonzero(same.any(axis=1) & ~np.triu(same, 1).any(axis=0)):
        members = np.flatnonzero(same[head])
        rows, chosen = _top(rank[np.ix_(members, members)], SAME_FIELD)
        yield members[rows], members[chosen]


def _top(rank: Numbers, count: int) -> tuple[Numbers, Numbers]:
    """Each row's ``count`` greatest entries that are not negative, as pairs."""
    count = min(count, len(rank))
    chosen = np.argpartition(rank, -count, axis=1)[:, -count:]
    rows = np.repeat(np.arange(len(rank)), count)
    kept = rank[rows, chosen.ravel()] >= 0
    return rows[kept], chosen.ravel()[kept]
