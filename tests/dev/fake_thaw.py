"""A small Thaw that follows the contract and can be told to go wrong, to hold the simulated crowd to its word."""

import asyncio
import json
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

QUESTIONS = ("passion", "field", "offer", "ask", "name")
OPTIONS = {"singing": "Singing", "caring-for-people": "Caring for people", "a-career-decision": "A career decision"}


@dataclass
class Faults:
    """What goes wrong, by the number of the person it happens to."""

    stranger_for: int | None = None
    drop_for: int | None = None
    delay_for: int | None = None
    delay: float = 0.0
    backwards_for: int | None = None
    busy_at: str = ""


@dataclass
class Guest:
    """Somebody at the fake event."""

    answers: list[str] = field(default_factory=list)
    private: str = ""
    number: int = 0
    name: str = ""
    state: str = "answering"
    version: int = 1
    partners: list[int] = field(default_factory=list)
    meeting: int = 0
    asked: bool = False
    because: str = "welcome"
    came_with: str = ""
    thanks: str = ""
    sockets: list[WebSocket] = field(default_factory=list)


class FakeThaw:
    """One event, in memory. ``faults`` are looked up as things happen."""

    def __init__(self, faults: Faults | None = None, *, leave_out: int | None = None) -> None:
        self.faults = faults or Faults()
        self.guests: dict[str, Guest] = {}
        self.running = False
        self.rounds = 0
        self.assets = 0
        self.refused = 0
        self._leave_out = leave_out
        self.app = Starlette(
            routes=[
                Route("/J/{code}", self.join, methods=["GET", "POST"]),
                Route("/e/EVENT", self.page),
                Route("/e/EVENT/{action}", self.act, methods=["POST"]),
                Route("/host/EVENT", self.dashboard),
                Route("/host/EVENT/{action}", self.host, methods=["POST"]),
                Route("/static/{name}", self.asset),
                WebSocketRoute("/e/EVENT/live", self.live),
            ]
        )

    def by_number(self, number: int) -> Guest:
        """Who has that number."""
        return next(guest for guest in self.guests.values() if guest.number == number)

    async def join(self, request: Request) -> Response:
        """The first question, or the first answer."""
        if self.faults.busy_at == "join":
            return HTMLResponse("<main id=screen data-state='' data-version=0></main>", 503, {"Retry-After": "0"})
        if request.method == "GET":
            return HTMLResponse(_page(_answering(0, 0, f"/J/{request.path_params['code']}")))
        token = secrets.token_hex(8)
        self.guests[token] = Guest(answers=[str((await request.form()).get("value", "skipped"))])
        response = RedirectResponse("/e/EVENT", 303)
        response.set_cookie("thaw-EVENT", token, httponly=True)
        return response

    async def page(self, request: Request) -> Response:
        """The one screen."""
        guest = self.guests.get(request.cookies.get("thaw-EVENT", ""))
        return HTMLResponse(_page(_screen(guest)) if guest else "", 200 if guest else 404)

    async def act(self, request: Request) -> Response:
        """Any form of a phone."""
        guest, form = self.guests[request.cookies["thaw-EVENT"]], await request.form()
        if request.headers.get("origin") != f"http://{request.headers['host']}":
            return HTMLResponse(_page(_screen(guest)), 403)
        said = {name: str(value) for name, value in form.items()}
        if not await self._take(guest, request.path_params["action"], said):
            self.refused += 1
            return HTMLResponse(_page(_screen(guest)), 409)
        return RedirectResponse("/e/EVENT", 303)

    async def dashboard(self, request: Request) -> Response:
        """The organizer's page."""
        if request.headers.get("authorization") != "Bearer secret":
            return HTMLResponse("<p role=alert>This link is not known.</p>", 404)
        action = "end-round" if self.running else "start-round"
        return HTMLResponse(_page(f'<main id="screen" data-version="1">{_form("/host/EVENT", action, 1, "")}</main>'))

    async def host(self, request: Request) -> Response:
        """Start or end a round."""
        self.running = request.path_params["action"] == "start-round"
        if self.running:
            await self.start()
        return RedirectResponse("/host/EVENT", 303)

    async def start(self) -> None:
        """Pair those who wait, in order of their numbers; the next round shifts them by one."""
        self.rounds += 1
        ready = sorted((one for one in self.guests.values() if one.state in ("waiting", "thanking")), key=_number)
        left = [one for one in ready if one.number == self._leave_out]
        for guest in left:
            guest.because = "left-over"
            await self._changed(guest)
        people = [one for one in ready if one not in left]
        for index, (one, other) in enumerate(_pairs(people, self.rounds)):
            for guest, partner in ((one, other), (other, one)):
                guest.state, guest.asked = "matched", False
                guest.partners, guest.meeting = [partner.number], self.rounds * 100 + index
                if guest.number == self.faults.stranger_for:
                    guest.partners = [next(each.number for each in people if each not in (one, other))]
        await asyncio.gather(*(self._changed(guest) for guest in people))

    async def asset(self, _request: Request) -> Response:
        """A linked file."""
        self.assets += 1
        return Response("", media_type="text/css")

    async def live(self, socket: WebSocket) -> None:
        """A socket: the current screen, then each new one."""
        await socket.accept()
        guest = self.guests.get(socket.cookies.get("thaw-EVENT", ""))
        if guest is None:
            await socket.close(4401)
            return
        guest.sockets.append(socket)
        await socket.send_text(_frame(guest))
        await socket.send_text('{"type":"hb"}')
        try:
            while (await socket.receive())["type"] != "websocket.disconnect":
                pass
        finally:
            guest.sockets.remove(socket)

    async def _take(self, guest: Guest, action: str, said: dict[str, str]) -> bool:
        others = [self.by_number(number) for number in guest.partners]
        if action == "answer" and guest.state == "answering":
            return await self._answer(guest, said)
        if action == "came-with":
            guest.came_with = said["word"]
        elif action == "found" and guest.state == "matched" and int(said["number"]) in guest.partners:
            for other in others:
                other.asked = True
                await self._changed(other)
        elif action == "confirm" and guest.state == "matched" and guest.asked:
            await self._together([guest, *others], "talking")
        elif action == "done" and guest.state == "talking":
            await self._together([guest, *others], "thanking")
        elif action == "thank" and guest.state == "thanking":
            guest.thanks, guest.state = said["text"], "waiting"
        elif action == "leave":
            guest.state = "left"
        else:
            return False
        await self._changed(guest)
        return True

    async def _together(self, guests: list[Guest], state: str) -> None:
        for guest in guests:
            guest.state = state
        await asyncio.gather(*(self._changed(guest) for guest in guests))

    async def _answer(self, guest: Guest, said: dict[str, str]) -> bool:
        guest.answers.append(said.get("value", "skipped"))
        guest.private += said.get("private", "")
        guest.version += 1
        if len(guest.answers) == len(QUESTIONS):
            guest.name, guest.state = guest.answers[-1], "waiting"
            guest.number = 1 + max(one.number for one in self.guests.values())
        return True

    async def _changed(self, guest: Guest) -> None:
        guest.version += 1
        if self.rounds and guest.number == self.faults.drop_for:
            return
        if guest.state == "matched" and not guest.asked and guest.number == self.faults.delay_for:
            self.faults.delay_for = None
            await asyncio.sleep(self.faults.delay)
        for socket in list(guest.sockets):
            try:
                await socket.send_text(_frame(guest))
                if guest.number == self.faults.backwards_for:
                    await socket.send_text(_frame(guest, guest.version - 1))
            except (WebSocketDisconnect, RuntimeError):
                continue


