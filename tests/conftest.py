"""Fixtures: both databases, a running service, an event, and people who come to it."""

import shutil
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from service.database import Database
from service.migrating import migrate
from service.settings import Settings
from tests.people import Evening
from tests.services import fresh_postgresql, migrated_postgresql, postgresql, running, settings_for

_numbers = count(1)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy from."""
    file = tmp_path_factory.mktemp("sqlite") / "template.db"
    migrate(f"sqlite:///{file}")
    return file


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """A PostgreSQL that lives as long as the test run, with a migrated template database.

    Its folder is none of pytest's: those are closed to everybody else, and PostgreSQL refuses to run as root.
    """
    with TemporaryDirectory(prefix="thaw-") as folder, postgresql(Path(folder) / "server") as server:
        migrated_postgresql(server, "template_thaw")
        yield server


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """A fresh SQLite database."""
    file = tmp_path / "thaw.db"
    shutil.copy(sqlite_template, file)
    return f"sqlite:///{file}"


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """A fresh database of each kind, one after the other."""
    if request.param == "sqlite":
        url: str = request.getfixturevalue("sqlite_url")
        return url
    server = request.getfixturevalue("postgresql_server")
    return fresh_postgresql(server, f"thaw_{next(_numbers)}", "template_thaw")


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """The database, without a server."""
    opened = Database(database_url)
    yield opened
    opened.close()


@pytest.fixture
def settings(database_url: str) -> Settings:
    """The configuration of the served Thaw, on each kind of database."""
    return settings_for(database_url)


@pytest.fixture
def evening(settings: Settings) -> Iterator[Evening]:
    """A served Thaw with an open event, its organizer, and room for people to come."""
    with running(settings), Evening(settings) as hosted:
        yield hosted
