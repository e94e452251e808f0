"""Time that passes without anybody waiting for it."""

from datetime import timedelta

from sqlmodel import col, select

from service.database import Database
from service.models import Meeting


def they_talk_for_minutes(database: Database, minutes: int = 5) -> None:
    """Whoever talks has done so for that much longer."""
    with database.work() as work:
        for meeting in work.session.exec(select(Meeting).where(col(Meeting.found_at).is_not(None))).all():
            if meeting.found_at:
                meeting.found_at -= timedelta(minutes=minutes)
