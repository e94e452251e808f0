"""A phone 320 pixels wide, and names that break weak layouts: nothing ever has to be scrolled sideways."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from tests.journeys.clock import they_talk_for_minutes
from tests.journeys.devices import Devices
from tests.journeys.hand import Thumb
from tests.people import ADA, LEO, Evening, Phone

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

LONGEST = "Wolfeschlegelsteinhausenbergerdorffwelch"
ARABIC = "عبد الرحمن بن عبد العزيز المستنصر بالله"
FAMILY = "👨‍👩‍👧‍👦👩‍👩‍👦‍👦👨‍👨‍👧‍👧" * 13 + "👪"
SENTENCE = "W" * 140
UNFOLD = "(open) => { for (const each of document.querySelectorAll('details')) each.open = open; }"
TOO_WIDE = """() => [...document.querySelectorAll("body, body *")]
  .filter((each) => each.checkVisibility() && !each.closest("svg, .unseen"))
  .filter((each) => {
    const { left, right } = each.getBoundingClientRect();
    return left < -1 || right > innerWidth + 1 || each.scrollWidth > each.clientWidth + 1 && each.clientWidth;
  })
  .map((each) => `${each.localName}.${each.className}`)"""


@pytest.mark.parametrize("name", [LONGEST, ARABIC, FAMILY], ids=["longest", "arabic", "family"])
def test_nothing_is_wider_than_a_small_phone(evening: Evening, devices: Devices, name: str) -> None:
    ada = devices.phone(width=320, height=568)
    (leo,) = evening.come(replace(LEO, name=name))
    seen = [state for state in _evening_of(ada, leo, evening, name) if _fits(ada, state)]
    assert len(seen) == 18


def _evening_of(ada: Thumb, leo: Phone, evening: Evening, name: str) -> Iterator[str]:
    """Ada's phone in every state there is, one after the other; both people have the same unhandy name."""
    ada.scan(evening.made["join"])
    for question in ("passion", "field", "offer", "ask"):
        yield question
        ada.choose(question, ADA)
    yield "name"
    with ada.watch.quiet():
        ada.press("I'm in").reads("Tell us what people should call you.")
        yield "no name"
    ada.write(name).sees("waiting")
    yield "waiting"
    yield from _meeting(ada, leo, evening)


def _meeting(ada: Thumb, leo: Phone, evening: Evening) -> Iterator[str]:
    evening.start_round()
    ada.sees("matched")
    yield "card"
    ada.press_find()
    yield "signal"
    ada.press("We found each other")
    yield "numbers"
    leo.find()
    ada.reads("says you found each other.")
    yield "asked"
    ada.press("Not yet").reads("Why you two").find().reads("phone is asking.")
    yield "asking"
    leo.look()
    leo.send("confirm", answer="yes")
    ada.sees("talking")
    yield "talking"
    they_talk_for_minutes(evening.database)
    ada.press("We're done").sees("thanking")
    yield "thanking"
    leo.look()
    leo.send("thank", text=SENTENCE)
    ada.press("Skip this one").sees("waiting").reads(SENTENCE)
    yield "thanked"
    ada.press("Pause").sees("paused")
    yield "paused"
    ada.press("Leave").sees("left")
    yield "left"
    evening.host.get(f"/host/{evening.made['event']}")
    evening.host.send("end-event", confirm="1")
    ada.sees("over")
    yield "over"


def _fits(ada: Thumb, state: str) -> bool:
    """Whatever can be folded out is looked at both ways."""
    for unfolded in (True, False):
        ada.page.evaluate(UNFOLD, unfolded)
        assert ada.page.evaluate("document.scrollingElement.scrollWidth") == 320, state
        assert ada.page.evaluate(TOO_WIDE) == [], state
    return True
