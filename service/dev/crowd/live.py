"""One phone's socket: opened, listened to, opened again when it drops. Knows frames, not what they mean."""

import asyncio
import json
from collections.abc import Callable
from random import Random

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidMessage
from websockets.typing import Origin

from service.dev.crowd.browser import Browser, origin_of
from service.dev.crowd.habits import Habits
from service.dev.crowd.page import Screen, Unreadable, screen_of
from service.dev.crowd.sight import Sight

NOT_JOINED, OVER = 4401, 4404
ATTEMPTS = 12
"""How often in a row a phone tries to get its socket back before somebody would give up on it."""
_BIG = 256 * 1024


class Live:
    """A socket that is held. ``show`` gets each screen, with the version below which it must not be."""

    def __init__(
        self,
        browser: Browser,
        rng: Random,
        habits: Habits,
        sight: Sight,
        show: Callable[[Screen, int], None],
    ) -> None:
        self.connected = False
        self.drops = 0
        self._ever = self._complained = False
        self._closed_with: int | None = None
        self._browser = browser
        self._rng = rng
        self._habits = habits
        self._sight = sight
        self._show = show
        self._complain = browser.complain

    async def hold(self, page_address: str) -> None:
        """Listen until the server says that it is over, or that this phone has not joined."""
        failures = 0
        while failures < ATTEMPTS:
            try:
                await self._listen(page_address)
                failures = 0
            except (OSError, TimeoutError, InvalidHandshake, InvalidMessage) as error:
                failures += 1
                self._could_not_open(error)
            if self._closed_with in (NOT_JOINED, OVER):
                return
            await asyncio.sleep(self._rng.uniform(0, self._habits.retry))
        self._complain(f"gave up on its socket after {ATTEMPTS} attempts")

    def _could_not_open(self, error: Exception) -> None:
        """A server that restarts is no fault of its own; one that was never reached, or refuses, is."""
        if not (self._ever and isinstance(error, OSError)) and not self._complained:
            self._complained = True
            self._complain(f"could not open its socket: {str(error) or type(error).__name__}")

    async def _listen(self, page_address: str) -> None:
        known = self._sight.version
        async with connect(
            _socket_address(page_address),
            origin=Origin(origin_of(page_address)),
            additional_headers={"Cookie": self._browser.cookie},
            compression=None,
            ping_interval=None,
            proxy=None,
            close_timeout=2,
            max_size=_BIG,
        ) as socket:
            try:
                self.connected = self._ever = True
                await self._hear(socket, known)
            except ConnectionClosed as closed:
                self._closed(closed)
            finally:
                self.connected = False

    async def _hear(self, socket: ClientConnection, known: int) -> None:
        while True:
            try:
                async with asyncio.timeout(self._habits.silence):
                    text = await socket.recv()
            except TimeoutError:
                self.drops += 1
                self._complain(f"heard nothing on its socket for {self._habits.silence:.0f} s")
                return
            known = self._take(text, known)

    def _take(self, text: str | bytes, known: int) -> int:
        """Show one frame; the version below which this socket may not go from now on."""
        try:
            content = _content(text)
            if content is None:
                return known
            screen = screen_of(content)
        except Unreadable as error:
            self._complain(f"was sent {error}")
            return known
        self._show(screen, known)
        return max(known, screen.version)

    def _closed(self, closed: ConnectionClosed) -> None:
        self._closed_with = closed.rcvd.code if closed.rcvd else None
        self.drops += self._closed_with not in (NOT_JOINED, OVER)
        if self._closed_with == NOT_JOINED:
            self._complain("was told by its socket that it has not joined")


def _content(text: str | bytes) -> str | None:
    """The screen in a frame, None for a sign of life and for what concerns other parts of the page."""
    try:
        frame = json.loads(text)
    except ValueError as error:
        raise Unreadable("a frame that is no JSON") from error
    if not isinstance(frame, dict):
        raise Unreadable("a frame that is neither a screen nor a sign of life")
    if frame.get("target") != "#screen":
        return None
    if not isinstance(frame.get("content"), str):
        raise Unreadable("a frame for its screen without a screen in it")
    return str(frame["content"])


def _socket_address(page_address: str) -> str:
    scheme = "wss" if page_address.startswith("https:") else "ws"
    return f"{scheme}:{page_address.partition(':')[2].partition('?')[0].rstrip('/')}/live"
