"""One phone's HTTP, like a browser's: its own cookies, redirects, forms, retries. Knows no state and no rule."""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from http.cookiejar import DefaultCookiePolicy
from urllib.parse import urlencode, urljoin, urlsplit

import httpx2

CONNECTIONS = 64
"""Requests under way at once, over all phones of a crowd; the organizer's come on top."""
TIMEOUT = 20.0
TRIES = 3
HOPS = 5
_KEEP = 3.0
_BUSY = {429, 503}

Complain = Callable[[str], None]
"""Takes one plain sentence about something that went wrong, worded to follow somebody's name."""


class Trouble(Exception):
    """A request that came to nothing; the message is one sentence part, worded to follow somebody's name."""


@dataclass(frozen=True, slots=True)
class Page:
    """What came back: the final address, the status of the last answer, its text."""

    address: str
    status: int
    html: str


@dataclass(frozen=True, slots=True)
class _Miss:
    """One request without a usable answer, and how many seconds to wait before the next."""

    what: str
    wait: float = 1.0


def open_client() -> httpx2.AsyncClient:
    """A client that many phones share. It keeps no cookies: each phone brings its own."""
    client = httpx2.AsyncClient(
        timeout=httpx2.Timeout(TIMEOUT, pool=None),
        limits=httpx2.Limits(
            max_connections=CONNECTIONS + 4, max_keepalive_connections=CONNECTIONS, keepalive_expiry=_KEEP
        ),
        headers={"User-Agent": "Mozilla/5.0 (thaw crowd)", "Accept": "text/html,*/*;q=0.8"},
        trust_env=False,
    )
    client.cookies.jar.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    return client


@dataclass
class Browser:
    """One phone's way to the server. ``gate`` bounds how much a whole crowd asks at once."""

    client: httpx2.AsyncClient
    gate: AbstractAsyncContextManager[None]
    complain: Complain
    headers: Mapping[str, str] = field(default_factory=dict)
    cookies: dict[str, str] = field(default_factory=dict)

    @property
    def cookie(self) -> str:
        """The Cookie header, or nothing."""
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())

    async def open(self, address: str) -> Page:
        """Load a page. Raises Trouble where nothing readable comes back."""
        return await self._follow("GET", address, b"", {})

    async def submit(self, page_address: str, action: str, fields: list[tuple[str, str]]) -> Page:
        """Post a form of that page and follow where it leads. Raises Trouble where nothing readable comes back."""
        extra = {"Origin": origin_of(page_address), "Content-Type": "application/x-www-form-urlencoded"}
        return await self._follow("POST", urljoin(page_address, action), urlencode(fields).encode(), extra)

    async def fetch(self, address: str) -> int:
        """Load a linked file; its status. Raises Trouble."""
        return (await self._try("GET", address, b"", {})).status_code

    async def _follow(self, method: str, address: str, body: bytes, extra: Mapping[str, str]) -> Page:
        for _hop in range(HOPS):
            response = await self._try(method, address, body, extra)
            self._keep_cookies(response)
            if not response.is_redirect:
                return Page(address, response.status_code, response.text)
            address = urljoin(address, response.headers["location"])
            if response.status_code not in (307, 308):
                method, body, extra = "GET", b"", {}
        raise Trouble(f"was sent round in circles at {_path(address)}")

    async def _try(self, method: str, address: str, body: bytes, extra: Mapping[str, str]) -> httpx2.Response:
        """Ask up to three times, as a person reloads; every time it did not work is a complaint."""
        for _again in range(TRIES - 1):
            answer = await self._once(method, address, body, extra)
            if isinstance(answer, httpx2.Response):
                return answer
            self.complain(answer.what)
            await asyncio.sleep(answer.wait)
        answer = await self._once(method, address, body, extra)
        if isinstance(answer, _Miss):
            raise Trouble(answer.what)
        return answer

    async def _once(self, method: str, address: str, body: bytes, extra: Mapping[str, str]) -> httpx2.Response | _Miss:
        try:
            response = await self._send(method, address, body, extra)
        except httpx2.TimeoutException:
            return _Miss(f"got no answer from {_path(address)} within {TIMEOUT:.0f} s")
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            return _Miss(f"could not reach {_path(address)}: {str(error) or type(error).__name__}")
        if response.status_code in _BUSY or response.status_code >= 500:
            return _Miss(f"was answered {response.status_code} by {method} {_path(address)}", _retry_after(response))
        return response

    async def _send(self, method: str, address: str, body: bytes, extra: Mapping[str, str]) -> httpx2.Response:
        headers = {**self.headers, **extra, **({"Cookie": self.cookie} if self.cookies else {})}
        async with self.gate:
            return await self.client.request(method, address, content=body or None, headers=headers)

    def _keep_cookies(self, response: httpx2.Response) -> None:
        for line in response.headers.get_list("set-cookie"):
            pair, _, rest = line.partition(";")
            name, _, value = pair.strip().partition("=")
            if value and "max-age=0" not in rest.replace(" ", "").casefold():
                self.cookies[name] = value
            else:
                self.cookies.pop(name, None)


def origin_of(address: str) -> str:
    """Scheme, host and port as a browser says them: lower case, without the usual port."""
    parts = urlsplit(address)
    usual = {"http": ":80", "https": ":443"}.get(parts.scheme, "")
    return f"{parts.scheme}://{parts.netloc.lower().removesuffix(usual)}"


def _path(address: str) -> str:
    """An address without its host, and without the secret of an organizer's link."""
    path = urlsplit(address).path or "/"
    return "/o/…" if path.startswith("/o/") else path


def _retry_after(response: httpx2.Response) -> float:
    asked = response.headers.get("retry-after", "1")
    return min(float(asked), 10.0) if asked.isdigit() else 1.0
