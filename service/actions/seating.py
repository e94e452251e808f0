"""Who sits where: reading and closing the seats of a meeting. Only actions use it."""

from sqlmodel import col, select

from service.actions.turn import Turn
from service.domain.lifecycle import AttendeeState, Ending, MeetingState, move
from service.models import Attendee, Meeting, Seat

Seated = tuple[Seat, Attendee]


def open_seat(turn: Turn, attendee: Attendee) -> tuple[Seat, Meeting] | None:
    """The seat and meeting somebody is in now, if any."""
    query = select(Seat, Meeting).join(Meeting, col(Meeting.id) == Seat.meeting_id)
    return turn.session.exec(query.where(Seat.attendee_id == attendee.id, col(Seat.open))).first()


def seated(turn: Turn, meeting: Meeting) -> list[Seated]:
    """Everybody of a meeting who is in it, or still seems to be on the others' phones."""
    query = select(Seat, Attendee).join(Attendee, col(Attendee.id) == Seat.attendee_id)
    shown = col(Seat.open) | col(Seat.gone_at).is_not(None)
    return list(turn.session.exec(query.where(Seat.meeting_id == meeting.id, shown).order_by(col(Seat.id))).all())


def begin_talking(turn: Turn, meeting: Meeting) -> None:
    """They found each other: the meeting and everybody in it talk."""
    move(meeting, MeetingState.found)
    meeting.found_at = turn.now
    for seat, attendee in seated(turn, meeting):
        if seat.open:
            move(attendee, AttendeeState.talking)
            turn.touch(attendee)


def close_meeting(turn: Turn, meeting: Meeting, ending: Ending) -> list[Seated]:
    """End a meeting and empty its seats; gives back who was still in it, for their next state."""
    people = seated(turn, meeting)
    move(meeting, MeetingState.ended)
    meeting.ending = ending
    meeting.ended_at = turn.now
    meeting.asked_by = meeting.asked_at = None
    still = [(seat, attendee) for seat, attendee in people if seat.open]
    for seat, _attendee in people:
        seat.open = False
        seat.gone_at = seat.quiet_until = None
    return still
