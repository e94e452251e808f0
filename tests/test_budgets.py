"""What Thaw may cost: time to start, memory, and bytes before somebody in a hall can answer."""

import gzip
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import psutil

from service.database import Database
from service.dev import events
from service.settings import Settings
from tests.processes import thaw, until_ready
from tests.services import settings_for

START = 4.0
"""Seconds from nothing, not even tables, to ready; time in which other programs kept the processor is not counted."""
MEMORY = 130 * 1024 * 1024
"""Resident bytes of a Thaw that has served a page and waits."""
FIRST_QUESTION = 14 * 1024
"""Compressed bytes that reach a phone in its first round trip."""


def test_thaw_is_ready_soon_stays_small_and_stops_when_asked(tmp_path: Path) -> None:
    settings = settings_for(f"sqlite:///{tmp_path / 'thaw.db'}")
    began = time.monotonic()
    with thaw(settings, tmp_path, "serve", "--migrate") as process:
        until_ready(settings, process)
        took = time.monotonic() - began - _kept_waiting(process.pid)
        first = _first_question(settings)
        time.sleep(0.5)
        resident = psutil.Process(process.pid).memory_info().rss
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 0, "Ctrl-C is how one stops it, and no failure"
    assert took < START
    assert resident < MEMORY
    assert first.status_code == 200
    assert len(gzip.compress(first.content)) < FIRST_QUESTION


def _kept_waiting(pid: int) -> float:
    """Seconds in which a process could have worked, but others had the processor."""
    _worked, waited, _turns = Path(f"/proc/{pid}/schedstat").read_text().split()
    return int(waited) / 1e9


def _first_question(settings: Settings) -> httpx2.Response:
    with _open_database(settings) as database:
        made = events.make(database, events.Plan("Harbour Evening", {}, True, 3, 600), settings.public_url)
    return httpx2.get(made["join"], trust_env=False)


@contextmanager
def _open_database(settings: Settings) -> Iterator[Database]:
    database = Database(settings.database_url)
    try:
        yield database
    finally:
        database.close()
