"""The follower with phones made of two queues: no network, no table, no template."""

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

import pytest
from starlette.types import Message
from starlette.websockets import WebSocket

from service.live import follow
from service.live.follow import BATCH, BEAT, NOT_YOURS, STALE, TABS, Follower, Viewer

ADA, LEO, SAM = Viewer("attendee", 1), Viewer("attendee", 2), Viewer("attendee", 3)
WALL = Viewer("wall", 1)
HALL = "event:1"
PATIENCE = 5.0


class Phone:
    """One open page. ``frames`` is what came; it reads nothing while ``reading`` is off."""

    def __init__(self) -> None:
        self.frames: list[str] = []
        self.closed_with: int | None = None
        self.reading = asyncio.Event()
        self.reading.set()
        self.gone = asyncio.Event()
        self._knocks = [{"type": "websocket.connect"}]
        self.socket = WebSocket({"type": "websocket", "headers": []}, self._receive, self._send)

    @property
    def newest(self) -> str:
        """The frame on the screen."""
        return self.frames[-1] if self.frames else ""

    async def _receive(self) -> Message:
        if self._knocks:
            return self._knocks.pop()
        await self.gone.wait()
        return {"type": "websocket.disconnect", "code": 1001}

    async def _send(self, message: Message) -> None:
        if message["type"] == "websocket.send":
            await self.reading.wait()
            self.frames.append(message["text"])
        elif message["type"] == "websocket.close":
            self.closed_with = message["code"]
            self.gone.set()


class Hall:
    """A follower at work, and what it was asked to render. ``news`` is on everybody's screen."""

    def __init__(self, pace: Mapping[str, float] | None = None) -> None:
        self.news = 0
        self.strangers: set[Viewer] = set()
        self.faults = 0
        self.rendered: list[list[Viewer]] = []
        self.moments: list[float] = []
        self.free = threading.Event()
        self.free.set()
        self.follower = Follower(self._render, pace)
        self._visits: list[asyncio.Task[None]] = []
        self._phones: list[Phone] = []

    async def visit(self, viewer: Viewer, *topics: str) -> Phone:
        """Somebody opens their page; their own topic and the hall's are followed."""
        phone = Phone()
        await phone.socket.accept()
        follows = topics or (HALL, f"{viewer.kind}:{viewer.id}")
        self._visits.append(asyncio.create_task(self.follower.serve(phone.socket, viewer, follows)))
        self._phones.append(phone)
        await asyncio.sleep(0)
        return phone

    def tell(self, topic: str = HALL) -> str:
        """Something new happens; what it looks like."""
        self.news += 1
        self.follower.hear([topic])
        return str(self.news)

    def times(self, viewer: Viewer) -> int:
        """How often this viewer was rendered."""
        return sum(viewer in batch for batch in self.rendered)

    async def empty(self) -> None:
        """Everybody goes."""
        for phone in self._phones:
            phone.reading.set()
            phone.gone.set()
        await asyncio.gather(*self._visits)

    def kept(self) -> dict[str, Any]:
        """What the follower still holds about anybody."""
        held = vars(self.follower).items()
        return {name: about for name, about in held if isinstance(about, dict) and about and name != "_pace"}

    def _render(self, viewers: Sequence[Viewer]) -> dict[Viewer, str]:
        news = str(self.news)
        self.rendered.append(list(viewers))
        self.moments.append(time.monotonic())
        self.free.wait(PATIENCE)
        if self.faults:
            self.faults -= 1
            raise ConnectionError("the database went away")
        return {viewer: news for viewer in viewers if viewer not in self.strangers}


def test_many_nudges_while_a_render_is_under_way_become_one_more() -> None:
    async def evening() -> None:
        async with open_hall() as hall:
            hall.free.clear()
            ada = await hall.visit(ADA)
            await until(lambda: len(hall.rendered) == 1)
            for _nudge in range(50):
                newest = hall.tell()
                await asyncio.sleep(0.001)
            hall.free.set()
            await until(lambda: ada.newest == newest)
            await asyncio.sleep(0.1)
            assert ada.frames == ["0", "50"]
            assert hall.rendered == [[ADA], [ADA]]

    asyncio.run(evening())


