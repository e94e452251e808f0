"""Starting and ending a round."""

from datetime import timedelta

from sqlalchemy import func
from sqlmodel import col, select

from service.actions import pairing
from service.actions.seating import begin_talking, close_meeting, seated
from service.actions.turn import Turn
from service.domain.errors import NotNow
from service.domain.language import _
from service.domain.lifecycle import AttendeeState, Ending, EventState, MeetingState, move
from service.models import Meeting, Round


def start(turn: Turn) -> None:
    """Begin the next round and match everybody who is free. The first one makes the event live, for good."""
    if turn.event.state not in (EventState.open, EventState.live):
        raise NotNow(_("Rounds start once the event is open."))
    if pairing.running_round(turn) is not None:
        raise NotNow(_("A round is running already."))
    if turn.event.state == EventState.open:
        move(turn.event, EventState.live)
    round_ = _next_round(turn)
    pairing.pair_everybody(turn, round_)
    turn.touch_event()


def end(turn: Turn) -> None:
    """End the running round. Raises NotNow if none runs."""
    round_ = pairing.running_round(turn)
    if round_ is None:
        raise NotNow(_("No round is running."))
    close_round(turn, round_)


def close_round(turn: Turn, round_: Round) -> None:
    """Who has not found each other waits again; who talks goes on talking."""
    round_.ended_at = turn.now
    query = select(Meeting).where(Meeting.event_id == turn.event_id, Meeting.state == MeetingState.suggested)
    for meeting in turn.session.exec(query.order_by(col(Meeting.id))).all():
        if meeting.asked_by is not None and _still_there(turn, meeting):
            begin_talking(turn, meeting)
        else:
            _not_found(turn, meeting)
    turn.touch_event()


def _next_round(turn: Turn) -> Round:
    query = select(func.coalesce(func.max(Round.number), 0)).where(Round.event_id == turn.event_id)
    round_ = Round(
        event_id=turn.event_id,
        number=turn.session.exec(query).one() + 1,
        started_at=turn.now,
        ends_at=turn.now + timedelta(seconds=turn.event.round_seconds),
    )
    turn.session.add(round_)
    turn.session.flush()
    return round_


def _still_there(turn: Turn, meeting: Meeting) -> bool:
    """Whether whoever asked for a yes has not stepped out meanwhile."""
    return any(seat.open and seat.attendee_id == meeting.asked_by for seat, _who in seated(turn, meeting))


def _not_found(turn: Turn, meeting: Meeting) -> None:
    for _seat, attendee in close_meeting(turn, meeting, Ending.not_found):
        move(attendee, AttendeeState.waiting)
        attendee.because = "not-found"
        turn.touch(attendee)
