"""Thaw as a process of its own, as it runs on a host: started, waited for, always stopped."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2

from service.settings import Settings

PATIENCE = 20.0
"""Seconds after which a Thaw that does not answer is given up."""


@contextmanager
def thaw(settings: Settings, folder: Path, *words: str) -> Iterator[subprocess.Popen[bytes]]:
    """``thaw`` with these words, working in ``folder``; its log lines go to ``thaw.log`` there."""
    log = folder / "thaw.log"
    with (
        log.open("ab") as lines,
        subprocess.Popen(
            [sys.executable, "-m", "service", *words], env=environment(settings), cwd=folder, stderr=lines
        ) as process,
    ):
        try:
            yield process
        finally:
            process.kill()


def until_ready(settings: Settings, process: subprocess.Popen[bytes]) -> None:
    """Wait until the process answers that it can serve. Fails if it ends, or does not in time."""
    deadline = time.monotonic() + PATIENCE
    while not _is_ready(settings):
        assert process.poll() is None, "Thaw ended before it served"
        assert time.monotonic() < deadline, "Thaw did not become ready"
        time.sleep(0.02)


def environment(settings: Settings) -> dict[str, str]:
    """These settings, and no others, as variables of a process."""
    ours = {str(field.alias) for field in Settings.model_fields.values()}
    others = {name: value for name, value in os.environ.items() if name not in ours}
    return others | {name: str(value) for name, value in settings.model_dump(by_alias=True).items()}


def _is_ready(settings: Settings) -> bool:
    try:
        answer = httpx2.get(f"{settings.public_url}/readyz", timeout=PATIENCE, trust_env=False)
    except httpx2.TransportError:
        return False
    return answer.status_code == 200
