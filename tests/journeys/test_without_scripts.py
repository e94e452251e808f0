"""A phone with JavaScript off: every step works, and each tap or "Is it my turn?" shows the truth."""

import pytest

from tests.journeys.clock import they_talk_for_minutes
from tests.journeys.devices import Devices
from tests.journeys.hand import Thumb
from tests.people import ADA, LEO, MARA, NOOR, Evening, Phone

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def test_ada_without_scripts_meets_two_people_and_thanks_one(evening: Evening, devices: Devices) -> None:
    ada = devices.phone(scripts=False).join(evening.made["join"], ADA)
    others = evening.come(LEO, MARA, NOOR)
    ada.press("Is it my turn?").sees("waiting")

    evening.start_round()
    ada.press("Is it my turn?").sees("matched")
    first = _partner(ada, others)
    ada.reads(first.person.name).find().reads("phone is asking.")
    first.look()
    first.send("confirm", answer="yes")
    ada.page.reload()
    ada.sees("talking")
    they_talk_for_minutes(evening.database)
    ada.press("We're done").sees("thanking").press("You really listened").sees("waiting")
    assert first.state == "thanking"
    assert "You really listened" in first.send("thank", skip="1").words
    evening.end_round()

    evening.start_round()
    ada.press("Is it my turn?").sees("matched")
    second = _partner(ada, others)
    assert second is not first
    second.find()
    ada.page.reload()
    ada.reads(f"{second.person.name} says you found each other.").press("Yes, talking").sees("talking")
    assert second.state == "talking"


def _partner(ada: Thumb, others: list[Phone]) -> Phone:
    return next(other for other in others if other.number == ada.mark("partners"))
