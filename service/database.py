"""The engine, reading sessions, and Work: one transaction that writes. Commit, then nudge what was touched.

SQLite's plain BEGIN lets a transaction read first and then fail to write; so what writes begins
IMMEDIATE, and what only reads cannot write at all. No table is known here.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import Any, Self

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import Connection, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlmodel import Session

from service.settings import THREADS

Announce = Callable[[frozenset[str]], None]

PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    "PRAGMA secure_delete=ON",
    "PRAGMA busy_timeout=5000",
)


class Work:
    """One transaction that writes. ``nudge`` collects topics; they are announced only after the commit."""

    def __init__(self, session: Session, announce: Announce, queue: AbstractContextManager[Any]) -> None:
        self.session = session
        self._announce = announce
        self._queue = queue
        self._topics: set[str] = set()

    def nudge(self, *topics: str) -> None:
        """Remember that what these topics show has changed."""
        self._topics.update(topics)

    def __enter__(self) -> Self:
        self._queue.__enter__()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        try:
            if kind is None:
                self.session.commit()
        finally:
            self.session.close()
            self._queue.__exit__(None, None, None)
        if kind is None and self._topics:
            self._announce(frozenset(self._topics))


class Database:
    """Where everything is kept. ``announce`` is told the touched topics after each commit."""

    def __init__(self, url: str, announce: Announce = lambda _: None) -> None:
        self.engine = _engine(url)
        self.announce = announce
        # SQLite lets writers poll for their turn, and under load some starve; here they queue.
        self._queue: AbstractContextManager[Any] = Lock() if self.engine.dialect.name == "sqlite" else nullcontext()
        options: dict[str, Any] = {"postgresql_readonly": True} if self.engine.dialect.name == "postgresql" else {}
        self._reader = self.engine.execution_options(reads_only=True, **options)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that can only read; writing in it fails on every database."""
        with Session(self._reader, expire_on_commit=False, autoflush=False) as session:
            yield session

    def work(self) -> Work:
        """A transaction that writes, committed when its block ends well."""
        return Work(Session(self.engine, expire_on_commit=False, autoflush=False), self.announce, self._queue)

    def close(self) -> None:
        """Give back every connection."""
        self.engine.dispose()


def _engine(url: str) -> Engine:
    address = make_url(url)
    if address.get_backend_name() != "sqlite":
        engine = create_engine(
            url, pool_size=THREADS, max_overflow=4, pool_timeout=3, pool_pre_ping=True, hide_parameters=True
        )
        return engine
    if address.database:
        Path(address.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url, pool_size=THREADS, max_overflow=4, pool_timeout=3, hide_parameters=True)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: DBAPIConnection, _record: object) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves
    cursor = connection.cursor()
    for pragma in PRAGMAS:
        cursor.execute(pragma)
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    reads_only = connection.get_execution_options().get("reads_only", False)
    connection.exec_driver_sql(f"PRAGMA query_only={'ON' if reads_only else 'OFF'}")
    connection.exec_driver_sql("BEGIN" if reads_only else "BEGIN IMMEDIATE")