@asynccontextmanager
async def served(thaw: FakeThaw) -> AsyncIterator[str]:
    """Serve it on a free port of this machine; gives its origin."""
    config = uvicorn.Config(thaw.app, host="127.0.0.1", port=0, log_level="warning", lifespan="off")
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        await serving


def _number(guest: Guest) -> int:
    return guest.number


def _pairs(people: list[Guest], round_number: int) -> list[tuple[Guest, Guest]]:
    """Everybody of the first half with somebody of the second, each round with the next."""
    half = len(people) // 2
    second = people[half : 2 * half]
    shift = round_number % half if half else 0
    return list(zip(people[:half], second[shift:] + second[:shift], strict=True))


def _frame(guest: Guest, version: int | None = None) -> str:
    return json.dumps({"target": "#screen", "swap": "outerMorph", "content": _screen(guest, version)})


def _screen(guest: Guest, version: int | None = None) -> str:
    version = guest.version if version is None else version
    if guest.state == "answering":
        return _answering(version, len(guest.answers), "/e/EVENT/answer")
    marks = f'data-state="{guest.state}" data-version="{version}"'
    if guest.state in ("matched", "talking"):
        reason = "help" if guest.number % 2 else "honest"
        marks += (
            f' data-meeting="{guest.meeting}" data-number="{guest.number}" data-spot="A" data-signal="yellow-fox"'
            f' data-partners="{",".join(map(str, guest.partners))}" data-reason="{reason}"'
        )
    return f'<main id="screen" {marks}>{_inside(guest)}</main>'


def _inside(guest: Guest) -> str:
    if guest.state == "matched" and guest.asked:
        buttons = '<button name="answer" value="yes">Yes</button><button name="answer" value="not-yet">Not yet</button>'
        return _form("/e/EVENT", "confirm", guest.version, buttons)
    if guest.state == "matched":
        numbers = "".join(f'<button name="number" value="{one}">{one}</button>' for one in [*guest.partners, 990])
        return _form("/e/EVENT", "found", guest.version, numbers)
    if guest.state == "talking":
        return _form("/e/EVENT", "done", guest.version, "<button>We're done</button>")
    if guest.state == "thanking":
        return _form("/e/EVENT", "thank", guest.version, '<textarea name="text"></textarea><button>Send</button>')
    together = _form("/e/EVENT", "came-with", guest.version, '<input name="word"><button>Together</button>')
    return f'<p data-because="{guest.because}">Sit back.</p>{together}{_form("/e/EVENT", "leave", guest.version, "")}'


def _answering(version: int, position: int, address: str) -> str:
    question = QUESTIONS[position]
    chips = "".join(f'<button name="value" value="{value}">{says}</button>' for value, says in OPTIONS.items())
    inner = f'<input type="hidden" name="question" value="{question}">'
    if question == "name":
        inner += '<input name="value"><button>I am in</button>'
    else:
        box = '<input type="checkbox" name="private" value="1" checked>' if question == "ask" else ""
        inner += f'{box}{chips}<button name="skip" value="1">Skip</button>'
    form = f'<form method="post" action="{address}" data-action="answer">{_key(version)}{inner}</form>'
    return f'<main id="screen" data-state="answering" data-version="{version}" data-question="{question}">{form}</main>'


def _form(base: str, action: str, version: int, inner: str) -> str:
    start = f'<form method="post" action="{base}/{action}" data-action="{action}">'
    return f"{start}{_key(version)}{inner}</form>"


def _key(version: int) -> str:
    return f'<input type="hidden" name="key" value="key-{version}">'


def _page(main: str) -> str:
    linked = '<link rel="stylesheet" href="/static/thaw.css"><script src="/static/live.js"></script>'
    return f"<!doctype html>{linked}{main}"
