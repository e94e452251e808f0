"""The headers that keep a page to itself, on every response. Pure ASGI, so sockets pass untouched."""

from starlette.datastructures import MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'{nonce}; img-src 'self' data:; connect-src 'self'; "
    "manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
ALWAYS = {
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
}
ON_HTTPS = {
    "Strict-Transport-Security": "max-age=31536000",
    "Cross-Origin-Opener-Policy": "same-origin",
}
"""Browsers ignore these on http, and complain about the second."""
NONCE = "X-Style-Nonce"
"""Set by a page that carries its critical style inline; taken out again here."""
MOST_HEADERS = 16 * 1024
"""Bytes of all headers together; a browser with many of our cookies sends a tenth of it."""
FOR_EVER = "public, max-age=31536000, immutable"


class SafeHeaders:
    """Adds the headers; static files with a checksum in their address may be kept for ever."""

    def __init__(self, app: ASGIApp, https: bool) -> None:
        self._app = app
        self._always = ALWAYS | (ON_HTTPS if https else {})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on, with headers."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        if sum(len(name) + len(value) for name, value in scope["headers"]) > MOST_HEADERS:
            await _refuse(scope, receive, send)
            return
        scope["headers"] = [_plain(*header) for header in scope["headers"]]
        if scope["type"] == "websocket":
            await self._app(scope, receive, send)
            return
        kept = scope["path"].startswith("/static/") and scope["query_string"].startswith(b"v=")

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._add(MutableHeaders(scope=message), kept and message["status"] == 200)
            await send(message)

        await self._app(scope, receive, with_headers)

    def _add(self, headers: MutableHeaders, kept: bool) -> None:
        nonce = headers.get(NONCE)
        if nonce:
            del headers[NONCE]
        headers["Content-Security-Policy"] = POLICY.format(nonce=f" 'nonce-{nonce}'" if nonce else "")
        for name, value in self._always.items():
            headers[name] = value
        if kept:
            headers["Cache-Control"] = FOR_EVER


def _plain(name: bytes, value: bytes) -> tuple[bytes, bytes]:
    """A header without quoted cookies: none is ours, and unquoting one takes the square of its length in time."""
    if name != b"cookie":
        return name, value
    return name, b";".join(part for part in value.split(b";") if b'"' not in part and b"\\" not in part)


async def _refuse(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008})
    else:
        await PlainTextResponse("Your browser sent headers that cannot be read.", 431)(scope, receive, send)
