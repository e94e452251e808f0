"""Real services for tests: a throw-away PostgreSQL, fresh databases, a running Thaw."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import uvicorn

from service.app import create_app
from service.migrating import migrate
from service.serving import server_of
from service.settings import Settings

SECRET = "a secret that only tests know"


def free_port() -> int:
    """A loopback port that nobody uses right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def postgresql(folder: Path) -> Iterator[str]:
    """A PostgreSQL of its own in ``folder``; gives the address of its server, without a database name."""
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"))
    program = Path(shutil.which("postgres") or "") if not programs else programs[-1]
    if not program.is_file():
        raise RuntimeError("PostgreSQL is missing. Install the package postgresql, or run make test as root.")
    owner = "postgres" if os.getuid() == 0 else None
    folder.mkdir(parents=True, exist_ok=True)
    if owner:
        shutil.chown(folder, owner)
        folder.parent.chmod(0o755)
        _let_through(folder)
    name = owner or pwd.getpwuid(os.getuid()).pw_name
    init = [str(program.parent / "initdb"), "-D", str(folder / "data"), "-A", "trust", "-U", name, "-E", "UTF8"]
    subprocess.run([*init, "--locale=C.UTF-8"], check=True, user=owner, capture_output=True, cwd="/")
    port = free_port()
    flags = ["-c", "fsync=off", "-c", "max_connections=200", "-c", "unix_socket_directories=", "-p", str(port)]
    command = [str(program), "-D", str(folder / "data"), "-c", "listen_addresses=127.0.0.1", *flags]
    with subprocess.Popen(command, user=owner, stderr=subprocess.DEVNULL, cwd="/") as process:
        try:
            address = f"postgresql://{name}@127.0.0.1:{port}"
            _until_ready(address)
            yield address
        finally:
            process.send_signal(signal.SIGINT)  # at once, whoever is still connected


def fresh_postgresql(server: str, name: str, template: str) -> str:
    """A new database copied from a migrated one; gives its address."""
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    return f"postgresql+psycopg{server.removeprefix('postgresql')}/{name}"


def migrated_postgresql(server: str, name: str) -> str:
    """A new database with the newest tables, to copy others from."""
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    migrate(f"postgresql+psycopg{server.removeprefix('postgresql')}/{name}")
    return name


def settings_for(database_url: str, **changes: object) -> Settings:
    """A configuration on a free port, with every delay but the round's clock a twentieth."""
    port = free_port()
    values: dict[str, object] = {
        "DATABASE_URL": database_url,
        "PORT": port,
        "PUBLIC_URL": f"http://127.0.0.1:{port}",
        "SECRET_KEY": SECRET,
        "THAW_HOSTING": "open",
        "THAW_TEST_DELAYS": 0.02,
    }
    return Settings(_env_file=None, **(values | changes))  # type: ignore[arg-type]


@contextmanager
def running(settings: Settings) -> Iterator[uvicorn.Server]:
    """A Thaw that serves in a thread of this process until the block ends."""
    server = server_of(settings, create_app(settings))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + 10
    while not server.started:
        if time.monotonic() > deadline or not thread.is_alive():
            raise RuntimeError("Thaw did not start.")
        time.sleep(0.01)
    try:
        yield server
    finally:
        server.should_exit = True
        thread.join(10)


def _let_through(folder: Path) -> None:
    for parent in folder.parents:
        if parent.owner() == "root" and not parent.stat().st_mode & 0o001:
            parent.chmod(parent.stat().st_mode | 0o011)


def _until_ready(address: str) -> None:
    deadline = time.monotonic() + 30
    while True:
        try:
            psycopg.connect(f"{address}/postgres", connect_timeout=2).close()
        except psycopg.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)
        else:
            return
