"""Attendees over HTTP: joining, answering, the round, finding each other, thanks."""

import re
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlmodel import func, select

from service.models import Attendee, Event
from tests.invariants import broken
from tests.people import ADA, KIM, LEO, MARA, NOOR, SAM, Page, Person, Phone
from tests.routes.halls import Hall, eventually

ANNA = Person("Anna", "singing", "teaching", "speaking-in-public", "making-sense-of-numbers")


def talking(evening: Hall) -> tuple[Phone, Phone]:
    """Ada and Leo have found each other."""
    ada, leo = evening.come(ADA, LEO)
    evening.meet()
    assert ada.state == leo.state == "talking"
    return ada, leo


def matched(evening: Hall) -> tuple[Phone, Phone]:
    """Ada and Leo look for each other."""
    ada, leo = evening.come(ADA, LEO)
    evening.start_round()
    assert ada.state == leo.state == "matched"
    return ada, leo


def thanking(evening: Hall) -> tuple[Phone, Phone]:
    """Ada and Leo have talked and may thank."""
    ada, leo = talking(evening)
    evening.part()
    assert ada.state == leo.state == "thanking"
    return ada, leo


def people_at(evening: Hall) -> int:
    """How many people the event knows."""
    query = select(func.count()).select_from(Attendee).join(Event).where(Event.public_id == evening.event)
    with evening.database.reading() as session:
        return session.exec(query).one()


def buttons(phone: Phone, name: str) -> list[str]:
    """The values of all buttons of that name on the current screen."""
    return re.findall(rf'name="{name}" value="([^"]*)"', phone.page.main)


def wrong_number(phone: Phone) -> str:
    """A number on the phone that is not the partner's."""
    return next(number for number in buttons(phone, "number") if number not in phone.page.mark("partners").split(","))


def test_two_people_of_different_fields_scan_answer_meet_and_thank(evening: Hall) -> None:
    ada, leo = evening.phone(ADA).join(), evening.phone(LEO).join()
    assert ada.state == leo.state == "waiting"
    evening.start_round()
    assert ada.state == leo.state == "matched"
    assert ada.page.mark("meeting") == leo.page.mark("meeting")
    assert ada.page.mark("signal") == leo.page.mark("signal")
    assert (ada.page.mark("partners"), leo.page.mark("partners")) == (leo.number, ada.number)
    assert "Leo" in ada.look().words
    ada.find()
    leo.look()
    leo.send("confirm", answer="yes")
    time.sleep(1.25)
    assert leo.send("done").state == "thanking"
    leo.send("thank", text="You made me laugh")
    assert ada.state == "thanking"
    assert ada.send("thank", skip="1").state == "waiting"
    assert "You made me laugh Leo" in ada.page.words


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


def test_every_form_sent_twice_has_one_effect(evening: Hall) -> None:
    ada = evening.seated(ADA, until="passion")
    assert twice(ada, "answer", value="singing").mark("question") == "field"
    assert twice(ada, "back").mark("question") == "passion"
    for question in ("passion", "field", "offer", "ask"):
        twice(ada, "answer", value=getattr(ADA, question))
    assert twice(ada, "answer", value="Ada").state == "waiting"
    (leo,) = evening.come(LEO)
    evening.start_round()
    ada.look()
    twice(ada, "found", number=wrong_number(ada))
    assert twice(ada, "found", number=ada.page.mark("partners")).state == "matched"
    leo.look()
    assert twice(leo, "confirm", answer="yes").state == "talking"
    time.sleep(1.25)
    assert twice(leo, "done").state == "thanking"
    assert twice(leo, "thank", text="You really listened").state == "waiting"
    assert twice(leo, "pause").state == "paused"
    assert twice(leo, "return").state == "waiting"
    assert ada.look().state == "thanking"
    assert twice(ada, "thank", skip="1").words.count("You really listened") == 1
    assert twice(ada, "leave").state == "left"
    assert broken(evening.database) == {}


def test_a_used_form_with_other_words_is_refused(evening: Hall) -> None:
    leo = thanking(evening)[1]
    form = leo.page.form("thank")
    leo.post(form[""], form | {"text": "You made me laugh"})
    page = leo.post(form[""], form | {"text": "You really listened"})
    assert (page.status, page.state) == (409, "waiting")
    assert page.alert == "That page was used already. Here is where you are now."


