"""One server for each kind of database; every test gets an event of its own on it."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from service.settings import Settings
from tests.routes.halls import Hall
from tests.services import fresh_postgresql, running, settings_for


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def served(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """A Thaw that serves on each kind of database, one after the other."""
    folder = tmp_path_factory.mktemp("served")
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("sqlite_template"), folder / "thaw.db")
        settings = settings_for(f"sqlite:///{folder / 'thaw.db'}")
    else:
        server = request.getfixturevalue("postgresql_server")
        settings = settings_for(fresh_postgresql(server, folder.parent.name + folder.name, "template_thaw"))
    with running(settings):
        yield settings


@pytest.fixture
def evening(served: Settings) -> Iterator[Hall]:
    """An open event of its own, with its organizer's browser."""
    with Hall(served) as hall:
        yield hall


@pytest.fixture(scope="session")
def unhurried(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """A Thaw whose delays are as long as they are in life, for what must not happen yet."""
    file = shutil.copy(sqlite_template, tmp_path_factory.mktemp("unhurried") / "thaw.db")
    settings = settings_for(f"sqlite:///{file}", THAW_TEST_DELAYS=1.0)
    with running(settings):
        yield settings


@pytest.fixture
def patient(unhurried: Settings) -> Iterator[Hall]:
    """An event where everything takes its time."""
    with Hall(unhurried) as hall:
        yield hall
