"""What two people could be to each other: help, a thread, distance of fields. No solver and no sentence lives here."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from service.domain.profiles import Id, Profile

HELP_BOTH, HELP, PRIVATE_HELP, THREAD, HONEST = KINDS = ("help-both", "help", "private-help", "thread", "honest")
"""The kinds of reason, strongest first. Honest is what is said when there is none."""

BOTH_WAYS = 50
ONE_WAY = 30
RAREST_THREAD = 15
MOST_OWED = 4


@dataclass(frozen=True, slots=True)
class Rarity:
    """How common answers are in one round: how many share a passion and offer a topic, of how many people."""

    people: int
    sharers: Mapping[str, int]
    helpers: Mapping[str, int]

    def points(self, passion: str) -> int:
        """What a shared passion is worth by the share s of people who have it: 0.4 / s, from 15 down to 1."""
        return max(1, min(RAREST_THREAD, 2 * self.people // (5 * self.sharers[passion])))


@dataclass(frozen=True, slots=True)
class Reason:
    """Why the reader meets ``about``: a true sentence waiting for its words.

    ``gives`` is the topic the reader can help with, ``gets`` the topic the reader asked for, ``thread`` the shared
    passion; ``apart`` says that both fields are known and different. All empty where ``kind`` is honest.
    """

    kind: str
    about: Id | None = None
    gives: str | None = None
    gets: str | None = None
    thread: str | None = None
    apart: bool = False


def rarity(people: Sequence[Profile]) -> Rarity:
    """Count the passions and offers of everybody in the round, once for all its meetings."""
    return Rarity(
        len(people),
        sharers=Counter(passion for person in people for passion in person.passions),
        helpers=Counter(topic for person in people for topic in person.offers),
    )


def may_meet(one: Profile, other: Profile) -> bool:
    """Whether they have a language, a place and a phone between them. What happened before is not looked at."""
    languages = not one.languages or not other.languages or not one.languages.isdisjoint(other.languages)
    places = one.place is None or other.place is None or one.place == other.place
    return languages and places and (one.phone or other.phone)


def same_field(group: Sequence[Profile]) -> bool:
    """Whether everybody's field is known and it is one field. An unknown field makes it neither same nor different."""
    return group[0].field is not None and len({person.field for person in group}) == 1


def reasons(group: Sequence[Profile], room: Rarity) -> dict[Id, Reason]:
    """The strongest true reason of each person with somebody else of the group.

    A thread needs fields that differ or are not known. A private ask is looked at last, and only where the helper's
    own card has a reason that stands without any private ask: nobody's card changes by what another asked in private.
    """
    shown = {
        reader.id: _best([_open(reader, other, room) for other in group if other is not reader]) for reader in group
    }
    return {reader.id: _with_private_ask(reader, group, shown, room) for reader in group}


def _open(reader: Profile, other: Profile, room: Rarity) -> Reason:
    """The strongest reason from what both may see."""
    gives = _topic(reader.offers & other.open_asks, room)
    gets = _topic(other.offers & reader.open_asks, room)
    if gives or gets:
        return Reason(HELP_BOTH if gives and gets else HELP, other.id, gives=gives, gets=gets)
    shared = reader.passions & other.passions
    if not shared or same_field((reader, other)):
        return Reason(HONEST)
    thread = min(shared, key=lambda passion: (room.sharers[passion], passion))
    return Reason(THREAD, other.id, thread=thread, apart=reader.field is not None and other.field is not None)


def _topic(topics: frozenset[str], room: Rarity) -> str | None:
    """The one that fewest people offer."""
    return min(topics, key=lambda topic: (room.helpers[topic], topic), default=None)


def _best(found: Sequence[Reason]) -> Reason:
    return min(found, key=lambda reason: KINDS.index(reason.kind), default=Reason(HONEST))


def _with_private_ask(reader: Profile, group: Sequence[Profile], shown: Mapping[Id, Reason], room: Rarity) -> Reason:
    if not reader.private_asks or shown[reader.id].kind in (HELP_BOTH, HELP):
        return shown[reader.id]
    helpers = [other for other in group if other is not reader and shown[other.id].kind != HONEST]
    found = [(_topic(other.offers & reader.private_asks, room), other.id) for other in helpers]
    private = [Reason(PRIVATE_HELP, helper, gets=topic) for topic, helper in found if topic]
    return _best([*private, shown[reader.id]])
