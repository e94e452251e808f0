"""One phone's way to the server, as a proxy of its own: it can be cut, go dead without a word, and come back."""

import select
import socket
import struct
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType
from typing import Literal, Self

PATIENCE = 0.05
"""Seconds between looks at whether the line is still up."""
CHUNK = 65536


@dataclass(eq=False, slots=True)
class Wire:
    """One connection: up, frozen or cut; and whether it carries a WebSocket."""

    state: Literal["up", "frozen", "cut"]
    is_socket: bool = False


class Line:
    """A SOCKS proxy that leads to one port of this machine. Use it in a with block.

    ``cut``: connections end and new ones are refused, as behind a router without power. ``freeze``: sockets stay
    open and carry nothing, as in a phone's pocket; what idles without being one ends, since browsers drop that by
    themselves. ``mend``: new connections work; the dead stay dead.
    """

    def __init__(self, port: int) -> None:
        self._port = port
        self._door = socket.create_server(("127.0.0.1", 0))
        self._door.settimeout(PATIENCE)
        self._threads: list[threading.Thread] = []
        self._wires: set[Wire] = set()
        self._works = True
        self._frozen = False
        self._closed = False

    @property
    def proxy(self) -> str:
        """The address a browser is given."""
        return f"socks5://127.0.0.1:{self._door.getsockname()[1]}"

    def cut(self) -> None:
        """Every connection ends; nobody gets through."""
        self._works = False
        self._frozen = False
        for wire in set(self._wires):
            wire.state = "cut"

    def freeze(self) -> None:
        """Nothing is carried any more, and neither end is told."""
        self._works = False
        self._frozen = True
        for wire in set(self._wires):
            wire.state = "frozen" if wire.is_socket else "cut"

    def mend(self) -> None:
        """Whoever connects from now on gets through."""
        self._works = True
        self._frozen = False

    def _welcome(self) -> None:
        while not self._closed:
            try:
                near, _address = self._door.accept()
            except TimeoutError:
                continue
            thread = threading.Thread(target=self._serve, args=(near,), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _serve(self, near: socket.socket) -> None:
        wire = Wire("up" if self._works else "frozen" if self._frozen else "cut")
        self._wires.add(wire)
        near.settimeout(None)
        with near, suppress(OSError):  # one end hangs up, which phones do
            if wire.state != "cut" and _wants(near) == self._port:
                with socket.create_connection(("127.0.0.1", self._port)) as far:
                    self._carry(wire, near, far)
        self._wires.discard(wire)

    def _carry(self, wire: Wire, near: socket.socket, far: socket.socket) -> None:
        while not self._closed and wire.state != "cut":
            if wire.state == "frozen":
                time.sleep(PATIENCE)
                continue
            for end in select.select([near, far], [], [], PATIENCE)[0]:
                read = end.recv(CHUNK)
                if not read:
                    return
                wire.is_socket = wire.is_socket or b"websocket" in read
                (far if end is near else near).sendall(read)

    def __enter__(self) -> Self:
        self._threads.append(threading.Thread(target=self._welcome, daemon=True))
        self._threads[0].start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._closed = True
        for thread in self._threads:
            thread.join(5)
        self._door.close()


def _wants(near: socket.socket) -> int:
    """The greeting of SOCKS 5 (RFC 1928); gives the port asked for. Browsers ask for places of their own, too."""
    _version, methods = _exactly(near, 2)
    _exactly(near, methods)
    near.sendall(b"\x05\x00")
    *_request, kind = _exactly(near, 4)
    _exactly(near, {1: 4, 4: 16}.get(kind) or _exactly(near, 1)[0])
    port: int = struct.unpack("!H", _exactly(near, 2))[0]
    near.sendall(struct.pack("!BBBB4sH", 5, 0, 0, 1, b"\x00" * 4, 0))
    return port


def _exactly(near: socket.socket, count: int) -> bytes:
    read = b""
    while len(read) < count:
        more = near.recv(count - len(read))
        if not more:
            raise ConnectionError("hung up while greeting")
        read += more
    return read
