"""`thaw demo` as a newcomer runs it: a phone that scans the printed code meets one simulated guest, then another."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest
from playwright.sync_api import Browser

from tests.journeys.devices import Devices
from tests.journeys.hand import Thumb
from tests.people import ADA
from tests.services import free_port

SCALE = 0.15
"""Nine seconds instead of a minute until silence counts as a yes: guests say it within three."""
A_MINUTE = 60_000
BY_ITSELF = 6_000
"""Milliseconds in which a guest must have said yes; only after nine would silence count as one."""


@pytest.fixture
def join(tmp_path: Path) -> Iterator[str]:
    """The join address that a demo on a free port and a fresh database prints."""
    port = free_port()
    surroundings = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "PORT": str(port)}
    surroundings |= {"DATABASE_URL": f"sqlite:///{tmp_path}/demo.db", "THAW_TEST_DELAYS": str(SCALE)}
    command = [str(Path(sys.executable).parent / "thaw"), "demo"]
    with subprocess.Popen(command, env=surroundings, cwd=tmp_path, stdout=subprocess.PIPE, text=True) as demo:
        lines: list[str] = []
        assert demo.stdout is not None
        reader = Thread(target=lines.extend, args=(demo.stdout,), daemon=True)
        reader.start()
        try:
            yield _printed_address(lines)
        finally:
            demo.send_signal(signal.SIGINT)
            assert demo.wait(20) == 0
            reader.join(5)


@pytest.mark.slow
def test_ada_scans_the_demo_and_meets_two_guests(join: str, chromium: Browser) -> None:
    devices = Devices(chromium, join.split("/J/", maxsplit=1)[0])
    ada = devices.phone().join(join, ADA)
    first = _meet(ada.sees("matched", within=A_MINUTE))
    ada.page.wait_for_timeout(60_000 * SCALE + 500)
    ada.press("We're done").sees("thanking").press("You really listened")
    ada.page.get_by_role("button", name=re.compile("^Send to ")).tap()
    ada.sees("matched", within=A_MINUTE)
    assert ada.mark("partners") != first
    _meet(ada)
    assert devices.complaints() == []
    devices.close()


def _meet(ada: Thumb) -> str:
    """Find the guest; gives their number. They answer the phone's question by themselves."""
    partner = ada.mark("partners")
    ada.find().sees("talking", within=BY_ITSELF)
    return partner


def _printed_address(lines: list[str]) -> str:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        for line in list(lines):
            if found := re.search(r"join +(http\S+)", line):
                return found[1]
        time.sleep(0.1)
    raise AssertionError(f"no join address among {lines}")
