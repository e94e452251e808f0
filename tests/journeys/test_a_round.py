"""The main journey: two phones and an organizer play a whole round in real browsers, on both databases."""

import re
import time

from playwright.sync_api import expect
from sqlmodel import select

from service.database import Database
from service.models import Event
from tests.invariants import broken
from tests.journeys.devices import Devices
from tests.journeys.hand import Hand, Thumb
from tests.people import ADA, KIM, LEO, MARA, NOOR, SAM, Phone

BEFORE_THEM = 411
"""So many came earlier, so that nothing else on a page happens to look like the number of Ada or Leo."""
LONG_ENOUGH = 6.5
"""Seconds of talking after which thanks are offered here."""
SENTENCE = "You made me laugh"


def test_ada_and_leo_meet_talk_thank_and_then_meet_somebody_else(
    thaw: str, devices: Devices, callers: list[Phone], database: Database
) -> None:
    host = _make_an_event(thaw, devices)
    join = f"{thaw}/J/{host.mark('code')}"
    _others_came_before(database)
    ada = devices.phone().join(join, ADA)
    leo = devices.phone().join(join, LEO)
    callers += [Phone(thaw, join, person).join() for person in (MARA, NOOR, KIM, SAM)]
    _counts(host, ready=6, answering=0)

    host.press("Start round 1")
    _share_a_card(ada, leo)
    for other in callers:
        _knows_nothing_of(other, ada, leo)
    _counts(host, ready=0, matched=6)
    host.reads("0 of 3 pairs have met.")

    leo.find()
    leo.reads("Ada's phone is asking.")
    ada.reads("Leo says you found each other.").press("Yes, talking")
    began = time.monotonic()
    leo.sees("talking")
    ada.sees("talking")
    assert ada.mark("meeting") == leo.mark("meeting")
    host.reads("1 of 3 pairs have met.")
    _counts(host, talking=2)

    ada.page.wait_for_timeout(max(0.0, LONG_ENOUGH - (time.monotonic() - began)) * 1000)
    first = {ada: ada.mark("partners"), leo: leo.mark("partners")}
    ada.press("We're done").sees("thanking")
    leo.sees("thanking")
    ada.press("Skip this one").sees("waiting")
    leo.press(SENTENCE).press("Send to Ada").sees("waiting")
    ada.reads(SENTENCE)

    host.press("End round 1")
    _counts(host, ready=6)
    host.press("Start round 2")
    for phone, partner in first.items():
        phone.sees("matched")
        assert phone.mark("partners") != partner
    _never_reloaded(host)
    assert broken(database) == {}


def _make_an_event(thaw: str, devices: Devices) -> Hand:
    """Name and time are all that is asked for, and the time is filled in already."""
    host = devices.desk()
    host.page.goto(thaw)
    host.press("Host an event")
    expect(host.page.locator("input:visible, select:visible, textarea:visible")).to_have_count(2)
    expect(host.page.get_by_label("When?")).not_to_have_value("")
    host.page.get_by_label("What is it called?").fill("Harbour Evening")
    host.press("Make the event").sees("open")
    host.press("I have kept it")
    expect(host.page.locator("html[data-net=online]")).to_be_attached()
    host.page.evaluate("document.body.dataset.since = 'the first load'")
    return host


def _never_reloaded(host: Hand) -> None:
    assert host.page.evaluate("document.body.dataset.since") == "the first load"


def _others_came_before(database: Database) -> None:
    with database.work() as work:
        work.session.exec(select(Event)).one().last_number = BEFORE_THEM


def _share_a_card(ada: Thumb, leo: Thumb) -> None:
    ada.sees("matched").reads("Leo")
    leo.sees("matched").reads("Ada")
    assert ada.mark("partners") == leo.mark("number")
    assert leo.mark("partners") == ada.mark("number")
    for mark in ("meeting", "signal", "spot"):
        assert ada.mark(mark) == leo.mark(mark) != ""


def _knows_nothing_of(other: Phone, *pair: Thumb) -> None:
    """Four numbers to tap are random, and may be anybody's; everything else on the page is looked at."""
    page = re.sub(r'<button [^>]*name="number".*?</button>', "", other.look().text)
    assert other.page.state == "matched"
    for phone, name in zip(pair, ("Ada", "Leo"), strict=True):
        assert not re.search(rf"\b{name}\b", page)
        assert not re.search(rf"\b{phone.mark('number')}\b", page)


def _counts(host: Hand, **wanted: int) -> None:
    for state, count in wanted.items():
        expect(host.page.locator(f'data[data-of="{state}"]')).to_have_text(str(count), timeout=10_000)