REACHED: dict[str, Callable[[Hall], Phone]] = {
    "answering": lambda evening: evening.seated(ADA, until="field"),
    "naming": lambda evening: evening.seated(ADA, until="name"),
    "waiting": lambda evening: evening.come(ADA)[0],
    "matched": lambda evening: matched(evening)[0],
    "asked": lambda evening: _asked(*matched(evening)),
    "talking": lambda evening: talking(evening)[0],
    "thanking": lambda evening: thanking(evening)[0],
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
def test_no_form_on_a_screen_is_a_dead_end(evening: Hall, screen: str) -> None:
    phone = REACHED[screen](evening)
    for action in set(re.findall(r'data-action="([^"]*)"', phone.page.main)):
        with Hall(evening.settings) as another:
            phone = REACHED[screen](another)
            fields = {"number": phone.page.mark("partners")} if action == "found" else WORDS.get(screen, {})
            page = phone.send(action, **fields)
            assert (page.status, page.alert) == (200, ""), f"{action} on {screen}"


def test_the_other_phone_is_asked_and_a_yes_starts_the_talk(evening: Hall) -> None:
    ada, leo = matched(evening)
    assert "Leo's phone is asking." in ada.find().words
    assert ada.page.state == leo.state == "matched"
    assert "Ada says you found each other." in leo.page.words
    leo.send("confirm", answer="yes")
    assert ada.state == leo.state == "talking"


def test_not_yet_goes_back_to_the_card(evening: Hall) -> None:
    ada, leo = matched(evening)
    card = leo.page.words
    ada.find()
    assert leo.look().words != card
    assert leo.send("confirm", answer="not-yet").words == card
    assert ada.state == "matched"
    assert ada.find().status == 200


def test_silence_counts_as_a_yes(evening: Hall) -> None:
    ada, leo = matched(evening)
    ada.find()
    assert eventually(lambda: (ada.state, leo.state) == ("talking", "talking"))


def test_two_right_numbers_need_no_question(evening: Hall) -> None:
    ada, leo = matched(evening)
    form = leo.page.form("found")
    ada.find()
    assert leo.post(form[""], form | {"number": leo.page.mark("partners")}).state == "talking"
    assert ada.state == "talking"


def test_nobody_can_say_yes_to_a_question_that_was_not_asked(evening: Hall) -> None:
    ada, leo = matched(evening)
    assert leo.post(evening.address("/confirm"), {"answer": "yes"}).status == 409
    ada.find()
    assert ada.post(evening.address("/confirm"), {"answer": "yes"}).status == 409
    assert leo.post(evening.address("/confirm"), {"answer": "perhaps"}).status == 422
    assert ada.state == leo.state == "matched"


def test_three_wrong_taps_rest_the_numbers(patient: Hall) -> None:
    ada = matched(patient)[0]
    for _tap in range(3):
        ada.send("found", number=wrong_number(ada))
        assert ada.page.status == 200
    assert "disabled" in ada.page.main
    page = ada.find()
    assert (page.status, page.state) == (409, "matched")
    assert "Take a moment" in page.alert


def test_after_the_rest_there_are_other_numbers(evening: Hall) -> None:
    ada = matched(evening)[0]
    before = set(buttons(ada, "number"))
    for _tap in range(3):
        ada.send("found", number=wrong_number(ada))
    assert eventually(lambda: "disabled" not in ada.look().main)
    assert set(buttons(ada, "number")) != before
    assert ada.find().status == 200


def test_a_number_that_is_not_on_the_screen_is_no_try(evening: Hall) -> None:
    ada = matched(evening)[0]
    other = next(str(number) for number in range(1, 40) if str(number) not in buttons(ada, "number"))
    for _tap in range(4):
        assert ada.send("found", number=other).status == 422
    assert "disabled" not in ada.look().main


def test_a_few_words_are_no_reason_to_thank(patient: Hall) -> None:
    ada, leo = talking(patient)
    assert ada.send("done").state == "waiting"
    assert leo.state == "waiting"
    assert ada.post(patient.address("/thank"), {"text": "You made me laugh"}).status == 409


def test_a_thank_you_stays_open_through_the_next_round(evening: Hall) -> None:
    ada, leo = thanking(evening)
    evening.come(MARA, NOOR)
    evening.start_round()
    assert ada.state == leo.state == "matched"
    evening.end_round()
    assert ada.look().state == "waiting"
    assert ada.send("thank", text="You gave me a new idea").status == 200
    assert "You gave me a new idea Ada" in leo.look().words


def test_who_comes_during_a_round_is_matched_with_who_is_free(evening: Hall) -> None:
    matched(evening)
    mara = evening.phone(MARA).join()
    assert mara.page.state == "waiting"
    noor = evening.phone(NOOR).join()
    assert noor.page.state == mara.state == "matched"
    assert noor.page.mark("meeting") == mara.page.mark("meeting")


def test_who_comes_at_the_end_of_a_round_waits_for_the_next(evening: Hall) -> None:
    with Hall(evening.settings, round_seconds=170) as short:
        matched(short)
        mara, noor = short.come(MARA, NOOR)
        assert mara.state == noor.state == "waiting"


def test_nobody_meets_the_same_person_twice_and_is_told_so(evening: Hall) -> None:
    ada, leo = matched(evening)
    evening.end_round()
    assert ada.look().mark("because") == "not-found"
    evening.start_round()
    assert ada.state == leo.state == "waiting"
    assert "Nobody new was free for you this time." in ada.page.words


def test_the_first_one_here_is_told_so(evening: Hall) -> None:
    (ada,) = evening.come(ADA)
    evening.start_round()
    assert ada.look().mark("because") == "first-here"


def test_three_people_meet_and_any_second_yes_is_enough(evening: Hall) -> None:
    ada, leo, mara = trio = evening.come(ADA, LEO, MARA)
    evening.start_round()
    assert [len(phone.look().mark("partners").split(",")) for phone in trio] == [2, 2, 2]
    assert len({phone.page.mark("meeting") for phone in trio}) == 1
    ada.find()
    mara.look()
    mara.send("confirm", answer="yes")
    assert [phone.state for phone in trio] == ["talking"] * 3
    assert leo.send("done").status == 200
    assert "talking" not in {phone.state for phone in trio}


def test_an_event_that_is_over_is_over_on_every_screen(evening: Hall) -> None:
    ada, leo = thanking(evening)
    answering = evening.seated(MARA, until="field")
    evening.host.get(f"/host/{evening.event}")
    evening.host.send("end-event", confirm="1")
    assert [phone.state for phone in (ada, leo, answering)] == ["over"] * 3
    for action in ("answer", "pause", "return", "leave", "found", "done", "step-away"):
        assert ada.post(evening.address(f"/{action}"), {"number": "1"}).status == 409
        assert (ada.page.state, bool(ada.page.alert)) == ("over", True)


def _asked(asking: Phone, asked: Phone) -> Phone:
    asking.find()
    asked.look()
    return asked


def _after(phone: Phone, action: str) -> Phone:
    phone.send(action)
    return phone