def test_only_who_follows_a_topic_is_rendered_for_it() -> None:
    async def evening() -> None:
        async with open_hall() as hall:
            ada, leo = await hall.visit(ADA), await hall.visit(LEO)
            await until(lambda: ada.newest == leo.newest == "0")
            hall.tell("attendee:1")
            await until(lambda: ada.newest == "1")
            assert leo.frames == ["0"]
            assert (hall.times(ADA), hall.times(LEO)) == (2, 1)

    asyncio.run(evening())


def test_a_phone_that_reads_slowly_is_handed_the_newest_screen_and_nothing_older() -> None:
    async def evening() -> None:
        async with open_hall() as hall:
            ada, leo = await hall.visit(ADA), await hall.visit(LEO)
            await until(lambda: ada.newest == leo.newest == "0")
            ada.reading.clear()
            for _change in range(5):
                newest = hall.tell()
                await until(lambda newest=newest: leo.newest == newest)  # type: ignore[misc]
            ada.reading.set()
            await until(lambda: ada.newest == newest)
            assert leo.frames == ["0", "1", "2", "3", "4", "5"]
            assert ada.frames == ["0", "1", "5"]

    asyncio.run(evening())


def test_a_phone_that_reads_nothing_at_all_is_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(follow, "SEND_TIMEOUT", 0.1)

    async def evening() -> None:
        async with open_hall() as hall:
            stuck = await hall.visit(ADA)
            stuck.reading.clear()
            leo = await hall.visit(LEO)
            await until(lambda: leo.newest == "0")
            await until(lambda: hall.follower.connected == 1)
            newest = hall.tell()
            await until(lambda: leo.newest == newest)

    asyncio.run(evening())


