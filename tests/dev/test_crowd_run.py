"""The crowd against a small Thaw that follows the contract, and against one that breaks it."""

import asyncio
from dataclasses import replace

from service.dev.crowd import Clocks, Habits, Phone, Report, Setting, guest_habits, invent, open_client, run
from tests.dev.fake_thaw import FakeThaw, Faults, served

SOON = Clocks(agree=0.5, ready=10.0, begin=10.0)
STRICT = Clocks(agree=0.6, late=1.5, missing=2.2, met=0.6)
QUICK = Habits(reading=(0.0, 0.02), tapping=(0.0, 0.3), yes=(0.0, 0.1), thanking=(0.0, 0.1))
ROOM = (
    "id,name,field,passions,offers,asks,came_with\n"
    "ada,Ada,caring for people,SINGING;reading,,!A career decision,leo\n"
    "leo,Leo,juggling,singing,,a career decision,ada\n"
    "mara,,,,,,\n"
    "noor,Noor,Caring-for-people,singing,singing,,\n"
)


def test_an_evening_without_faults_is_reported_clean() -> None:
    thaw = FakeThaw()
    report = _run(thaw, people=8, rounds=2)
    assert report.errors == []
    assert not report.failed
    assert (report.joined, report.answered, report.rounds, report.met) == (8, 8, 2, 8)
    assert (report.cards_expected, report.cards_received, report.cards_with_reason) == (16, 16, 8)
    assert len(report.card_ms) == 16
    assert all(0 < took < 5000 for took in report.card_ms)
    assert all(guest.thanks for guest in thaw.guests.values())
    assert thaw.assets == 16


def test_noor_is_shown_a_wrong_partner_kims_card_is_lost_and_sams_comes_late() -> None:
    thaw = FakeThaw(Faults(stranger_for=1, drop_for=2, delay_for=7, delay=1.8))
    report = _run(thaw, people=8, clocks=STRICT)
    assert report.failed
    assert len(report.disagreed) == 1
    assert report.disagreed[0].startswith("Number 6 is to meet number 1, who is to meet number")
    assert (report.cards_expected, report.cards_received) == (8, 7)
    assert len(report.missing) == 1
    assert "showed no card 2 s after round 1 began" in report.missing[0]
    assert len(report.late) == 1
    assert report.late[0].startswith("The card of number 7 in round 1 came after 1.")
    assert report.late[0] in report.errors


def test_who_is_left_over_and_told_why_is_no_failure_and_no_card() -> None:
    report = _run(FakeThaw(leave_out=5), people=5)
    assert report.errors == []
    assert not report.failed
    assert (report.cards_expected, report.cards_received, report.told_why) == (5, 4, 1)
    assert report.why == {"left-over": 1}


def test_ada_says_what_the_room_file_says() -> None:
    thaw = FakeThaw()
    report = _run(thaw, room=ROOM)
    assert not report.failed
    guests = {guest.name: guest for guest in thaw.guests.values()}
    assert guests["Ada"].answers == ["singing", "caring-for-people", "skipped", "a-career-decision", "Ada"]
    assert guests["Leo"].answers == ["singing", "skipped", "skipped", "a-career-decision", "Leo"]
    assert guests["mara"].answers == ["skipped"] * 4 + ["mara"]
    assert guests["Noor"].answers[1:3] == ["caring-for-people", "singing"]
    assert (guests["Ada"].private, guests["Leo"].private) == ("1", "")
    assert guests["Ada"].came_with == guests["Leo"].came_with != ""
    assert guests["Noor"].came_with == ""


def test_rounds_that_somebody_else_starts_are_watched_too() -> None:
    async def evening() -> Report:
        thaw = FakeThaw()
        async with served(thaw) as origin:
            starting = asyncio.create_task(_start_when_ready(thaw, 4))
            report = await run(f"{origin}/J/code", people=4, meet=0.1, habits=QUICK, clocks=SOON)
            await starting
            return report

    report = asyncio.run(evening())
    assert report.errors == []
    assert (report.rounds, report.cards_received, report.timed_from) == (1, 4, "first card")


