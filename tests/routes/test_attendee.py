"""Attendees over HTTP: joining, answering, and what a form may and may not do however often it is sent."""

import re
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlmodel import func, select

from service.actions import attendance, hosting
from service.domain.errors import Refused
from service.models import Attendee, Event
from tests.invariants import broken
from tests.people import ADA, MARA, NOOR, Page, Phone
from tests.routes.halls import Hall, wrong_number


def people_at(evening: Hall) -> int:
    """How many people the event knows."""
    query = select(func.count()).select_from(Attendee).join(Event).where(Event.public_id == evening.event)
    with evening.database.reading() as session:
        return session.exec(query).one()


def test_two_taps_on_the_first_answer_make_one_person(evening: Hall) -> None:
    phones = [evening.phone(ADA) for _finger in range(4)]
    form = phones[0].get(evening.made["join"]).form("answer")
    sent = form | {"value": "singing"}
    with ThreadPoolExecutor(4) as fingers:
        pages = list(fingers.map(lambda phone: phone.post(form[""], sent), phones))
    assert [page.mark("question") for page in pages] == ["field"] * 4
    assert len({phone.client.cookies[evening.cookies.attendee(evening.event)] for phone in phones}) == 1
    assert people_at(evening) == 1


def test_a_second_tab_makes_no_second_person(evening: Hall) -> None:
    ada = evening.phone(ADA)
    tabs = [ada.get(evening.made["join"]).form("answer") for _tab in range(2)]
    for tab in tabs:
        assert ada.post(tab[""], tab | {"value": "singing"}).mark("question") == "field"
    assert people_at(evening) == 1


def test_whoever_scans_again_is_led_to_their_own_screen(evening: Hall) -> None:
    (ada,) = evening.come(ADA)
    assert ada.get(evening.made["join"]).address == evening.address()
    assert ada.page.state == "waiting"


def test_going_back_shows_the_answer_that_was_given_and_takes_a_better_one(evening: Hall) -> None:
    ada = evening.seated(ADA, until="field")
    assert ada.send("back").mark("question") == "passion"
    assert re.search(r'chip--chosen" name="value" value="singing"', ada.page.main)
    ada.send("answer", value="cooking")
    assert re.search(r'chip--chosen" name="value" value="cooking"', ada.send("back").main)


def test_an_answer_from_a_page_left_behind_is_refused_on_the_page_one_is_at(evening: Hall) -> None:
    ada = evening.seated(ADA, until="passion")
    older = ada.page.form("answer")
    ada.send("answer", value="singing")
    page = ada.post(older[""], older | {"key": "another", "value": "cooking"})
    assert (page.status, page.mark("question")) == (409, "field")
    assert page.alert == "That question was on another page. Here is the one you are at."


def test_a_private_ask_stays_private_on_the_way_back(evening: Hall) -> None:
    noor = evening.seated(NOOR, until="ask")
    assert not re.search(r'name="private" value="1" checked', noor.page.main)
    noor.send("answer", value="a-career-decision", private="1")
    assert re.search(r'name="private" value="1" checked', noor.send("back").main)


def twice(phone: Phone, action: str, **fields: str) -> Page:
    """Send one form two times: the same answer to both, and the screen as after one."""
    form = phone.page.form(action)
    first, again = (phone.post(form[""], form | fields) for _tap in range(2))
    assert (first.status, again.status) == (200, 200), again.alert
    assert again.main == first.main
    return again


def test_every_form_of_an_arrival_sent_twice_has_one_effect(evening: Hall) -> None:
    ada = evening.seated(ADA, until="passion")
    assert twice(ada, "answer", value="singing").mark("question") == "field"
    assert twice(ada, "back").mark("question") == "passion"
    for question in ("passion", "field", "offer", "ask"):
        twice(ada, "answer", value=getattr(ADA, question))
    assert twice(ada, "answer", value="Ada").state == "waiting"
    assert twice(ada, "pause").state == "paused"
    assert twice(ada, "return").state == "waiting"
    assert twice(ada, "leave").state == "left"
    assert people_at(evening) == 1


