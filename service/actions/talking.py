"""Talking, being done, and saying thanks."""

from sqlmodel import col, select

from service.actions.seating import close_meeting, open_seat
from service.actions.turn import Turn
from service.domain.errors import NotNow
from service.domain.language import _
from service.domain.lifecycle import AVAILABLE, AttendeeState, Ending, MeetingState, move
from service.domain.names import clean_sentence
from service.models import Attendee, Seat, Thanks


def done(turn: Turn, attendee: Attendee) -> None:
    """ "We're done": the meeting ends for everybody in it. Thanks are offered to who talked for a while."""
    place = open_seat(turn, attendee)
    if place is None or place[1].state != MeetingState.found:
        raise NotNow(_("You are not in a conversation. Here is where you are."))
    meeting = place[1]
    talked = turn.now - (meeting.found_at or turn.now) >= turn.delays.before_thanks
    for seat, who in close_meeting(turn, meeting, Ending.done):
        seat.thanks_open = talked
        move(who, AttendeeState.thanking if talked else AttendeeState.waiting)
        who.because = "between"
        turn.touch(who)


def thank(turn: Turn, attendee: Attendee, sentence: str) -> None:
    """One sentence to whom one has just met. It reaches them at once."""
    seat = _thanks_to_write(turn, attendee)
    text = clean_sentence(sentence)
    turn.session.add(Thanks(meeting_id=seat.meeting_id, sender_id=attendee.id or 0, text=text, written_at=turn.now))
    _close_thanks(turn, attendee, seat)
    turn.touch(*_met_by(turn, attendee, seat))


def skip_thanks(turn: Turn, attendee: Attendee) -> None:
    """No thank-you this time; nobody is told."""
    _close_thanks(turn, attendee, _thanks_to_write(turn, attendee))


def open_thanks(turn: Turn, attendee: Attendee) -> Seat | None:
    """The seat of somebody's newest meeting whose thank-you can still be written, if they are here to write it."""
    if attendee.state not in AVAILABLE:
        return None
    query = select(Seat).where(Seat.attendee_id == attendee.id, col(Seat.thanks_open))
    return turn.session.exec(query.order_by(col(Seat.id).desc())).first()


def drop_thanks(turn: Turn, attendee: Attendee) -> list[Attendee]:
    """Close an unwritten thank-you for good; gives back whom it would have been for."""
    seat = _thanks_to_write(turn, attendee)
    seat.thanks_open = False
    return _met_by(turn, attendee, seat)


def _thanks_to_write(turn: Turn, attendee: Attendee) -> Seat:
    seat = open_thanks(turn, attendee)
    if seat is None:
        raise NotNow(_("There is nobody to thank right now. Here is where you are."))
    return seat


def _met_by(turn: Turn, attendee: Attendee, seat: Seat) -> list[Attendee]:
    met = select(Attendee).join(Seat, col(Seat.attendee_id) == Attendee.id)
    return list(turn.session.exec(met.where(Seat.meeting_id == seat.meeting_id, Attendee.id != attendee.id)).all())


def _close_thanks(turn: Turn, attendee: Attendee, seat: Seat) -> None:
    seat.thanks_open = False
    if attendee.state == AttendeeState.thanking:
        move(attendee, AttendeeState.waiting)
    turn.touch(attendee)
