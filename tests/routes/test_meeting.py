"""Attendees over HTTP: being matched, finding each other, talking, thanking."""

import time

from tests.people import ADA, LEO, MARA, NOOR
from tests.routes.halls import Hall, buttons, eventually, wrong_number


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
    leo.post(evening.address("/confirm"), {"answer": "yes"})
    assert ada.state == "talking"
    leo.get(evening.address())
    time.sleep(1.25)
    assert leo.send("done").state == "thanking"
    leo.send("thank", text="You made me laugh")
    assert ada.state == "thanking"
    assert ada.send("thank", skip="1").state == "waiting"
    assert "You made me laugh Leo" in ada.page.words


def test_the_other_phone_is_asked_and_a_yes_starts_the_talk(patient: Hall) -> None:
    ada, leo = patient.two("matched")
    assert "Leo 's phone is asking." in ada.find().words
    assert ada.page.state == leo.state == "matched"
    assert "Ada says you found each other." in leo.page.words
    leo.send("confirm", answer="yes")
    assert ada.state == leo.state == "talking"


def test_not_yet_goes_back_to_the_card(patient: Hall) -> None:
    ada, leo = patient.two("matched")
    card = leo.page.words
    ada.find()
    assert leo.look().words != card
    assert leo.send("confirm", answer="not-yet").words == card
    assert ada.state == "matched"
    assert ada.find().status == 200


def test_silence_counts_as_a_yes(evening: Hall) -> None:
    ada, leo = evening.two("matched")
    ada.find()
    assert eventually(lambda: (ada.state, leo.state) == ("talking", "talking"))


def test_two_right_numbers_need_no_question(patient: Hall) -> None:
    ada, leo = patient.two("matched")
    form = leo.page.form("found")
    ada.find()
    assert leo.post(form[""], form | {"number": leo.page.mark("partners")}).state == "talking"
    assert ada.state == "talking"


def test_nobody_can_say_yes_to_a_question_that_was_not_asked(patient: Hall) -> None:
    ada, leo = patient.two("matched")
    assert leo.post(patient.address("/confirm"), {"answer": "yes"}).status == 409
    ada.find()
    assert ada.post(patient.address("/confirm"), {"answer": "yes"}).status == 409
    page = leo.post(patient.address("/confirm"), {"answer": "perhaps"})
    assert (page.status, page.state) == (422, "matched")


def test_three_wrong_taps_rest_the_numbers(patient: Hall) -> None:
    ada = patient.two("matched")[0]
    for _tap in range(3):
        ada.send("found", number=wrong_number(ada))
        assert ada.page.status == 200
    assert "disabled" in ada.page.main
    page = ada.find()
    assert (page.status, page.state) == (409, "matched")
    assert "Take a moment" in page.alert


def test_after_the_rest_there_are_other_numbers(evening: Hall) -> None:
    ada = evening.two("matched")[0]
    before = set(buttons(ada, "number"))
    for _tap in range(3):
        ada.send("found", number=wrong_number(ada))
    assert eventually(lambda: "disabled" not in ada.look().main)
    assert set(buttons(ada, "number")) != before
    assert ada.find().status == 200


def test_a_number_that_is_not_on_the_screen_is_no_try(evening: Hall) -> None:
    ada = evening.two("matched")[0]
    other = next(str(number) for number in range(1, 40) if str(number) not in buttons(ada, "number"))
    for _tap in range(4):
        assert ada.send("found", number=other).status == 422
    assert "disabled" not in ada.look().main


def test_a_few_words_are_no_reason_to_thank(patient: Hall) -> None:
    ada, leo = patient.two("talking")
    assert ada.send("done").state == "waiting"
    assert leo.state == "waiting"
    assert ada.post(patient.address("/thank"), {"text": "You made me laugh"}).status == 409


def test_a_thank_you_stays_open_through_the_next_round(evening: Hall) -> None:
    ada, leo = evening.two("thanking")
    evening.end_round()
    evening.come(MARA, NOOR)
    evening.start_round()
    assert ada.state == leo.state == "matched"
    evening.end_round()
    assert ada.look().state == "waiting"
    assert ada.send("thank", text="You gave me a new idea").status == 200
    assert "You gave me a new idea Ada" in leo.look().words


def test_who_comes_during_a_round_is_matched_with_who_is_free(evening: Hall) -> None:
    evening.two("matched")
    mara = evening.phone(MARA).join()
    assert mara.page.state == "waiting"
    noor = evening.phone(NOOR).join()
    assert noor.page.state == mara.state == "matched"
    assert noor.page.mark("meeting") == mara.page.mark("meeting")


def test_who_comes_at_the_end_of_a_round_waits_for_the_next(evening: Hall) -> None:
    with Hall(evening.settings, round_seconds=170) as short:
        short.two("matched")
        mara, noor = short.come(MARA, NOOR)
        assert mara.state == noor.state == "waiting"


def test_nobody_meets_the_same_person_twice_and_is_told_so(evening: Hall) -> None:
    ada, leo = evening.two("matched")
    evening.end_round()
    assert ada.look().mark("because") == "not-found"
    evening.start_round()
    assert ada.state == leo.state == "waiting"
    assert "Nobody new was free for you this time." in ada.page.words


def test_the_first_one_here_is_told_so(evening: Hall) -> None:
    (ada,) = evening.come(ADA)
    evening.start_round()
    assert ada.look().mark("because") == "first-here"


def test_a_page_of_the_last_meeting_does_nothing_to_this_one(patient: Hall) -> None:
    ada = patient.two("matched")[0]
    older = ada.page
    patient.end_round()
    patient.come(MARA, NOOR)
    patient.start_round()
    for action in ("step-away", "found"):
        form = older.form(action) | {"number": older.mark("partners"), "key": f"another {action}"}
        page = ada.post(form[""], form)
        assert (page.status, page.state) == (409, "matched"), action
        assert page.mark("meeting") != older.mark("meeting")


def test_three_people_meet_and_any_second_yes_is_enough(patient: Hall) -> None:
    ada, leo, mara = trio = patient.come(ADA, LEO, MARA)
    patient.start_round()
    assert [len(phone.look().mark("partners").split(",")) for phone in trio] == [2, 2, 2]
    assert len({phone.page.mark("meeting") for phone in trio}) == 1
    ada.find()
    mara.look()
    mara.send("confirm", answer="yes")
    assert [phone.state for phone in trio] == ["talking"] * 3
    assert leo.send("done").status == 200
    assert "talking" not in {phone.state for phone in trio}
