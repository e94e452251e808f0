"""The ways out: pause, leave, step away, removal. A partner cannot tell one from another, nor when it happened."""

import re
from contextlib import ExitStack

import pytest

from tests.invariants import broken
from tests.people import ADA, LEO, MARA, NOOR, Page, Phone
from tests.routes.halls import Hall, eventually

EXITS = ("pause", "leave", "step-away", "remove")


def exits(hall: Hall, phone: Phone, how: str) -> None:
    """This phone's person goes, or is made to go."""
    if how == "remove":
        removed(hall, phone.page.mark("number"))
    else:
        assert phone.send(how).status == 200


def removed(hall: Hall, number: str) -> None:
    """The organizer takes this number out of the event."""
    hall.host.get(f"/host/{hall.event}")
    assert hall.host.send("remove", number=number).status == 200


def as_anybody_sees_it(page: Page, hall: Hall) -> str:
    """A screen without what differs between any two people: version, key, number, name and the event's id."""
    text = page.main.replace(hall.event, "event")
    text = re.sub(r'data-version="\d+"|name="key" value="\d+"', "", text)
    return re.sub(r'(<strong class="number[^>]*>)\d+|<bdi>(Ada|Leo)</bdi>', r"\1", text)


@pytest.mark.parametrize("when", ["matched", "talking"])
def test_a_partner_cannot_tell_one_exit_from_another(evening: Hall, when: str) -> None:
    with ExitStack() as night:
        halls = [night.enter_context(Hall(evening.settings)) for _how in EXITS]
        left = []
        for hall, how in zip(halls, EXITS, strict=True):
            ada, leo = hall.two(when)
            exits(hall, ada, how)
            left.append(leo)
        for leo in left:
            assert eventually(lambda leo=leo: leo.state == "waiting")  # type: ignore[misc]
        seen = {as_anybody_sees_it(leo.page, hall) for leo, hall in zip(left, halls, strict=True)}
    assert len(seen) == 1
    assert "Your match had to step away. We're finding you someone new." in left[0].page.words
    assert broken(evening.database) == {}


@pytest.mark.parametrize("how", EXITS)
def test_until_then_the_partner_keeps_the_unchanged_card(patient: Hall, how: str) -> None:
    ada, leo = patient.two("matched")
    card = leo.page.main
    exits(patient, ada, how)
    assert leo.look().main == card
    assert leo.get(leo.page.address, **{"If-None-Match": leo.page.headers["etag"]}).status == 304


def test_a_partner_who_asks_meanwhile_gets_the_same_answer_as_ever(patient: Hall) -> None:
    ada, leo = patient.two("matched")
    ada.send("pause")
    assert leo.find().state == "matched"
    assert "Ada 's phone is asking." in leo.page.words
    assert ada.state == "paused"


def test_a_partner_who_is_asked_meanwhile_is_still_asked(patient: Hall) -> None:
    ada, leo = patient.two("matched")
    ada.find()
    asked = leo.look().main
    ada.send("step-away")
    assert leo.look().main == asked
    assert leo.send("confirm", answer="yes").state == "talking"


@pytest.mark.parametrize("how", ["pause", "remove"])
def test_the_event_page_forgets_at_once_whoever_went(patient: Hall, how: str) -> None:
    ada = patient.two("matched")[0]
    number = ada.page.mark("number")
    exits(patient, ada, how)
    page = patient.host.get(f"/host/{patient.event}")
    assert re.search(r'data-of="matched" value="1"', page.main)
    numbers = re.findall(r'looking__numbers">([^<]*)<', page.main)
    assert number not in " ".join(numbers).split(), "somebody who went still stands among those who look"


def test_whoever_pauses_is_in_no_pair_until_they_are_back(evening: Hall) -> None:
    ada, leo, mara = evening.come(ADA, LEO, MARA)
    ada.send("pause")
    evening.start_round()
    assert (ada.state, leo.state, mara.state) == ("paused", "matched", "matched")
    (noor,) = evening.come(NOOR)
    assert noor.state == "waiting"
    ada.send("return")
    assert (ada.state, noor.state) == ("matched", "matched")


