"""The database refuses what must never be, whatever the code does; and the invariants see it where it could not."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlmodel import SQLModel

from service.database import Database
from service.models import Answer, Attendee, Bar, Event, Meeting, Pair, Round, Seat, utc_now
from tests.invariants import broken


@pytest.fixture
def hall(database: Database) -> Database:
    """An event with Ada (1), Leo (2) and Mara (3); Ada and Leo are in a meeting in a running round."""
    now = utc_now()
    with database.work() as work:
        session = work.session
        session.add(Event(public_id="harbour", code="ABCDEFGH", name="Harbour", starts_at=now, ends_at=now))
        session.flush()
        for name in ("ada", "leo", "mara"):
            state = "waiting" if name == "mara" else "matched"
            session.add(Attendee(event_id=1, token_hash=name, name=name, state=state))
            session.flush()
        session.add(Round(event_id=1, number=1, started_at=now, ends_at=now))
        session.flush()
        session.add(meeting("fox"))
        session.flush()
        session.add_all([Seat(meeting_id=1, attendee_id=1), Seat(meeting_id=1, attendee_id=2)])
        session.add(Pair(event_id=1, low_id=1, high_id=2, meeting_id=1))
    return database


def meeting(animal: str) -> Meeting:
    return Meeting(event_id=1, round_id=1, colour="sky", animal=animal, spot="A")


def refused(database: Database, *rows: SQLModel) -> bool:
    try:
        with database.work() as work:
            for row in rows:
                work.session.add(row)
                work.session.flush()
    except IntegrityError:
        return True
    return False


def test_a_quiet_hall_breaks_no_invariant(hall: Database) -> None:
    assert broken(hall) == {}


def test_ada_cannot_be_in_two_open_meetings(hall: Database) -> None:
    assert refused(hall, meeting("bee"), Seat(meeting_id=2, attendee_id=1))


def test_ada_and_leo_cannot_be_paired_twice_in_one_event(hall: Database) -> None:
    assert refused(hall, meeting("bee"), Pair(event_id=1, low_id=1, high_id=2, meeting_id=2))


def test_a_pair_is_written_one_way_only(hall: Database) -> None:
    assert refused(hall, Pair(event_id=1, low_id=3, high_id=1, meeting_id=1))
    assert refused(hall, Bar(event_id=1, low_id=3, high_id=1))


def test_ada_has_one_answer_to_a_question(hall: Database) -> None:
    assert refused(hall, Answer(attendee_id=1, question="ask"), Answer(attendee_id=1, question="ask"))


def test_one_round_runs_at_a_time(hall: Database) -> None:
    assert refused(hall, Round(event_id=1, number=2, started_at=utc_now(), ends_at=utc_now()))


def test_no_two_meetings_of_a_round_share_a_signal_at_a_spot(hall: Database) -> None:
    assert refused(hall, meeting("fox"))


def test_nobody_sits_in_a_meeting_that_does_not_exist(hall: Database) -> None:
    assert refused(hall, Seat(meeting_id=99, attendee_id=3))


@pytest.mark.parametrize(
    ("harm", "invariant"),
    [
        ("DROP INDEX uq_seat_open; INSERT INTO seat SELECT 9, 1, 3, true, '{}', 0, NULL, NULL, false", "I2"),
        ("UPDATE seat SET open = false WHERE attendee_id = 2", "I2"),
        ("UPDATE meeting SET state = 'ended'", "I2 nobody sits"),
        ("UPDATE attendee SET state = 'matched' WHERE id = 3", "I5"),
        ("UPDATE attendee SET because = '' WHERE id = 3", "I5 whoever waits"),
        ("UPDATE attendee SET state = 'talking' WHERE id = 1", "I4"),
        ("UPDATE event SET state = 'ended'", "I12"),
        ("INSERT INTO bar (event_id, low_id, high_id) VALUES (1, 1, 2)", "I3"),
    ],
)
def test_the_invariants_see_planted_harm(hall: Database, harm: str, invariant: str) -> None:
    with hall.work() as work:
        for statement in harm.split("; "):
            work.session.connection().execute(text(statement))
    assert any(name.startswith(invariant) for name in broken(hall)), broken(hall)
