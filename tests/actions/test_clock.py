"""What time does by itself."""

from datetime import timedelta

import pytest
from sqlmodel import SQLModel, select

from service.actions import clock, exits, finding, rounds
from service.actions.turn import Turn, take_turn
from service.database import Database, Work
from service.domain.delays import Delays
from service.models import Answer, Attendee, Event, Meeting, Round, Seat, Thanks, utc_now
from tests.actions.test_round import crowd_of
from tests.invariants import broken

NOW = Delays(0.0001)


def turn_on(work: Work, event_id: int) -> Turn:
    return take_turn(work, event_id, NOW)


def people(work: Work, event_id: int) -> list[Attendee]:
    return list(work.session.exec(select(Attendee).where(Attendee.event_id == event_id)).all())


def states(database: Database, event_id: int) -> list[str]:
    with database.work() as work:
        return [attendee.state for attendee in people(work, event_id)]


@pytest.fixture
def pair(database: Database) -> int:
    """An event in which Ada and Leo were just matched; gives its id."""
    event_id = crowd_of(database, 2)
    with database.work() as work:
        rounds.start(turn_on(work, event_id))
    return event_id


def test_a_round_ends_at_its_clock_and_who_still_looks_waits_again(database: Database, pair: int) -> None:
    clock.tick(database, NOW)
    assert states(database, pair) == ["matched", "matched"]
    with database.work() as work:
        work.session.exec(select(Round)).one().ends_at = utc_now() - timedelta(seconds=1)
    clock.tick(database, NOW)
    assert states(database, pair) == ["waiting", "waiting"]
    assert broken(database) == {}


def test_a_silent_phone_counts_as_a_yes_after_its_time(database: Database, pair: int) -> None:
    with database.work() as work:
        ada, leo = people(work, pair)
        finding.tap_number(turn_on(work, pair), ada, leo.number or 0)
    clock.tick(database, Delays(1))
    assert states(database, pair) == ["matched", "matched"]
    with database.work() as work:
        work.session.exec(select(Meeting)).one().asked_at = utc_now() - timedelta(seconds=61)
    clock.tick(database, Delays(1))
    assert states(database, pair) == ["talking", "talking"]


def test_leo_learns_of_adas_exit_only_when_its_delay_is_over(database: Database, pair: int) -> None:
    with database.work() as work:
        exits.leave(Turn(work, work.session.get_one(Event, pair), delays=Delays(1)), people(work, pair)[0])
    clock.tick(database, Delays(1))
    assert states(database, pair) == ["left", "matched"]
    assert broken(database) == {}
    with database.work() as work:
        gone = work.session.exec(select(Seat).where(Seat.open == False)).one()  # noqa: E712 a column
        assert gone.gone_at
        assert 4 < (gone.gone_at - utc_now()).total_seconds() < 41
        gone.gone_at = utc_now()
    clock.tick(database, Delays(1))
    assert states(database, pair) == ["left", "waiting"]
    assert broken(database) == {}


def test_an_event_nobody_ends_is_over_twelve_hours_after_its_planned_end(database: Database, pair: int) -> None:
    with database.work() as work:
        work.session.get_one(Event, pair).ends_at = utc_now() - timedelta(hours=12, seconds=1)
    clock.tick(database, NOW)
    assert states(database, pair) == ["over", "over"]
    assert broken(database) == {}


def test_a_day_after_its_end_nothing_of_an_event_is_left(database: Database, pair: int) -> None:
    other = crowd_of(database, 1)
    with database.work() as work:
        event = work.session.get_one(Event, pair)
        event.ends_at = utc_now() - timedelta(hours=13)
    clock.tick(database, NOW)
    with database.work() as work:
        work.session.get_one(Event, pair).ended_at = utc_now() - timedelta(hours=24, seconds=1)
    clock.tick(database, NOW)
    with database.reading() as session:
        assert session.exec(select(Event.id)).all() == [other]
        assert session.exec(select(Attendee.event_id)).all() == [other]
        tables: list[type[SQLModel]] = [Meeting, Seat, Round, Thanks]
        assert all(session.exec(select(table)).all() == [] for table in tables)
        assert len(session.exec(select(Answer)).all()) == 4


def test_a_round_that_ends_after_adas_exit_does_not_leave_leo_talking_with_nobody(
    database: Database, pair: int
) -> None:
    with database.work() as work:
        ada, leo = people(work, pair)
        finding.tap_number(turn_on(work, pair), ada, leo.number or 0)
    with database.work() as work:
        exits.leave(Turn(work, work.session.get_one(Event, pair), delays=Delays(1)), people(work, pair)[0])
    with database.work() as work:
        rounds.end(turn_on(work, pair))
    assert states(database, pair) == ["left", "waiting"]
    assert broken(database) == {}


def test_a_round_that_ends_while_leos_phone_is_asked_lets_them_talk(database: Database, pair: int) -> None:
    with database.work() as work:
        ada, leo = people(work, pair)
        finding.tap_number(turn_on(work, pair), ada, leo.number or 0)
    with database.work() as work:
        rounds.end(turn_on(work, pair))
    assert states(database, pair) == ["talking", "talking"]