def test_a_render_that_fails_is_tried_again_until_everybody_sees_the_truth(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(follow, "RETRY", 0.05)

    async def evening() -> None:
        async with open_hall() as hall:
            hall.faults = 3
            ada, leo = await hall.visit(ADA), await hall.visit(LEO)
            await until(lambda: ada.newest == leo.newest == "0")
            assert len(hall.rendered) == 4
            gaps = [later - sooner for sooner, later in zip(hall.moments, hall.moments[1:], strict=False)]
            assert min(gaps) >= 0.05
            assert (ada.closed_with, leo.closed_with) == (None, None)

    asyncio.run(evening())


def test_who_has_no_place_any_more_is_closed_and_nobody_else() -> None:
    async def evening() -> None:
        async with open_hall() as hall:
            ada, leo = await hall.visit(ADA), await hall.visit(LEO)
            await until(lambda: ada.newest == leo.newest == "0")
            hall.strangers.add(ADA)
            hall.tell()
            await until(lambda: leo.newest == "1")
            await until(lambda: hall.follower.connected == 1)
            assert ada.closed_with == NOT_YOURS
            assert ada.frames == ["0"]
            assert leo.closed_with is None

    asyncio.run(evening())


def test_a_wall_is_drawn_at_its_pace_and_still_shows_the_last_word() -> None:
    async def evening() -> None:
        async with open_hall({"wall": 0.2}) as hall:
            began = time.monotonic()
            wall, ada = await hall.visit(WALL), await hall.visit(ADA)
            await until(lambda: wall.newest == ada.newest == "0")
            for _nudge in range(60):
                newest = hall.tell()
                await asyncio.sleep(0.01)
            await until(lambda: wall.newest == ada.newest == newest)
            drawn = [at for at, batch in zip(hall.moments, hall.rendered, strict=True) if WALL in batch]
            assert 3 <= len(drawn) <= 1 + (drawn[-1] - began) / 0.2
            assert hall.times(ADA) > len(drawn)

    asyncio.run(evening())


def test_a_new_wall_is_shown_at_once_whatever_the_pace() -> None:
    async def evening() -> None:
        async with open_hall({"wall": 30.0}) as hall:
            first = await hall.visit(WALL)
            await until(lambda: first.newest == "0")
            hall.news = 7
            second = await hall.visit(WALL)
            await until(lambda: second.newest == "7")

    asyncio.run(evening())


def test_the_fifth_page_of_one_person_pushes_out_the_oldest() -> None:
    async def evening() -> None:
        async with open_hall() as hall:
            pages = [await hall.visit(ADA) for _page in range(TABS)]
            await until(lambda: all(page.newest == "0" for page in pages))
            fifth = await hall.visit(ADA)
            await until(lambda: hall.follower.connected == TABS)
            assert [page.closed_with for page in (*pages, fifth)] == [STALE, None, None, None, None]
            newest = hall.tell()
            await until(lambda: all(page.newest == newest for page in (*pages[1:], fifth)))
            assert pages[0].newest == "0"

    asyncio.run(evening())


def test_a_full_hall_is_rendered_in_batches_and_nobody_is_forgotten() -> None:
    async def evening() -> None:
        async with open_hall() as hall:
            people = [Viewer("attendee", number) for number in range(2 * BATCH + 50)]
            phones = [await hall.visit(viewer) for viewer in people]
            await until(lambda: all(phone.newest == "0" for phone in phones))
            hall.rendered.clear()
            newest = hall.tell()
            await until(lambda: all(phone.newest == newest for phone in phones))
            assert [len(batch) for batch in hall.rendered] == [BATCH, BATCH, 50]
            assert {viewer for batch in hall.rendered for viewer in batch} == set(people)

    asyncio.run(evening())


def test_a_quiet_phone_hears_a_heartbeat(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(follow, "HEARTBEAT", 0.05)

    async def evening() -> None:
        async with open_hall() as hall:
            ada = await hall.visit(ADA)
            await until(lambda: len(ada.frames) > 3)
            assert ada.frames[0] == "0"
            assert set(ada.frames[1:]) == {BEAT}
            assert hall.times(ADA) == 1

    asyncio.run(evening())


def test_nothing_is_kept_of_those_who_went() -> None:
    async def evening() -> None:
        tasks = len(asyncio.all_tasks())
        async with open_hall({"wall": 0.2}) as hall:
            for _visit in range(3):
                await hall.visit(ADA)
                await hall.visit(WALL, "dashboard:1")
                hall.tell()
                await asyncio.sleep(0.02)
            assert hall.follower.connected == 6
            await hall.empty()
            hall.tell()
            await asyncio.sleep(0.3)
            assert hall.follower.connected == 0
            assert hall.kept() == {}
            assert len(asyncio.all_tasks()) == tasks + 1

    asyncio.run(evening())


def test_nothing_is_kept_of_who_goes_while_their_screen_cannot_be_rendered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(follow, "RETRY", 0.02)

    async def evening() -> None:
        async with open_hall() as hall:
            hall.faults = 1
            hall.free.clear()
            await hall.visit(SAM)
            await until(lambda: hall.rendered == [[SAM]])
            await hall.empty()
            hall.free.set()
            await asyncio.sleep(0.2)
            assert hall.kept() == {}
            assert hall.rendered == [[SAM]]

    asyncio.run(evening())


def test_a_page_that_closes_leaves_the_persons_other_page_alone() -> None:
    async def evening() -> None:
        async with open_hall() as hall:
            first, second = await hall.visit(ADA), await hall.visit(ADA)
            await until(lambda: first.newest == second.newest == "0")
            first.gone.set()
            await until(lambda: hall.follower.connected == 1)
            newest = hall.tell()
            await until(lambda: second.newest == newest)
            assert first.newest == "0"

    asyncio.run(evening())


@asynccontextmanager
async def open_hall(pace: Mapping[str, float] | None = None) -> AsyncIterator[Hall]:
    """A hall whose follower works until the block ends."""
    hall = Hall(pace)
    working = asyncio.create_task(hall.follower.run())
    try:
        yield hall
    finally:
        hall.free.set()
        await hall.empty()
        working.cancel()
        await asyncio.gather(working, return_exceptions=True)


async def until(true: Callable[[], bool]) -> None:
    """Wait until something is true; fail if it does not become so."""
    async with asyncio.timeout(PATIENCE):
        while not true():
            await asyncio.sleep(0.005)
