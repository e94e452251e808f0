"""What an organizer does with an event: make it, open it, lock it, renew what is secret, end it."""

from datetime import datetime, timedelta

from sqlmodel import col, select

from service.actions import pairing, rounds
from service.actions.seating import close_meeting
from service.actions.turn import Turn
from service.database import Work
from service.domain.codes import new_code, new_public_id
from service.domain.errors import NotNow, NotUnderstood
from service.domain.language import _
from service.domain.lifecycle import AttendeeState, Ending, EventState, MeetingState, move
from service.domain.names import clean, too_long
from service.models import Attendee, Event, Link, Meeting

EVENT_NAME_LENGTH = 60
LASTS = timedelta(hours=2)
FARTHEST = timedelta(days=730)


def create(work: Work, name: str, starts_at: datetime, now: datetime, state: EventState = EventState.open) -> Event:
    """A new event with defaults for everything but its name and time. Raises NotUnderstood for either."""
    name = clean(name, EVENT_NAME_LENGTH)
    if not name or too_long(name, EVENT_NAME_LENGTH):
        raise NotUnderstood(_("Give the event a name of up to 60 characters."))
    if abs(starts_at - now) > FARTHEST:
        raise NotUnderstood(_("Choose a time within the next two years."))
    event = Event(
        public_id=new_public_id(),
        code=new_code(),
        name=name,
        state=state,
        starts_at=starts_at,
        ends_at=max(starts_at, now) + LASTS,
    )
    work.session.add(event)
    work.session.flush()
    return event


def give_link(work: Work, event: Event, kind: str, token_hash: str) -> None:
    """A secret address for an organizer or a wall."""
    work.session.add(Link(event_id=event.id or 0, kind=kind, token_hash=token_hash))


def renew_link(turn: Turn, kind: str, token_hash: str) -> None:
    """A new secret address; the old ones, their cookies and sockets end."""
    query = select(Link).where(Link.event_id == turn.event_id, Link.kind == kind, col(Link.ended_at).is_(None))
    for link in turn.session.exec(query).all():
        link.ended_at = turn.now
    give_link(turn.work, turn.event, kind, token_hash)
    turn.touch_event()


def open_event(turn: Turn) -> None:
    """Let people in."""
    move(turn.event, EventState.open)
    turn.touch_event()


def set_lock(turn: Turn, locked: bool) -> None:
    """Stop or allow joining; who is in stays in."""
    _refuse_if_ended(turn)
    turn.event.locked = locked
    turn.touch_event()


def renew_code(turn: Turn) -> None:
    """A new code; the old one opens nothing from now on."""
    _refuse_if_ended(turn)
    turn.event.code = new_code()
    turn.touch_event()


def end_event(turn: Turn) -> None:
    """Over, for everybody and for good."""
    _refuse_if_ended(turn)
    round_ = pairing.running_round(turn)
    if round_ is not None:
        rounds.close_round(turn, round_)
        turn.session.flush()
    open_ones = select(Meeting).where(Meeting.event_id == turn.event_id, Meeting.state != MeetingState.ended)
    for meeting in turn.session.exec(open_ones.order_by(col(Meeting.id))).all():
        close_meeting(turn, meeting, Ending.over)
    here = select(Attendee).where(Attendee.event_id == turn.event_id, Attendee.state != AttendeeState.over)
    for attendee in turn.session.exec(here).all():
        move(attendee, AttendeeState.over)
        turn.touch(attendee)
    move(turn.event, EventState.ended)
    turn.event.ended_at = turn.now
    turn.touch_event()


def _refuse_if_ended(turn: Turn) -> None:
    if turn.event.state == EventState.ended:
        raise NotNow(_("This event is over."))
