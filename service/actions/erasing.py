"""Taking an event out of the database, with everything that was said at it."""

from sqlalchemy import delete
from sqlmodel import SQLModel, col, select

from service.database import Work
from service.models import Answer, Attendee, Bar, Event, Link, Meeting, Pair, Receipt, Round, Seat, Thanks

BY_EVENT: tuple[type[SQLModel], ...] = (Pair, Bar, Meeting, Round, Link, Attendee)


def delete_event(work: Work, event: Event) -> None:
    """Delete an event for good. Nothing of it stays."""
    meetings = select(Meeting.id).where(Meeting.event_id == event.id)
    people = select(Attendee.id).where(Attendee.event_id == event.id)
    ids = [f"attendee:{attendee_id}" for attendee_id in work.session.exec(people).all()]
    work.session.exec(delete(Receipt).where(col(Receipt.scope).in_([*ids, f"organizer:{event.id}"])))
    work.session.exec(delete(Thanks).where(col(Thanks.meeting_id).in_(meetings)))
    work.session.exec(delete(Seat).where(col(Seat.meeting_id).in_(meetings)))
    work.session.exec(delete(Answer).where(col(Answer.attendee_id).in_(people)))
    for table in BY_EVENT:
        work.session.exec(delete(table).where(table.event_id == event.id))  # type: ignore[attr-defined]
    work.session.delete(event)
    work.session.flush()
