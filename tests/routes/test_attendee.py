"""Attendees over HTTP: joining, the round, finding, thanks, and the ways out."""

from tests.people import ADA, KIM, LEO, MARA, Evening


def test_two_people_of_different_fields_meet_and_thank(evening: Evening) -> None:
    ada, leo = evening.come(ADA, LEO)
    assert ada.state == leo.state == "waiting"
    evening.start_round()
    assert ada.state == leo.state == "matched"
    assert ada.page.mark("meeting") == leo.page.mark("meeting")
    assert ada.page.mark("signal") == leo.page.mark("signal")
    assert ada.page.mark("partners") == leo.number
    assert "Leo" in ada.look().words
    assert ada.find().mark("state") == "matched"
    assert leo.look().status == 200
    leo.send("confirm", answer="yes")
    assert ada.state == leo.state == "talking"
