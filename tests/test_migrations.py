"""Migrations on both databases: what they make is what the models say, down and up again with people inside."""

import pytest
from alembic import command
from sqlalchemy import create_engine, inspect
from sqlmodel import select

from service.database import Database
from service.migrating import _config, migrate
from service.models import Event, utc_now


def test_the_tables_are_what_the_models_say(database_url: str) -> None:
    command.check(_config(database_url))


def test_migrating_again_changes_nothing(database_url: str) -> None:
    database = Database(database_url)
    with database.work() as work:
        work.session.add(Event(public_id="a", code="ABCDEFGH", name="Harbour", starts_at=utc_now(), ends_at=utc_now()))
    migrate(database_url)
    with database.reading() as session:
        assert session.exec(select(Event.name)).all() == ["Harbour"]
    database.close()


def test_the_way_down_leaves_nothing_and_the_way_up_works_again(database_url: str) -> None:
    command.downgrade(_config(database_url), "base")
    engine = create_engine(database_url)
    assert set(inspect(engine).get_table_names()) <= {"alembic_version", "sqlite_sequence"}
    engine.dispose()
    migrate(database_url)
    command.check(_config(database_url))


@pytest.mark.parametrize("status", ["company", "employer", "title", "seniority", "photo", "score", "rank", "rating"])
def test_no_column_can_hold_anybodys_standing(database_url: str, status: str) -> None:
    engine = create_engine(database_url)
    found = inspect(engine)
    columns = {column["name"] for table in found.get_table_names() for column in found.get_columns(table)}
    engine.dispose()
    assert status not in columns