def test_whoever_leaves_may_change_their_mind(evening: Hall) -> None:
    (ada,) = evening.come(ADA)
    assert "Get home safely." in ada.send("leave").words
    assert ada.send("return").mark("because") == "returned"


def test_a_break_between_two_questions_ends_at_the_same_question(evening: Hall) -> None:
    ada = evening.seated(ADA, until="offer")
    assert ada.send("leave").state == "left"
    assert ada.send("return").mark("question") == "offer"


def test_whoever_lost_a_partner_gets_the_next_one_who_is_free(evening: Hall) -> None:
    ada, leo = evening.two("matched")
    (mara,) = evening.come(MARA)
    assert mara.state == "waiting"
    ada.send("leave")
    assert eventually(lambda: mara.state == "matched")
    assert leo.look().mark("partners") == mara.number
    assert leo.page.mark("meeting") == mara.page.mark("meeting")


def test_whoever_steps_away_waits_in_peace(evening: Hall) -> None:
    ada, leo = evening.two("talking")
    page = ada.send("step-away")
    assert page.state == "waiting"
    assert "You will not be matched with them again, and nobody is told why." in page.words
    assert eventually(lambda: leo.state == "waiting")
    evening.end_round()
    evening.start_round()
    assert (ada.state, leo.state) == ("waiting", "waiting")


def test_nobody_can_step_away_from_nobody(evening: Hall) -> None:
    (ada,) = evening.come(ADA)
    page = ada.post(evening.address("/step-away"))
    assert (page.status, page.state) == (409, "waiting")


def test_the_removed_cannot_come_back(evening: Hall) -> None:
    (ada,) = evening.come(ADA)
    form = ada.send("pause").form("return")
    removed(evening, "1")
    assert "Your part here has ended." in ada.look().words
    page = ada.post(form[""], form)
    assert (page.status, page.state) == (409, "left")
    assert ada.get(evening.made["join"]).state == "left"
    assert "return" not in page.main


def test_the_removed_have_no_last_word(evening: Hall) -> None:
    ada, leo = evening.two("thanking")
    form = ada.page.form("thank")
    removed(evening, "1")
    page = ada.post(form[""], form | {"text": "You really listened"})
    assert (page.status, page.state) == (409, "left")
    assert leo.send("thank", skip="1").state == "waiting"
    assert "You really listened" not in leo.page.words


def test_a_break_of_one_second_is_an_exit_all_the_same(patient: Hall) -> None:
    ada, leo = patient.two("matched")
    card = leo.page.main
    ada.send("pause")
    assert ada.send("return").state == "waiting"
    assert leo.look().main == card
    (mara,) = patient.come(MARA)
    assert ada.look().mark("partners") == mara.look().mark("number")
    assert leo.look().main == card
    assert broken(patient.database) == {}


def test_the_other_two_of_three_go_on(evening: Hall) -> None:
    ada, leo, mara = evening.come(ADA, LEO, MARA)
    evening.start_round()
    meeting = leo.look().mark("meeting")
    ada.send("pause")
    assert eventually(lambda: leo.look().mark("partners") == mara.number)
    assert mara.look().mark("partners") == leo.number
    assert leo.page.mark("meeting") == mara.page.mark("meeting") == meeting
    assert "Ada" not in leo.page.words + mara.page.words


def test_three_are_never_asked_by_somebody_who_went(evening: Hall) -> None:
    ada, leo, _mara = evening.come(ADA, LEO, MARA)
    evening.start_round()
    ada.find()
    ada.send("step-away")
    assert eventually(lambda: "," not in leo.look().mark("partners"))
    assert "None" not in leo.page.words
    assert "says you found each other" not in leo.page.words


@pytest.mark.parametrize("how", ["pause", "leave", "step-away"])
def test_the_last_one_to_go_ends_the_meeting(evening: Hall, how: str) -> None:
    ada, leo = evening.two("matched")
    assert ada.send(how).status == 200
    assert leo.send(how).status == 200
    assert ada.state == leo.state
    assert broken(evening.database) == {}
