"""States and the moves between them."""

from dataclasses import dataclass
from enum import StrEnum
from itertools import product

import pytest

from service.domain.errors import NotNow
from service.domain.lifecycle import AVAILABLE, MOVES, AttendeeState, EventState, MeetingState, move


@dataclass
class Thing:
    state: StrEnum


@pytest.mark.parametrize("states", [EventState, AttendeeState, MeetingState])
def test_every_move_is_either_in_the_table_or_refused(states: type[StrEnum]) -> None:
    for start, to in product(states, states):
        thing = Thing(start)
        if to in MOVES[start]:
            move(thing, to)
            assert thing.state == to
        else:
            with pytest.raises(NotNow):
                move(thing, to)
            assert thing.state == start


def test_what_is_over_stays_over() -> None:
    assert not MOVES[EventState.ended]
    assert not MOVES[AttendeeState.over]
    assert not MOVES[MeetingState.ended]


def test_everybody_can_pause_leave_and_be_at_the_end_from_wherever_they_are() -> None:
    for state in set(AttendeeState) - {AttendeeState.over, AttendeeState.left, AttendeeState.paused}:
        assert {AttendeeState.paused, AttendeeState.left, AttendeeState.over} <= MOVES[state]


def test_only_who_waits_or_still_thanks_is_available() -> None:
    assert {AttendeeState.waiting, AttendeeState.thanking} == AVAILABLE
    assert all(AttendeeState.matched in MOVES[state] for state in AVAILABLE)
