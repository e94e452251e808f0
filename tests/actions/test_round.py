"""Rounds, straight on the database: who is matched, and what it costs."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import event as sqlalchemy_event
from sqlmodel import select

from service.actions import attendance, rounds
from service.actions.turn import take_turn
from service.database import Database
from service.dev import events
from service.domain.delays import Delays
from service.models import Attendee, Event, utc_now
from service.screens.attendee import attendee_screens
from tests.people import somebody


def crowd_of(database: Database, size: int) -> int:
    """An open event with ``size`` people waiting; gives its id."""
    made = events.make(database, events.Plan("Harbour Evening", {}, True, 3, 600), "http://127.0.0.1")
    with database.work() as work:
        found = work.session.exec(select(Event.id).where(Event.public_id == made["event"])).one()
        assert found
        turn = take_turn(work, found, Delays())
        for number in range(size):
            person = somebody(number)
            attendee = attendance.join(turn, f"{size}-{number}")
            for question in ("passion", "field", "offer", "ask"):
                value = getattr(person, question)
                attendance.answer(turn, attendee, question, [value] if value else [], person.private)
            attendance.answer(turn, attendee, "name", [person.name], False)
    return found


@contextmanager
def counting(database: Database) -> Iterator[list[str]]:
    """Collects every statement sent to the database."""
    statements: list[str] = []

    def note(_c: object, _cur: object, statement: str, _p: object, _ctx: object, many: bool) -> None:
        statements.append(f"{'many ' if many else ''}{statement}")

    sqlalchemy_event.listen(database.engine, "before_cursor_execute", note)
    yield statements
    sqlalchemy_event.remove(database.engine, "before_cursor_execute", note)


def start(database: Database, event_id: int) -> list[str]:
    with counting(database) as statements, database.work() as work:
        rounds.start(take_turn(work, event_id, Delays()))
    return statements


def render(database: Database, event_id: int) -> list[str]:
    with database.reading() as session:
        ids = [i for i in session.exec(select(Attendee.id).where(Attendee.event_id == event_id)).all() if i]
    with counting(database) as statements, database.reading() as session:
        screens = attendee_screens(session, ids, utc_now())
    assert len(screens) == len(ids)
    assert all(screen.meeting for screen in screens.values())
    return statements


def test_a_round_costs_the_same_statements_for_twenty_people_and_for_two_hundred(database: Database) -> None:
    small, large = crowd_of(database, 20), crowd_of(database, 200)
    few, many = start(database, small), start(database, large)
    assert [s[:60] for s in few] == [s[:60] for s in many]
    assert len(render(database, small)) == len(render(database, large))
