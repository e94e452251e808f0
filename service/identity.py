"""Who is asking: cookies, secret links, and the check that a form or socket comes from our own pages.

Tokens have 256 bits and are kept only as hashes. A token made from a form's key is the same however
often the form is sent, so that a double tap makes one person, not two.
"""

import hashlib
import hmac
import secrets
from collections.abc import Callable
from urllib.parse import urlsplit

from sqlmodel import Session, select
from starlette.datastructures import Headers
from starlette.requests import HTTPConnection
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from service.models import Attendee, Event, Link
from service.settings import Settings

ORGANIZER, WALL = "organizer", "wall"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
KEY_LENGTH = 20
"""Shortest form key that a token is made from; the keys of our pages have more."""
COOKIE_LIFE = 60 * 60 * 24 * 30


def new_token() -> str:
    """256 random bits, fit for an address."""
    return secrets.token_urlsafe(32)


def hashed(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def token_from(secret: str, purpose: str, key: str) -> str:
    """The token that belongs to a form's key: the same again for the same form, a secret to everybody else."""
    return hmac.new(secret.encode(), f"{purpose}\0{key}".encode(), hashlib.sha256).hexdigest()


class Cookies:
    """The names and attributes of our cookies. On https they are bound to this very host."""

    def __init__(self, settings: Settings) -> None:
        self._secure = settings.https
        self._prefix = "__Host-" if settings.https else ""

    def attendee(self, public_id: str) -> str:
        """The cookie that is a person's place at an event."""
        return f"{self._prefix}thaw-{public_id}"

    def organizer(self, public_id: str) -> str:
        """The cookie that stands for an organizer link opened in this browser."""
        return f"{self._prefix}thaw-host-{public_id}"

    def wall(self) -> str:
        """The cookie that lets a projector reload its page."""
        return f"{self._prefix}thaw-wall"

    def give(self, response: Response, name: str, token: str) -> None:
        """Set a cookie that scripts cannot read and other sites cannot send along."""
        response.set_cookie(
            name, token, max_age=COOKIE_LIFE, httponly=True, samesite="lax", secure=self._secure, path="/"
        )

    def hosted(self, connection: HTTPConnection) -> dict[str, str]:
        """The organizer tokens this browser holds, by event."""
        start = self.organizer("")
        return {name.removeprefix(start): token for name, token in connection.cookies.items() if name.startswith(start)}


def attendee_of(session: Session, public_id: str, token: str | None) -> tuple[Event, Attendee] | None:
    """The event and the person a cookie stands for, or None for a stranger, an unknown event and a foreign cookie."""
    if not token:
        return None
    return session.exec(
        select(Event, Attendee)
        .join(Attendee, Attendee.event_id == Event.id)  # type: ignore[arg-type]
        .where(Event.public_id == public_id, Attendee.token_hash == hashed(token))
    ).first()


def event_at(session: Session, public_id: str) -> Event | None:
    """The event that an address names, whatever stands in it: PostgreSQL cannot even be asked about a NUL."""
    if "\0" in public_id:
        return None
    return session.exec(select(Event).where(Event.public_id == public_id)).first()


def link_of(session: Session, token: str | None, kind: str, public_id: str | None = None) -> tuple[Event, Link] | None:
    """The event a secret link opens, or None if it is unknown, renewed, of another kind or of another event."""
    if not token or "\0" in (public_id or ""):
        return None
    query = (
        select(Event, Link)
        .join(Link, Link.event_id == Event.id)  # type: ignore[arg-type]
        .where(Link.token_hash == hashed(token), Link.kind == kind, Link.ended_at.is_(None))  # type: ignore[union-attr]
    )
    return session.exec(query.where(Event.public_id == public_id) if public_id else query).first()


def bearer(connection: HTTPConnection) -> str | None:
    """The token a program sends instead of a cookie."""
    scheme, _, token = connection.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" and token.strip() else None


class SameOrigin:
    """Refuses unsafe requests and socket handshakes that do not come from our own pages (403, before accept).

    A request with a bearer token needs no origin: no other site can make a browser send one.
    """

    def __init__(self, app: ASGIApp, settings: Settings, refusal: Callable[[], Response]) -> None:
        self._app = app
        self._ours = _origins(settings)
        self._refusal = refusal

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what is ours."""
        headers = Headers(scope=scope) if scope["type"] in ("http", "websocket") else Headers()
        if scope["type"] == "websocket" and not self._socket_is_ours(headers):
            await send({"type": "websocket.close", "code": 1008})
        elif scope["type"] == "http" and scope["method"] not in SAFE_METHODS and not self._form_is_ours(headers):
            await self._refusal()(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    def _socket_is_ours(self, headers: Headers) -> bool:
        return _has_bearer(headers) or headers.get("origin") in self._ours

    def _form_is_ours(self, headers: Headers) -> bool:
        if _has_bearer(headers) or headers.get("origin") in self._ours:
            return True
        return headers.get("sec-fetch-site") in ("same-origin", "none")


def _has_bearer(headers: Headers) -> bool:
    return headers.get("authorization", "").lower().startswith("bearer ")


def _origins(settings: Settings) -> frozenset[str]:
    """Our public origin; without https also this machine's own names, where whoever serves tries things out."""
    address = urlsplit(settings.public_url)
    ours = {f"{address.scheme}://{address.netloc}"}
    if not settings.https:
        port = address.port or 80
        ours |= {f"http://{host}:{settings.port}" for host in ("127.0.0.1", "localhost", "[::1]")}
        ours |= {f"http://{host}:{port}" for host in ("127.0.0.1", "localhost", "[::1]")}
    return frozenset(ours)
