"""Running the server: one process on one database, with the settings that phones on bad Wi-Fi need."""

import fcntl
import logging
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import uvicorn
from fastapi import FastAPI
from sqlalchemy import create_engine, pool, text
from sqlalchemy.engine import make_url

from service.app import create_app
from service.logs import log_as_json
from service.migrating import migrate
from service.settings import Settings

log = logging.getLogger(__name__)

ADVISORY_LOCK = 0x7468_6177
"""The number under which one Thaw holds a PostgreSQL database."""


def serve(settings: Settings, migrate_first: bool = False) -> None:
    """Serve until told to stop. Raises ValueError, in words, for a configuration that cannot be served."""
    objections = settings.objections()
    if objections:
        raise ValueError(" ".join(objections))
    log_as_json(settings.log_level)
    with alone(settings.database_url):
        if migrate_first:
            migrate(settings.database_url)
        server = server_of(settings, create_app(settings))
        with listening(settings) as door:
            _take_stopping_calmly()
            log.info("serving %s on port %s", settings.public_url, settings.port)
            server.run([door])
    log.info("stopped")


def server_of(settings: Settings, app: FastAPI) -> uvicorn.Server:
    """A server for this app. Deflate is off: it costs memory for every phone and saves little on small screens."""
    return uvicorn.Server(
        uvicorn.Config(
            app,
            host=settings.host,
            port=settings.port,
            ws="websockets-sansio",
            ws_max_size=4096,
            ws_max_queue=8,
            ws_ping_interval=20,
            ws_ping_timeout=20,
            ws_per_message_deflate=False,
            timeout_graceful_shutdown=5,
            proxy_headers=True,
            forwarded_allow_ips=settings.forwarded_allow_ips,
            server_header=False,
            access_log=False,
            log_config=None,
        )
    )


@contextmanager
def alone(database_url: str) -> Iterator[None]:
    """Hold a database against a second server, whose phones would not hear of what happens here."""
    address = make_url(database_url)
    if address.get_backend_name() == "sqlite":
        with _file_lock(Path(address.database or "thaw.db")):
            yield
    else:
        with _advisory_lock(database_url):
            yield


def listening(settings: Settings) -> socket.socket:
    """A socket at the address to serve. Raises ValueError, in words, where somebody else has it."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        return socket.create_server((settings.host, settings.port), family=family)
    except OSError as error:
        raise ValueError(
            f"Port {settings.port} of {settings.host} cannot be used. Choose another PORT or HOST."
        ) from error


def _take_stopping_calmly() -> None:
    """Once it has stopped, uvicorn sends itself the signal again; that is no reason to end as if killed."""
    for stop in (signal.SIGINT, signal.SIGTERM):
        signal.signal(stop, lambda _number, _frame: None)


@contextmanager
def _file_lock(database: Path) -> Iterator[None]:
    database.parent.mkdir(parents=True, exist_ok=True)
    with Path(f"{database}.lock").open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise ValueError(f"Another Thaw is serving {database}. Stop it first.") from error
        yield


@contextmanager
def _advisory_lock(database_url: str) -> Iterator[None]:
    engine = create_engine(database_url, poolclass=pool.NullPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        asked: Any = connection.execute(text("SELECT pg_try_advisory_lock(:key)"), {"key": ADVISORY_LOCK})
        if not asked.scalar_one():
            raise ValueError("Another Thaw is serving this database. Stop it first.")
        yield
    engine.dispose()
