"""Sockets: who may open one, what comes first, what a nudge brings, and what is not listened to."""

import asyncio
import json
from urllib.parse import quote

import pytest
from websockets.exceptions import InvalidStatus

from service.dev import events
from service.live import follow
from service.live.follow import Slot
from tests.live.sockets import closed_with, opened, screen, screen_when
from tests.people import ADA, LEO, MARA, Visitor
from tests.routes.halls import Hall

BROKEN = (
    "",
    "hello",
    "null",
    "[]",
    "{",
    '{"type":"hb"}',
    '{"type":"answer","value":"singing"}',
    '{"type":7,"version":-1}',
    '{"version":9223372036854775808}',
    '{"target":"#screen","content":"<b>"}',
    b"\x00\xff\xfe",
    "x" * 4096,
)


def origins(evening: Hall) -> dict[str, str]:
    """Origins that are not ours, by what is wrong with them. An empty one is not sent at all."""
    port = evening.base.rsplit(":", 1)[1]
    return {
        "missing": "",
        "null": "null",
        "foreign": "https://evil.example",
        "another port": f"http://127.0.0.1:{int(port) + 1}",
        "https": f"https://127.0.0.1:{port}",
        "look-alike behind": f"{evening.base}.evil.example",
        "look-alike before": f"http://evil-127.0.0.1:{port}",
        "look-alike within": f"http://evil.example/{evening.base}",
        "with a path": f"{evening.base}/",
    }


def places(evening: Hall) -> dict[str, tuple[str, Visitor | None]]:
    """The addresses of all sockets of an event, each with somebody who may open it."""
    (ada,) = evening.come(ADA)
    wall = evening.made["wall"].rsplit("/", 1)[1]
    return {
        "attendee": (f"/e/{evening.event}/live", ada),
        "organizer": (f"/host/{evening.event}/live", evening.host),
        "slide": (f"/host/{evening.event}/slide/live", evening.host),
        "wall": (f"/wall/{wall}/live", None),
    }


def test_a_foreign_page_opens_no_socket(evening: Hall) -> None:
    refused = {}
    for place, (path, who) in places(evening).items():
        for wrong, origin in origins(evening).items():
            with pytest.raises(InvalidStatus) as refusal:
                opened(evening, path, who, origin=origin)
            refused[place, wrong] = refusal.value.response.status_code
    assert set(refused.values()) == {403}, refused


def test_a_program_with_the_secret_link_needs_no_origin(evening: Hall) -> None:
    bearer = f"Bearer {evening.made['organizer'].rsplit('/', 1)[1]}"
    with opened(evening, f"/host/{evening.event}/live", origin="", authorization=bearer) as socket:
        assert screen(socket).mark("event") == evening.event


def test_without_a_place_the_socket_is_accepted_and_closed_for_good(evening: Hall) -> None:
    with Hall(evening.settings) as elsewhere:
        (mara,) = elsewhere.come(MARA)
        for path in (f"/e/{evening.event}/live", f"/host/{evening.event}/live"):
            for who in (None, mara, elsewhere.host):
                assert closed_with(opened(evening, path, who)) == 4401, path


@pytest.mark.parametrize("event", ["nowhere234", "%00", "%F0%9F", "a" * 3000, quote("' OR 1=1 --")])
def test_at_an_unknown_event_the_socket_is_over(evening: Hall, event: str) -> None:
    for path in (f"/e/{event}/live", f"/host/{event}/live", f"/host/{event}/slide/live", f"/wall/{event}/live"):
        assert closed_with(opened(evening, path, evening.host)) == 4404, path
    bearer = f"Bearer {evening.made['organizer'].rsplit('/', 1)[1]}"
    assert closed_with(opened(evening, f"/host/{event}/live", authorization=bearer)) == 4404


def test_at_an_event_that_is_over_the_socket_is_over(evening: Hall) -> None:
    there = places(evening)
    events.end(evening.database, evening.event)
    ends = {place: closed_with(opened(evening, path, who)) for place, (path, who) in there.items()}
    assert ends == dict.fromkeys(there, 4404)


def test_the_first_frame_is_the_screen_as_it_is_now(evening: Hall) -> None:
    for path, who in places(evening).values():
        shown = who.get(path.removesuffix("/live")) if who else evening.stranger().get(evening.made["wall"])
        with opened(evening, path, who) as socket:
            assert screen(socket).main.replace(" hx-preserve", "") == shown.main.replace(" hx-preserve", "")


def test_a_nudge_reaches_both_tabs_of_everybody_it_concerns(evening: Hall) -> None:
    ada, leo = evening.come(ADA, LEO)
    path = f"/e/{evening.event}/live"
    with opened(evening, path, ada) as one, opened(evening, path, ada) as two, opened(evening, path, leo) as other:
        assert [screen(tab).state for tab in (one, two, other)] == ["waiting"] * 3
        evening.start_round()
        cards = [screen_when(tab, lambda page: page.state == "matched") for tab in (one, two, other)]
        assert cards[0].main == cards[1].main
        assert cards[0].mark("meeting") == cards[2].mark("meeting")
        assert cards[0].mark("partners") == cards[2].mark("number")
        assert "Leo" not in cards[2].words


