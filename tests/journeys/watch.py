"""Whatever a browser complains about or fetches from elsewhere, kept for a journey to look at."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, WebError, WebSocket

NO_SOCKET = r"^WebSocket connection to .* failed|ws:error"
TELL = """
addEventListener("securitypolicyviolation", (event) => {
  console.error(`against our policy: ${event.violatedDirective} ${event.blockedURI}`);
});
"""


class Watch:
    """Listens to every page of a context. ``complaints`` are console errors, script errors and policy violations;
    ``foreign`` are addresses asked for that are not under ``base``; ``requests`` are all of them. On a line that the
    journey cuts, ``cut``, a socket that cannot be opened is no complaint, whenever the browser comes to speak of it."""

    def __init__(self, context: BrowserContext, base: str, cut: bool = False) -> None:
        self.complaints: list[str] = []
        self.requests: list[str] = []
        self._base = base
        self._cut = cut
        context.add_init_script(TELL)
        context.on("console", self._hear)
        context.on("weberror", self._hear_error)
        context.on("request", self._see)
        context.on("page", self._follow)

    @property
    def foreign(self) -> list[str]:
        """Addresses that are not ours."""
        ours = (self._base + "/", self._base.replace("http", "ws", 1) + "/", "data:")
        return [address for address in self.requests if not address.startswith(ours)]

    @contextmanager
    def quiet(self) -> Iterator[None]:
        """Forget what is said in this block: the journey itself pulls the plug there."""
        before = len(self.complaints)
        yield
        del self.complaints[before:]

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not (self._cut and re.search(NO_SOCKET, message.text)):
            self.complaints.append(f"{message.text} ({message.location.get('url', '')})")

    def _hear_error(self, error: WebError) -> None:
        self.complaints.append(str(error.error))

    def _see(self, request: Request) -> None:
        self.requests.append(request.url)

    def _follow(self, page: Page) -> None:
        page.on("websocket", self._see_socket)

    def _see_socket(self, socket: WebSocket) -> None:
        self.requests.append(socket.url)
