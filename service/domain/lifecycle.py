"""States of Event, Attendee and Meeting and the moves between them, as tables. Nothing else may assign a state."""

from enum import StrEnum
from typing import Any, Protocol

from service.domain.errors import NotNow
from service.domain.language import _


class EventState(StrEnum):
    """What an event is doing. An ended event stays ended."""

    draft = "draft"
    open = "open"
    live = "live"
    ended = "ended"


class AttendeeState(StrEnum):
    """What a person is doing; it is also the name of the screen they see."""

    answering = "answering"
    waiting = "waiting"
    matched = "matched"
    talking = "talking"
    thanking = "thanking"
    paused = "paused"
    left = "left"
    over = "over"


class MeetingState(StrEnum):
    """Suggested: two people look for each other. Found: they talk."""

    suggested = "suggested"
    found = "found"
    ended = "ended"


class Ending(StrEnum):
    """How a meeting ended. Never shown to a partner, who sees one neutral line."""

    done = "done"
    not_found = "not-found"
    exit = "exit"
    over = "over"


AVAILABLE = frozenset({AttendeeState.waiting, AttendeeState.thanking})
"""Who can be matched when a round starts (design decision 3)."""

MEETING = frozenset({AttendeeState.matched, AttendeeState.talking})
"""Who sits in an open meeting."""

_E, _A, _M = EventState, AttendeeState, MeetingState
_AWAY = {_A.paused, _A.left, _A.over}

MOVES: dict[StrEnum, set[Any]] = {
    _E.draft: {_E.open, _E.ended},
    _E.open: {_E.live, _E.ended},
    _E.live: {_E.ended},
    _E.ended: set(),
    _A.answering: {_A.waiting, *_AWAY},
    _A.waiting: {_A.matched, *_AWAY},
    _A.matched: {_A.talking, _A.waiting, *_AWAY},
    _A.talking: {_A.thanking, _A.waiting, *_AWAY},
    _A.thanking: {_A.waiting, _A.matched, *_AWAY},
    _A.paused: {_A.answering, _A.waiting, _A.left, _A.over},
    _A.left: {_A.answering, _A.waiting, _A.over},
    _A.over: set(),
    _M.suggested: {_M.found, _M.ended},
    _M.found: {_M.ended},
    _M.ended: set(),
}


class Stateful(Protocol):
    """Anything whose state this module governs."""

    state: Any


def move(thing: Stateful, to: StrEnum) -> None:
    """Assign a state: the only place that does. Raises NotNow where the table has no such move."""
    if to not in MOVES[thing.state]:
        raise NotNow(_("That is not possible right now. Here is where you are."))
    thing.state = to
