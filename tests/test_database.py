"""Transactions: what writes begins so that it can, what reads cannot write, news goes out after the commit."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest
from sqlalchemy import event as sqlalchemy_event
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, select

from service.database import Database
from service.models import Event, utc_now


class Mishap(Exception):
    """Something went wrong in the middle of an action."""


def an_event(code: str = "ABCDEFGH") -> Event:
    return Event(public_id=code.lower(), code=code, name="Harbour Evening", starts_at=utc_now(), ends_at=utc_now())


def test_every_transaction_that_writes_begins_immediate_on_sqlite(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    begun: list[str] = []
    sqlalchemy_event.listen(
        database.engine, "before_cursor_execute", lambda _c, _k, statement, *_: begun.append(statement)
    )
    with database.work() as work:
        work.session.exec(select(Event)).all()
    with database.reading() as session:
        session.exec(select(Event)).all()
    assert [statement for statement in begun if statement.startswith("BEGIN")] == ["BEGIN IMMEDIATE", "BEGIN"]
    database.close()


def test_a_reading_session_cannot_write_on_any_database(database: Database) -> None:
    with database.reading() as session:
        session.add(an_event())
        with pytest.raises(DBAPIError):
            session.flush()


def test_people_who_read_and_then_write_at_once_never_meet_a_locked_database(database: Database) -> None:
    with database.work() as work:
        work.session.add(an_event())

    def raise_version(_turn: int) -> None:
        with database.work() as work:
            row = work.session.exec(select(Event).with_for_update()).one()
            row.version += 1

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(raise_version, range(80)))
    with database.reading() as session:
        assert session.exec(select(Event.version)).one() == 80


def test_two_servers_on_one_sqlite_file_write_in_turn(sqlite_url: str) -> None:
    first, second = Database(sqlite_url), Database(sqlite_url)
    with first.work() as work:
        work.session.add(an_event())

    def raise_version(database: Database) -> None:
        for _turn in range(20):
            with database.work() as work:
                work.session.exec(select(Event)).one().version += 1

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(raise_version, (first, second)))
    with first.reading() as session:
        assert session.exec(select(Event.version)).one() == 40
    first.close()
    second.close()


def test_topics_are_announced_after_the_commit_and_never_without_one(database_url: str) -> None:
    heard: list[tuple[frozenset[str], int]] = []
    database = Database(database_url)

    def announce(topics: frozenset[str]) -> None:
        with database.reading() as session:
            heard.append((topics, len(session.exec(select(Event)).all())))

    database.announce = announce
    with database.work() as work:
        work.session.add(an_event())
        work.nudge("event:1")
    with suppress(Mishap), database.work() as work:
        work.nudge("event:2")
        raise Mishap
    assert heard == [(frozenset({"event:1"}), 1)]
    database.close()


def test_a_failed_action_leaves_nothing_behind_and_the_next_one_works(database: Database) -> None:
    with suppress(Mishap), database.work() as work:
        work.session.add(an_event())
        work.session.flush()
        raise Mishap
    with database.work() as work:
        work.session.add(an_event("HGFEDCBA"))
    with database.reading() as session:
        assert _codes(session) == ["HGFEDCBA"]


def _codes(session: Session) -> list[str]:
    return list(session.exec(select(Event.code)).all())
