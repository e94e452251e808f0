"""The ways out: pause, leave, step away, be removed. To a partner they all look the same, after the same delay."""

from dataclasses import replace

from sqlmodel import col, select

from service.actions import pairing, talking
from service.actions.seating import close_meeting, open_seat, seated
from service.actions.turn import Turn
from service.domain.affinity import HONEST
from service.domain.errors import NotFound, NotNow
from service.domain.language import _
from service.domain.lifecycle import MEETING, AttendeeState, Ending, move
from service.domain.sparks import Spark
from service.models import Attendee, Bar, Meeting, Seat


def pause(turn: Turn, attendee: Attendee) -> None:
    """A break, for as long as one likes."""
    _step_out(turn, attendee)
    move(attendee, AttendeeState.paused)
    turn.touch(attendee)


def leave(turn: Turn, attendee: Attendee) -> None:
    """Going home."""
    _step_out(turn, attendee)
    move(attendee, AttendeeState.left)
    turn.touch(attendee)


def step_away(turn: Turn, attendee: Attendee) -> None:
    """Not comfortable: out of the meeting at once, and never with these people again."""
    if attendee.state == AttendeeState.thanking:
        _bar(turn, attendee, talking.drop_thanks(turn, attendee))
    elif attendee.state in MEETING:
        place = open_seat(turn, attendee)
        if place is not None:
            _bar(turn, attendee, [who for _seat, who in seated(turn, place[1]) if who.id != attendee.id])
        _step_out(turn, attendee)
    else:
        raise NotNow(_("You are with nobody right now. Here is where you are."))
    move(attendee, AttendeeState.waiting)
    attendee.because = "stepped-away"
    turn.touch(attendee)


def refuse_elsewhere(turn: Turn, attendee: Attendee, meeting_id: int) -> None:
    """Raise NotNow if a form speaks of another meeting than the one its sender is at: an old page, an old tab."""
    place = open_seat(turn, attendee)
    here = place[0] if place else talking.open_thanks(turn, attendee)
    if here is not None and here.meeting_id != meeting_id:
        raise NotNow(_("That was about another meeting. Here is where you are."))


def remove(turn: Turn, number: int) -> None:
    """The organizer takes a number out of the event; that phone cannot come back."""
    query = select(Attendee).where(Attendee.event_id == turn.event_id, Attendee.number == number)
    attendee = turn.session.exec(query).first()
    if attendee is None:
        raise NotFound(_("Nobody here has that number."))
    attendee.removed = True
    _step_out(turn, attendee)
    if attendee.state != AttendeeState.left:
        move(attendee, AttendeeState.left)
    turn.touch(attendee)


def dissolve(turn: Turn, seat: Seat) -> None:
    """The delay is over: the others learn that somebody had to step away."""
    seat.gone_at = None
    meeting = turn.session.get_one(Meeting, seat.meeting_id)
    turn.session.flush()
    others = [(other, who) for other, who in seated(turn, meeting) if other.open]
    if meeting.asked_by == seat.attendee_id:
        meeting.asked_by = meeting.asked_at = None
    if len(others) > 1:
        for other, who in others:
            _forget(other, seat.attendee_id, [each.id or 0 for _seat, each in others if each is not who])
            turn.touch(who)
    elif others:
        _end_for_the_last(turn, meeting)


def pending(turn: Turn) -> list[Seat]:
    """Seats of this event whose delay is over."""
    query = select(Seat).join(Meeting, col(Meeting.id) == Seat.meeting_id)
    due = query.where(Meeting.event_id == turn.event_id, col(Seat.gone_at) <= turn.now)
    return list(turn.session.exec(due.order_by(col(Seat.id))).all())


def _step_out(turn: Turn, attendee: Attendee) -> None:
    place = open_seat(turn, attendee)
    if place is None:
        return
    seat, meeting = place
    seat.open = False
    seat.gone_at = turn.now + turn.delays.neutral(turn.rng)
    turn.session.flush()
    if not any(other.open for other, _who in seated(turn, meeting)):
        close_meeting(turn, meeting, Ending.exit)


def _bar(turn: Turn, attendee: Attendee, others: list[Attendee]) -> None:
    for other in others:
        low, high = sorted((attendee.id or 0, other.id or 0))
        known = select(Bar.id).where(Bar.event_id == turn.event_id, Bar.low_id == low, Bar.high_id == high)
        if turn.session.exec(known).first() is None:  # both may step away, and neither must notice
            turn.session.add(Bar(event_id=turn.event_id, low_id=low, high_id=high))


def _end_for_the_last(turn: Turn, meeting: Meeting) -> None:
    for _seat, who in close_meeting(turn, meeting, Ending.exit):
        move(who, AttendeeState.waiting)
        who.because = "neutral"
        turn.touch(who)
    pairing.pair_late(turn)


def _forget(seat: Seat, gone: int, left: list[int]) -> None:
    """A reason that was true with whoever went is true no more; nor can they ask first."""
    spark = Spark.from_json(seat.spark)
    opens = min([*left, seat.attendee_id]) if spark.opens == gone else spark.opens
    if spark.about == gone:
        spark = replace(spark, kind=HONEST, about=None, gives=None, gets=None, thread=None)
    seat.spark = replace(spark, opens=opens).as_json()
