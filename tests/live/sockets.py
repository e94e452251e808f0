"""Sockets as phones, dashboards and walls open them, for tests."""

import json
from collections.abc import Callable, Mapping

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin

from tests.people import Page, Visitor
from tests.routes.halls import Hall


def opened(evening: Hall, path: str, who: Visitor | None = None, **headers: str) -> ClientConnection:
    """A socket to one of our addresses, with somebody's cookies and our own origin, or another ``origin``."""
    cookies = "; ".join(f"{name}={value}" for name, value in who.client.cookies.items()) if who else ""
    sent = {"origin": evening.base} | ({"cookie": cookies} if cookies else {}) | headers
    origin = sent.pop("origin")
    address = evening.base.replace("http", "ws", 1) + path
    return connect(address, origin=Origin(origin) if origin else None, additional_headers=sent, proxy=None, legacy=True)


def closed_with(socket: ClientConnection) -> int:
    """The code a socket is closed with, whatever came before. Fails after some seconds without an end."""
    with socket:
        try:
            while True:
                socket.recv(timeout=5)
        except ConnectionClosed as closed:
            return closed.rcvd.code if closed.rcvd else 1006


def screen(socket: ClientConnection) -> Page:
    """The next screen that comes in."""
    frame: Mapping[str, str] = json.loads(socket.recv(timeout=5))
    assert (frame["target"], frame["swap"]) == ("#screen", "outerMorph")
    return Page(200, "", frame["content"])


def screen_when(socket: ClientConnection, true: Callable[[Page], bool]) -> Page:
    """The first screen of which something is true. Fails when none comes for some seconds."""
    while not true(page := screen(socket)):
        pass
    return page
