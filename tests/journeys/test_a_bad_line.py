"""Phones whose line is cut, and phones that sleep through what happens: the card stays, and the truth comes back."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import expect

from service.settings import Settings
from tests.journeys.devices import Devices
from tests.journeys.hand import Thumb
from tests.journeys.line import Line
from tests.people import ADA, LEO, MARA, NOOR, Evening, Phone

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

AT_ONCE = 2_000
"""Milliseconds after waking in which a phone must show the truth."""


@pytest.fixture
def line(settings: Settings) -> Iterator[Line]:
    """Ada's line."""
    with Line(settings.port) as opened:
        yield opened


def test_ada_keeps_her_card_while_the_line_is_cut_and_sees_the_truth_after(
    evening: Evening, devices: Devices, line: Line
) -> None:
    ada, _leo = _card(evening, devices, line)
    banner = ada.page.locator("#banner")
    with ada.watch.quiet():
        line.cut()
        cut = time.monotonic()
        expect(banner).to_be_visible(timeout=4_000)
        assert 0.8 < time.monotonic() - cut < 3
        ada.reads("Reconnecting.").reads("Your match is safe.").reads("Leo").sees("matched")
        ada.find().reads("That did not get through. Try again in a moment.").sees("matched")
        evening.end_round()
        line.mend()
        ada.reads("You two did not find each other this time.", within=12_000)
        ada.page.wait_for_timeout(100)
    expect(banner).to_be_hidden()
    ada.press("Pause").sees("paused")


def test_ada_sees_the_truth_at_once_each_time_she_takes_her_phone_out(
    evening: Evening, devices: Devices, line: Line
) -> None:
    ada = devices.phone(line=line).join(evening.made["join"], ADA)
    others = evening.come(LEO, MARA, NOOR)

    with _asleep(ada, line):
        evening.start_round()
    ada.uncover().sees("matched", within=AT_ONCE)

    leo = next(other for other in others if other.number == ada.mark("partners"))
    with _asleep(ada, line):
        leo.find()
    ada.uncover().reads(f"{leo.person.name} says you found each other.", within=AT_ONCE)
    ada.press("Not yet").reads("Why you two")

    with _asleep(ada, line):
        evening.end_round()
    ada.uncover().sees("waiting", within=AT_ONCE)


def test_ada_returns_to_a_page_the_browser_kept_and_it_shows_the_truth(
    evening: Evening, devices: Devices, line: Line
) -> None:
    ada, leo = _card(evening, devices, line)
    for _cycle in range(3):
        with _asleep(ada, line, in_pocket=False):
            leo.find()
        ada.page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
        ada.reads("Leo says you found each other.", within=AT_ONCE)
        ada.press("Not yet").reads("Why you two")


def _card(evening: Evening, devices: Devices, line: Line) -> tuple[Thumb, Phone]:
    ada = devices.phone(line=line).join(evening.made["join"], ADA)
    (leo,) = evening.come(LEO)
    evening.start_round()
    ada.sees("matched").reads("Leo")
    expect(ada.page.locator("html[data-net=online]")).to_be_attached()
    return ada, leo


@contextmanager
def _asleep(ada: Thumb, line: Line, in_pocket: bool = True) -> Iterator[None]:
    """The radio goes off, and nobody is told; in a pocket the page is told that nobody looks at it."""
    expect(ada.page.locator("html[data-net=online]")).to_be_attached()
    if in_pocket:
        ada.cover()
    line.freeze()
    shown = ada.mark("version")
    yield
    ada.page.wait_for_timeout(300)
    assert ada.mark("version") == shown
    line.mend()