def test_the_event_page_and_the_wall_hear_who_came(evening: Hall) -> None:
    there = places(evening)
    with opened(evening, *there["organizer"]) as page, opened(evening, *there["wall"]) as wall:
        assert screen(page).main.count('data-of="waiting" value="1"') == 1
        assert screen(wall).main.count("<circle") == 1
        evening.phone(LEO).join()
        assert screen_when(page, lambda seen: 'data-of="waiting" value="2"' in seen.main)
        assert screen_when(wall, lambda seen: seen.main.count("<circle") == 2)


def test_what_a_socket_says_is_not_listened_to(evening: Hall) -> None:
    ada, leo = evening.come(ADA, LEO)
    with opened(evening, f"/e/{evening.event}/live", ada) as socket:
        before = screen(socket).main
        for frame in BROKEN:
            socket.send(frame)
        leo.send("pause")
        evening.start_round()
        assert screen_when(socket, lambda page: page.mark("because") == "first-here")
    assert ada.look().main != before
    assert ada.page.state == "waiting"


def test_a_frame_that_is_too_long_ends_the_socket(evening: Hall) -> None:
    for path, who in places(evening).values():
        socket = opened(evening, path, who)
        screen(socket)
        socket.send("x" * 4097)
        assert closed_with(socket) == 1009, path


def test_half_a_character_ends_the_socket(evening: Hall) -> None:
    (ada,) = evening.come(ADA)
    socket = opened(evening, f"/e/{evening.event}/live", ada)
    screen(socket)
    socket.send(b"\xff\xfe", text=True)
    assert closed_with(socket) == 1007


def test_a_renewed_link_closes_what_was_opened_with_the_old_one(evening: Hall) -> None:
    there = places(evening)
    sockets = {place: opened(evening, *there[place]) for place in ("attendee", "organizer", "slide", "wall")}
    for socket in sockets.values():
        screen(socket)
    evening.host.get(f"/host/{evening.event}")
    evening.host.send("renew-link")
    assert (closed_with(sockets["organizer"]), closed_with(sockets["slide"])) == (4401, 4401)
    form = evening.host.get(f"/host/{evening.event}").form("renew-link")
    evening.host.post(form[""], form | {"kind": "wall"})
    assert closed_with(sockets["wall"]) == 4401
    sockets["attendee"].send("still here")
    sockets["attendee"].close()


def test_the_removed_are_shown_out_on_every_tab(evening: Hall) -> None:
    (ada,) = evening.come(ADA)
    path = f"/e/{evening.event}/live"
    with opened(evening, path, ada) as one, opened(evening, path, ada) as two:
        evening.host.get(f"/host/{evening.event}")
        evening.host.send("remove", number="1")
        for tab in (one, two):
            assert "Your part here has ended." in screen_when(tab, lambda page: page.state == "left").words


def test_the_fifth_tab_takes_the_place_of_the_first(evening: Hall) -> None:
    (ada,) = evening.come(ADA)
    tabs = [opened(evening, f"/e/{evening.event}/live", ada) for _tab in range(5)]
    for tab in tabs[1:]:
        assert screen(tab).state == "waiting"
    assert closed_with(tabs[0]) == 4408
    for tab in tabs[1:]:
        tab.close()


def test_a_quiet_socket_gives_a_sign_of_life_that_says_nothing(evening: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(follow, "HEARTBEAT", 0.2)
    (ada,) = evening.come(ADA)
    with opened(evening, f"/e/{evening.event}/live", ada) as socket:
        screen(socket)
        assert [json.loads(socket.recv(timeout=5)) for _beat in range(2)] == [{"type": "hb"}] * 2
    assert ada.state == "waiting"


def test_a_slot_keeps_only_the_newest_screen() -> None:
    async def hand_over() -> list[str | None]:
        slot = Slot()
        for text in ("first", "second", "third"):
            slot.put(text)
        return [await slot.take(1), await slot.take(0.01)]

    assert asyncio.run(hand_over()) == ["third", None]


def test_a_slot_does_not_send_the_same_screen_twice() -> None:
    async def hand_over() -> list[str | None]:
        slot, taken = Slot(), []
        for text in ("card", "card", "lobby", "card"):
            slot.put(text)
            taken.append(await slot.take(0.01))
        return taken

    assert asyncio.run(hand_over()) == ["card", None, "lobby", "card"]


def test_a_slot_that_is_to_close_wakes_its_writer_at_once() -> None:
    async def hand_over() -> tuple[str | None, int | None]:
        slot = Slot()
        waiting = asyncio.create_task(slot.take(60))
        await asyncio.sleep(0)
        slot.close(4401)
        return await asyncio.wait_for(waiting, 1), slot.close_with

    assert asyncio.run(hand_over()) == (None, 4401)
