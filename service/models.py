"""Tables only. Guards that must hold whatever the code does are unique indexes and checks here."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Column, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from service.domain.lifecycle import AttendeeState, EventState, MeetingState

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


def utc_now() -> datetime:
    """The moment, aware, as every stored time is."""
    return datetime.now(UTC)


def _only_one(name: str, column: str, where: str) -> Index:
    """A unique index over the rows that ``where`` names, alike on SQLite and PostgreSQL."""
    return Index(name, column, unique=True, sqlite_where=text(where), postgresql_where=text(where))


class Event(SQLModel, table=True):
    """An evening. ``public_id`` stands in addresses, ``code`` on the poster; ``version`` rises with what all see."""

    id: int | None = Field(default=None, primary_key=True)
    public_id: str = Field(max_length=10, unique=True)
    code: str = Field(max_length=8, unique=True)
    name: str = Field(max_length=600)
    state: str = Field(default=EventState.open, max_length=8)
    locked: bool = False
    version: int = 0
    last_number: int = 0
    rounds: int = 3
    round_seconds: int = 600
    options: dict[str, list[str]] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    starts_at: datetime
    ends_at: datetime
    created_at: datetime = Field(default_factory=utc_now)
    ended_at: datetime | None = None


class Link(SQLModel, table=True):
    """A secret address that stands for an organizer or a wall. Only its hash is kept."""

    __tablename__ = "link"
    id: int | None = Field(default=None, primary_key=True)
    event_id: int = Field(foreign_key="event.id", index=True)
    kind: str = Field(max_length=12)
    token_hash: str = Field(max_length=64, unique=True)
    created_at: datetime = Field(default_factory=utc_now)
    ended_at: datetime | None = None


class Attendee(SQLModel, table=True):
    """A person at one event. ``question`` is the one they are at while answering; ``because`` words the lobby.

    ``times_over`` counts rounds left out or third in a trio, ``left_out_in`` is the newest round left out,
    ``times_honest`` counts cards without a reason: the matcher makes up for them, nobody ever sees them.
    """

    __table_args__ = (UniqueConstraint("event_id", "number"), Index("ix_attendee_event_id_state", "event_id", "state"))
    id: int | None = Field(default=None, primary_key=True)
    event_id: int = Field(foreign_key="event.id")
    token_hash: str = Field(max_length=64, unique=True)
    number: int | None = None
    name: str | None = Field(default=None, max_length=400)
    state: str = Field(default=AttendeeState.answering, max_length=12)
    question: str = Field(default="passion", max_length=20)
    because: str = Field(default="welcome", max_length=20)
    removed: bool = False
    version: int = 1
    times_over: int = 0
    left_out_in: int | None = None
    times_honest: int = 0
    created_at: datetime = Field(default_factory=utc_now)


class Answer(SQLModel, table=True):
    """What a person answered to one question: option ids. Empty means skipped."""

    __table_args__ = (UniqueConstraint("attendee_id", "question"),)
    id: int | None = Field(default=None, primary_key=True)
    attendee_id: int = Field(foreign_key="attendee.id")
    question: str = Field(max_length=20)
    chosen: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    private: bool = False


class Round(SQLModel, table=True):
    """A round of an event; it runs until ``ended_at`` is set, and only one runs at a time."""

    __table_args__ = (
        UniqueConstraint("event_id", "number"),
        _only_one("uq_round_running", "event_id", "ended_at IS NULL"),
    )
    id: int | None = Field(default=None, primary_key=True)
    event_id: int = Field(foreign_key="event.id")
    number: int
    started_at: datetime
    ends_at: datetime = Field(index=True)
    ended_at: datetime | None = None


class Meeting(SQLModel, table=True):
    """Two or three people, a signal and a spot. ``asked_by`` tapped the right number and waits for a yes."""

    __table_args__ = (UniqueConstraint("round_id", "spot", "colour", "animal"), {"sqlite_autoincrement": True})
    id: int | None = Field(default=None, primary_key=True)
    event_id: int = Field(foreign_key="event.id", index=True)
    round_id: int = Field(foreign_key="round.id")
    state: str = Field(default=MeetingState.suggested, max_length=10)
    ending: str | None = Field(default=None, max_length=10)
    colour: str = Field(max_length=10)
    animal: str = Field(max_length=20)
    spot: str = Field(max_length=2)
    asked_by: int | None = Field(default=None, foreign_key="attendee.id")
    asked_at: datetime | None = Field(default=None, index=True)
    started_at: datetime = Field(default_factory=utc_now)
    found_at: datetime | None = None
    ended_at: datetime | None = None


class Seat(SQLModel, table=True):
    """One person's place in a meeting, with the spark worded for them.

    ``open`` while they are in it. ``gone_at`` is when the others are to learn that this one stepped out.
    ``wrong_taps`` and ``quiet_until`` guard the confirm screen; ``thanks_open`` while a thank-you can be written.
    """

    __table_args__ = (UniqueConstraint("meeting_id", "attendee_id"), _only_one("uq_seat_open", "attendee_id", "open"))
    id: int | None = Field(default=None, primary_key=True)
    meeting_id: int = Field(foreign_key="meeting.id")
    attendee_id: int = Field(foreign_key="attendee.id", index=True)
    open: bool = True
    spark: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    wrong_taps: int = 0
    quiet_until: datetime | None = Field(default=None, index=True)
    gone_at: datetime | None = Field(default=None, index=True)
    thanks_open: bool = False


class Pair(SQLModel, table=True):
    """Two people who met or were suggested to each other: never again in this event."""

    __table_args__ = (UniqueConstraint("event_id", "low_id", "high_id"), CheckConstraint("low_id < high_id", "ordered"))
    id: int | None = Field(default=None, primary_key=True)
    event_id: int = Field(foreign_key="event.id")
    low_id: int = Field(foreign_key="attendee.id")
    high_id: int = Field(foreign_key="attendee.id")
    meeting_id: int = Field(foreign_key="meeting.id")


class Bar(SQLModel, table=True):
    """Two people who must not be matched. It holds both ways and is never explained."""

    __table_args__ = (UniqueConstraint("event_id", "low_id", "high_id"), CheckConstraint("low_id < high_id", "ordered"))
    id: int | None = Field(default=None, primary_key=True)
    event_id: int = Field(foreign_key="event.id")
    low_id: int = Field(foreign_key="attendee.id")
    high_id: int = Field(foreign_key="attendee.id")


class Thanks(SQLModel, table=True):
    """One sentence from one person to those they met."""

    __table_args__ = (UniqueConstraint("meeting_id", "sender_id"),)
    id: int | None = Field(default=None, primary_key=True)
    meeting_id: int = Field(foreign_key="meeting.id")
    sender_id: int = Field(foreign_key="attendee.id")
    text: str = Field(max_length=1400)
    written_at: datetime = Field(default_factory=utc_now)


class Receipt(SQLModel, table=True):
    """That a form with this key had its effect, so that sending it again has none."""

    __table_args__ = (UniqueConstraint("scope", "action", "key"),)
    id: int | None = Field(default=None, primary_key=True)
    scope: str = Field(max_length=40)
    action: str = Field(max_length=20)
    key: str = Field(max_length=64)
    digest: str = Field(max_length=64)
    taken_at: datetime = Field(default_factory=utc_now)
