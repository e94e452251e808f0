"""Who is watching what, and the newest screen on its way to each of them. Knows no table and no template.

A nudge marks viewers; a few milliseconds later all marked ones are rendered in bulk, in a thread, and each socket
is handed its text through a slot that holds only the newest. A slow phone holds up nobody but itself.
"""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from typing import NamedTuple

from anyio import CapacityLimiter
from starlette.websockets import WebSocket, WebSocketDisconnect

from service.live.threads import to_the_end

log = logging.getLogger(__name__)

GATHER = 0.008
"""Seconds in which nudges are collected before one render."""
BATCH = 100
"""Viewers rendered at once: each batch costs the same number of queries."""
HEARTBEAT = 15.0
"""Seconds between signs of life to a phone; it gives up after 35."""
SEND_TIMEOUT = 10.0
"""Seconds after which a phone that does not read is let go; it will come back and ask."""
RETRY = 1.0
"""Seconds until a failed render is tried again."""
CHATTER = 100
"""Messages a socket may send; ours send none."""
TABS = 4
"""Sockets one viewer may hold; the oldest gives way."""

BEAT = '{"type":"hb"}'
NOT_YOURS, OVER, STALE = 4401, 4404, 4408


class Viewer(NamedTuple):
    """Somebody whose screen can be rendered: a kind (attendee, organizer, wall) and an id."""

    kind: str
    id: int


Render = Callable[[Sequence[Viewer]], Mapping[Viewer, str]]


class Slot:
    """The newest screen for one socket, and nothing older."""

    def __init__(self) -> None:
        self._text: str | None = None
        self._sent: str | None = None
        self._ready = asyncio.Event()
        self.close_with: int | None = None

    @property
    def fed(self) -> bool:
        """Whether anything was ever taken from it."""
        return self._sent is not None

    def put(self, text: str) -> None:
        """Replace whatever was still waiting to be sent."""
        if text != (self._text or self._sent):
            self._text = text
            self._ready.set()

    def close(self, code: int) -> None:
        """Ask the writer to close the socket."""
        self.close_with = code
        self._ready.set()

    async def take(self, patience: float) -> str | None:
        """The newest screen, or None when ``patience`` seconds brought nothing new."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._ready.wait(), patience)
        self._ready.clear()
        text, self._text = self._text, None
        self._sent = text or self._sent
        return text


class Follower:
    """All sockets of this process. ``render`` gives the frame of each viewer; one left out has no place any more."""

    def __init__(self, render: Render, pace: Mapping[str, float] | None = None) -> None:
        self._render = render
        self._pace = dict(pace or {})
        self._slots: dict[Viewer, list[Slot]] = defaultdict(list)
        self._followed: dict[str, set[Viewer]] = defaultdict(set)
        self._topics: dict[Viewer, frozenset[str]] = {}
        self._due: dict[Viewer, float] = {}
        self._shown_at: dict[Viewer, float] = {}
        self._wake = asyncio.Event()
        self._threads = CapacityLimiter(2)

    @property
    def connected(self) -> int:
        """Open sockets in this process."""
        return sum(len(slots) for slots in self._slots.values())

    def hear(self, topics: Iterable[str]) -> None:
        """Mark everybody who follows one of these topics."""
        for topic in topics:
            for viewer in self._followed.get(topic, ()):
                self._mark(viewer)

    async def run(self) -> None:
        """Render what is marked, for ever."""
        while True:
            await self._wake.wait()
            await asyncio.sleep(GATHER)
            self._wake.clear()
            due = self._take_due()
            for start in range(0, len(due), BATCH):
                await self._show(due[start : start + BATCH])
            self._sleep_until_due()

    async def serve(self, socket: WebSocket, viewer: Viewer, topics: Iterable[str]) -> None:
        """Keep one accepted socket fed until it goes. Its first frame is the whole current screen."""
        slot = self._attach(viewer, topics)
        writer = asyncio.create_task(_write(socket, slot))
        listener = asyncio.create_task(_listen(socket))
        try:
            await asyncio.wait({writer, listener}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._detach(viewer, slot)
            for task in (writer, listener):
                task.cancel()
            await asyncio.gather(writer, listener, return_exceptions=True)

    def _mark(self, viewer: Viewer, delay: float = 0.0) -> None:
        now = asyncio.get_running_loop().time()
        earliest = self._shown_at.get(viewer, 0.0) + self._pace.get(viewer.kind, 0.0)
        at = max(now + delay, earliest)
        self._due[viewer] = min(at, self._due.get(viewer, at))
        self._wake_in(self._due[viewer] - now)

    def _wake_in(self, seconds: float) -> None:
        if seconds <= 0:
            self._wake.set()
        else:
            asyncio.get_running_loop().call_later(seconds, self._wake.set)

    def _take_due(self) -> list[Viewer]:
        now = asyncio.get_running_loop().time()
        due = [viewer for viewer, at in self._due.items() if at <= now]
        for viewer in due:
            del self._due[viewer]
            self._shown_at[viewer] = now
        return due

    def _sleep_until_due(self) -> None:
        if self._due:
            self._wake_in(min(self._due.values()) - asyncio.get_running_loop().time())

    async def _show(self, viewers: Sequence[Viewer]) -> None:
        try:
            screens = await to_the_end(partial(self._render, viewers), self._threads)
        except Exception:
            log.exception("screens could not be rendered; trying again")
            for viewer in self._slots.keys() & set(viewers):
                self._mark(viewer, RETRY)
            return
        for viewer in viewers:
            for slot in self._slots.get(viewer, ()):
                slot.put(screens[viewer]) if viewer in screens else slot.close(NOT_YOURS)

    def _attach(self, viewer: Viewer, topics: Iterable[str]) -> Slot:
        slot = Slot()
        slots = self._slots[viewer]
        slots.append(slot)
        for old in slots[:-TABS]:
            old.close(STALE)
        self._topics[viewer] = frozenset(topics)
        for topic in self._topics[viewer]:
            self._followed[topic].add(viewer)
        self._shown_at.pop(viewer, None)
        self._mark(viewer)
        return slot

    def _detach(self, viewer: Viewer, slot: Slot) -> None:
        self._slots[viewer].remove(slot)
        if self._slots[viewer]:
            return
        del self._slots[viewer]
        self._due.pop(viewer, None)
        self._shown_at.pop(viewer, None)
        for topic in self._topics.pop(viewer):
            self._followed[topic].discard(viewer)
            if not self._followed[topic]:
                del self._followed[topic]


async def _write(socket: WebSocket, slot: Slot) -> None:
    with suppress(WebSocketDisconnect, RuntimeError, TimeoutError):
        while slot.close_with is None:
            text = await slot.take(HEARTBEAT)
            if slot.close_with is None and slot.fed:  # a sign of life never comes before the first screen
                await asyncio.wait_for(socket.send_text(text or BEAT), SEND_TIMEOUT)
        await socket.close(slot.close_with)


async def _listen(socket: WebSocket) -> None:
    """Phones say nothing here; but only who listens learns that they went. Who talks much is shown the door."""
    with suppress(WebSocketDisconnect, RuntimeError):
        for _message in range(CHATTER):
            if (await socket.receive())["type"] == "websocket.disconnect":
                return
        await socket.close(STALE)
