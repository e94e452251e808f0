"""What time does by itself: rounds end, silence is a yes, partners learn of an exit, events end and are forgotten."""

from datetime import datetime

from sqlmodel import Session, col, or_, select

from service.actions import erasing, exits, hosting, pairing, rounds
from service.actions.seating import begin_talking
from service.actions.turn import Turn, take_turn
from service.database import Database
from service.domain.delays import KEPT, OVERTIME, Delays
from service.domain.lifecycle import EventState, MeetingState
from service.live import topics
from service.models import Attendee, Event, Meeting, Round, Seat, utc_now


def tick(database: Database, delays: Delays) -> None:
    """Do whatever is due now, one event at a time. Costs a few reads when nothing is."""
    now = utc_now()
    with database.reading() as session:
        due = _due(session, now, delays)
        stale = session.exec(select(Event.id).where(col(Event.ended_at) <= now - KEPT)).all()
    for event_id in sorted(due):
        with database.work() as work:
            turn = take_turn(work, event_id, delays)
            if turn.event.state != EventState.ended:
                _catch_up(turn)
    for stale_id in stale:
        with database.work() as work:
            erasing.delete_event(work, work.session.get_one(Event, stale_id))


def show_clocks(database: Database) -> None:
    """Nudge the dashboards of events with a running round: their clock is in words, and words go stale."""
    with database.reading() as session:
        running = session.exec(select(Round.event_id).where(col(Round.ended_at).is_(None))).all()
    if running:
        database.announce(frozenset(topics.dashboard(event_id) for event_id in running))


def _due(session: Session, now: datetime, delays: Delays) -> set[int]:
    through = select(Meeting.event_id).join(Seat, col(Seat.meeting_id) == Meeting.id)
    questions = (
        select(Round.event_id).where(col(Round.ended_at).is_(None), Round.ends_at <= now),
        select(Meeting.event_id).where(
            Meeting.state == MeetingState.suggested, col(Meeting.asked_at) <= now - delays.silence
        ),
        through.where(or_(col(Seat.gone_at) <= now, col(Seat.quiet_until) <= now)),
        select(Event.id).where(Event.state != EventState.ended, Event.ends_at <= now - OVERTIME),
    )
    return {event_id for question in questions for event_id in session.exec(question).all() if event_id is not None}


def _catch_up(turn: Turn) -> None:
    _count_silence(turn)
    turn.session.flush()
    for seat in exits.pending(turn):
        exits.dissolve(turn, seat)
        turn.session.flush()
    _end_rests(turn)
    round_ = pairing.running_round(turn)
    if round_ is not None and round_.ends_at <= turn.now:
        rounds.close_round(turn, round_)
    if turn.event.ends_at <= turn.now - OVERTIME:
        turn.session.flush()
        hosting.end_event(turn)


def _count_silence(turn: Turn) -> None:
    query = select(Meeting).where(
        Meeting.event_id == turn.event_id,
        Meeting.state == MeetingState.suggested,
        col(Meeting.asked_at) <= turn.now - turn.delays.silence,
    )
    for meeting in turn.session.exec(query).all():
        begin_talking(turn, meeting)


def _end_rests(turn: Turn) -> None:
    query = (
        select(Seat, Attendee)
        .join(Attendee, col(Attendee.id) == Seat.attendee_id)
        .where(Attendee.event_id == turn.event_id, col(Seat.quiet_until) <= turn.now)
    )
    for seat, attendee in turn.session.exec(query).all():
        seat.quiet_until = None
        turn.touch(attendee)
