"""What Thaw may cost: time to start, memory, and bytes before somebody in a hall can answer."""

import gzip
import re
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
"""Seconds from nothing, not even tables, to ready."""
MEMORY = 130 * 1024 * 1024
"""Resident bytes of a Thaw that has served a page and waits."""
FIRST_QUESTION = 14 * 1024
"""Compressed bytes that reach a phone in its first round trip."""


def test_thaw_is_ready_soon_stays_small_and_asks_in_one_round_trip(tmp_path: Path) -> None:
    settings = settings_for(f"sqlite:///{tmp_path / 'thaw.db'}")
    began = time.monotonic()
    with thaw(settings, tmp_path, "serve", "--migrate") as process:
        until_ready(settings, process)
        took = time.monotonic() - began
        first = _first_question(settings)
        assert first.status_code == 200
        assert len(gzip.compress(first.content)) < FIRST_QUESTION
        assert _fetched_before_it_shows(first.text) == []
        time.sleep(0.5)
        assert psutil.Process(process.pid).memory_info().rss < MEMORY
    assert took < START


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


def _fetched_before_it_shows(page: str) -> list[str]:
    """Everything that a browser would ask for besides the page: nothing may be needed to show and answer it."""
    linked = re.findall(r"""<(?:link|script|img|iframe|source|use)\b[^>]*?(?:href|src)=["']([^"']+)""", page)
    drawn = re.findall(r"""(?:url\(|@import)\s*["']?([^"')]+)""", page)
    return [address for address in (*linked, *drawn) if not address.startswith(("data:", "#"))]
