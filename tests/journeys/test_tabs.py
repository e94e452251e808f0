"""Reload, Back, a second tab, an old tab: nobody loses their place, and all tabs of a phone show the same."""

import pytest
from playwright.sync_api import expect

from tests.journeys.devices import Devices
from tests.journeys.hand import Thumb
from tests.people import ADA, LEO, Evening

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

AT_ONCE = 2_000
"""Milliseconds in which all tabs of a phone show the same."""
MARKS = ("state", "version", "meeting", "number", "partners", "signal", "spot", "reason")


def test_ada_reloads_and_goes_back_and_is_still_where_she_was(evening: Evening, devices: Devices) -> None:
    ada = devices.phone().scan(evening.made["join"])
    old = devices.tab(ada).scan(evening.made["join"])
    ada.choose("passion", ADA)
    expect(ada.screen).to_have_attribute("data-question", "field")
    ada.page.go_back()
    expect(ada.screen).to_have_attribute("data-question", "field")
    ada.page.reload()
    ada.press("‹ Back").reads("selected").choose("passion", ADA).choose("field", ADA)
    ada.choose("offer", ADA).choose("ask", ADA).write("Ada").sees("waiting")
    old.choose("passion", LEO).sees("waiting")
    assert old.mark("version") == ada.mark("version")

    evening.come(LEO)
    evening.start_round()
    card = _marks(ada.sees("matched"))
    ada.page.reload()
    assert _marks(ada.sees("matched")) == card
    ada.press_find().press("We found each other").reads("Say your numbers.")
    ada.page.reload()
    ada.reads("Say your numbers.").page.go_back()
    ada.reads("Say your number").reads_nowhere("Say your numbers.").page.go_back()
    ada.reads("Why you two").scan(evening.made["join"])
    assert _marks(ada.sees("matched")) == card


def test_adas_tabs_show_the_same_and_an_old_one_tells_her_the_truth(evening: Evening, devices: Devices) -> None:
    one = devices.phone().join(evening.made["join"], ADA)
    evening.come(LEO)
    evening.start_round()
    one.sees("matched")
    two = devices.tab(one).scan(one.page.url).sees("matched")
    old = devices.tab(one)
    old.page.route_web_socket("**/live", lambda _socket: None)
    old.scan(one.page.url).sees("matched")
    assert _marks(one) == _marks(two) == _marks(old)

    one.find().reads("Leo's phone is asking.")
    two.reads("Leo's phone is asking.", within=AT_ONCE)
    assert _marks(one) == _marks(two)
    evening.end_round()
    one.sees("talking", within=AT_ONCE)
    two.sees("talking", within=AT_ONCE)
    assert _marks(one) == _marks(two) == _marks(old.find().sees("talking"))
    two.press("Pause").sees("paused")
    one.sees("paused", within=AT_ONCE)
    with one.watch.quiet():
        old.press("We're done").sees("paused").reads("You are not in a conversation. Here is where you are.")
    assert _marks(one) == _marks(two) == _marks(old)


def _marks(tab: Thumb) -> dict[str, str]:
    return {name: tab.mark(name) for name in MARKS}