def test_every_form_of_a_search_sent_twice_has_one_effect(patient: Hall) -> None:
    ada, leo = patient.two("matched")
    for _wrong in range(2):
        twice(ada, "found", number=wrong_number(ada))
    assert "disabled" not in ada.page.main
    assert twice(ada, "found", number=ada.page.mark("partners")).state == "matched"
    leo.look()
    assert twice(leo, "confirm", answer="not-yet").state == "matched"
    assert twice(leo, "step-away").state == "waiting"


def test_every_form_of_a_meeting_sent_twice_has_one_effect(evening: Hall) -> None:
    ada, leo = evening.two("talking")
    time.sleep(1.25)
    assert twice(leo, "done").state == "thanking"
    assert twice(leo, "thank", text="You really listened").state == "waiting"
    assert ada.state == "thanking"
    assert twice(ada, "thank", skip="1").words.count("You really listened") == 1
    assert broken(evening.database) == {}


def test_a_used_form_with_other_words_is_refused(evening: Hall) -> None:
    leo = evening.two("thanking")[1]
    form = leo.page.form("thank")
    leo.post(form[""], form | {"text": "You made me laugh"})
    page = leo.post(form[""], form | {"text": "You really listened"})
    assert (page.status, page.state) == (409, "waiting")
    assert page.alert == "That page was used already. Here is where you are now."


REACHED: dict[str, Callable[[Hall], Phone]] = {
    "answering": lambda evening: evening.seated(ADA, until="field"),
    "naming": lambda evening: evening.seated(ADA, until="name"),
    "waiting": lambda evening: evening.come(ADA)[0],
    "matched": lambda evening: evening.two("matched")[0],
    "asked": lambda evening: _asked(*evening.two("matched")),
    "talking": lambda evening: evening.two("talking")[0],
    "thanking": lambda evening: evening.two("thanking")[0],
    "paused": lambda evening: _after(evening.come(ADA)[0], "pause"),
    "left": lambda evening: _after(evening.come(ADA)[0], "leave"),
}
WORDS = {
    "answering": {"value": "teaching"},
    "naming": {"value": "Ada"},
    "asked": {"answer": "not-yet"},
    "thanking": {"text": "You really listened"},
}


@pytest.mark.parametrize("screen", REACHED)
def test_no_form_on_a_screen_is_a_dead_end(patient: Hall, screen: str) -> None:
    phone = REACHED[screen](patient)
    for action in set(re.findall(r'data-action="([^"]*)"', phone.page.main)):
        with Hall(patient.settings) as another:
            phone = REACHED[screen](another)
            fields = {"number": phone.page.mark("partners")} if action == "found" else WORDS.get(screen, {})
            page = phone.send(action, **fields)
            assert (page.status, page.alert) == (200, ""), f"{action} on {screen}"


def test_an_event_that_is_over_is_over_on_every_screen(evening: Hall) -> None:
    ada, leo = evening.two("thanking")
    answering = evening.seated(MARA, until="field")
    evening.host.get(f"/host/{evening.event}")
    evening.host.send("end-event", confirm="1")
    assert [phone.state for phone in (ada, leo, answering)] == ["over"] * 3
    for action in ("answer", "pause", "return", "leave", "found", "done", "step-away"):
        assert ada.post(evening.address(f"/{action}"), {"number": "1"}).status == 409
        assert (ada.page.state, bool(ada.page.alert)) == ("over", True)


def test_nobody_slips_in_while_the_event_ends(evening: Hall) -> None:
    evening.act(hosting.end_event)
    with pytest.raises(Refused):
        evening.act(lambda turn: attendance.join(turn, "a phone that was on its way"))


def _asked(asking: Phone, asked: Phone) -> Phone:
    asking.find()
    asked.look()
    return asked


def _after(phone: Phone, action: str) -> Phone:
    phone.send(action)
    return phone