def test_a_round_that_nobody_starts_is_named() -> None:
    async def evening() -> Report:
        async with served(FakeThaw()) as origin:
            return await run(f"{origin}/J/CODE", people=2, habits=QUICK, clocks=Clocks(begin=0.3))

    report = asyncio.run(evening())
    assert report.errors == ["Nobody started round 1 within 0 s."]
    assert report.failed


def test_a_screen_that_goes_back_in_time_is_an_error() -> None:
    report = _run(FakeThaw(Faults(backwards_for=2)), people=4)
    assert report.failed
    assert any("Number 2" in error and "go back from version" in error for error in report.errors)


def test_a_closed_door_is_told_once_and_plainly() -> None:
    report = _run(FakeThaw(Faults(busy_at="join")), people=5)
    assert report.joined == 0
    assert len(report.errors) == 3
    assert all("was answered 503 by GET /J/CODE" in error for error in report.errors)


def test_nobody_at_the_address_is_one_sentence_and_no_traceback() -> None:
    report = asyncio.run(run("http://127.0.0.1:9/J/CODE", people=3))
    assert report.failed
    assert all("could not reach /J/CODE" in error for error in report.errors)


def test_a_wrong_organizer_link_is_named_without_its_secret() -> None:
    async def evening() -> Report:
        async with served(FakeThaw()) as origin:
            return await run(f"{origin}/J/CODE", people=2, organizer=f"{origin}/o/guessed", habits=QUICK, clocks=SOON)

    report = asyncio.run(evening())
    assert report.errors == ["The organizer was not let in (404: “This link is not known.”)."]


def test_a_guest_gives_a_stranger_time_to_tap_first_and_goes_home_after_the_meeting() -> None:
    async def evening() -> tuple[FakeThaw, list[str]]:
        thaw, guests, log = FakeThaw(), set[int](), list[str]()
        patient = replace(QUICK, meet=0.0, guests=guests, patience=0.7, with_stranger=0.9, leaves_after=1)
        person = replace(QUICK, tapping=(9.0, 9.0), meet=9.0)
        async with served(thaw) as origin, open_client() as client:
            setting = Setting(client, asyncio.Semaphore(4), log.append)
            ada, sam = (Phone(role, setting, habits) for role, habits in zip(invent(2), (patient, person), strict=True))
            visits = [asyncio.create_task(phone.visit(f"{origin}/J/CODE")) for phone in (ada, sam)]
            await _start_when_ready(thaw, 2)
            began = asyncio.get_running_loop().time()
            await visits[0]
            took = asyncio.get_running_loop().time() - began
            assert 0.7 + 0.9 < took < 10
            assert guests == {ada.sight.number}
            visits[1].cancel()
            await asyncio.gather(*visits, return_exceptions=True)
        return thaw, log

    thaw, log = asyncio.run(evening())
    assert log == []
    assert sorted(guest.state for guest in thaw.guests.values()) == ["left", "waiting"]


def test_guests_of_the_demo_wait_longer_for_strangers_than_for_each_other() -> None:
    habits = guest_habits({1, 2})
    assert not habits.strangers((1, 2))
    assert habits.strangers((1, 9))
    assert habits.patience >= 12
    assert habits.with_stranger >= 240
    assert not Habits().strangers((9,))


def _run(
    thaw: FakeThaw, *, people: int = 20, room: str | None = None, rounds: int = 1, clocks: Clocks = SOON
) -> Report:
    async def evening() -> Report:
        async with served(thaw) as origin:
            return await run(
                f"{origin}/J/CODE",
                people=people,
                room=room,
                organizer=f"{origin}/o/secret",
                rounds=rounds,
                meet=0.2,
                habits=QUICK,
                clocks=clocks,
            )

    return asyncio.run(evening())


async def _start_when_ready(thaw: FakeThaw, people: int) -> None:
    async with asyncio.timeout(5):
        while sum(bool(guest.sockets) for guest in thaw.guests.values()) < people:
            await asyncio.sleep(0.02)
    await asyncio.sleep(0.1)
    await thaw.start()
