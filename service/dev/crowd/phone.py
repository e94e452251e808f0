"""One simulated phone: joins, answers, holds a socket, follows its own screen. Sees nothing but that screen."""

import asyncio
import re
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, suppress
from dataclasses import dataclass
from random import Random
from time import perf_counter
from urllib.parse import urljoin, urlsplit

import httpx2

from service.dev.crowd.acts import Act, Stuck, act_of, next_action, reply
from service.dev.crowd.browser import Browser, Page, Trouble, origin_of
from service.dev.crowd.forms import assets_of
from service.dev.crowd.habits import Habits
from service.dev.crowd.live import Live
from service.dev.crowd.pace import Pace
from service.dev.crowd.page import Screen, Unreadable, screen_of
from service.dev.crowd.room import Role
from service.dev.crowd.sight import GONE, Sight

QUESTIONS = 20
_GLANCE = 1.0


@dataclass(frozen=True, slots=True)
class Setting:
    """What all phones of a crowd share: the HTTP client, the bound on requests, where complaints go."""

    client: httpx2.AsyncClient
    gate: AbstractAsyncContextManager[None]
    log: Callable[[str], None]


class Phone:
    """A person with a phone. ``seed`` makes its pauses and its taps the same again.

    ``busy``: about to press something. ``answered``: it reached the lobby. ``over``: nothing more will happen on it.
    ``join_seconds``: how long the join page and the first answer took, without the time to read.
    """

    def __init__(self, role: Role, setting: Setting, habits: Habits, seed: str = "") -> None:
        self.role = role
        self.page_address = ""
        self.join_seconds: float | None = None
        self.answered = self.busy = self.over = False
        self.sight = Sight(self.complain, self._register)
        self._habits = habits
        self._rng = Random(f"{seed}/{role.id}")  # noqa: S311 not a secret
        self._log = setting.log
        self._browser = Browser(setting.client, setting.gate, self.complain)
        self._live = Live(self._browser, self._rng, habits, self.sight, self.show)
        self._pace = Pace(habits, self._rng)
        self._changed = asyncio.Event()
        self._html = ""

    @property
    def label(self) -> str:
        """How a complaint names this phone."""
        if self.sight.number is not None:
            return f"Number {self.sight.number} ({self.role.name})"
        return self.role.name if self.role.name == self.role.id else f"{self.role.name} ({self.role.id})"

    @property
    def joined(self) -> bool:
        """Whether it has a place at the event."""
        return self.join_seconds is not None

    @property
    def connected(self) -> bool:
        """Whether its socket is open now."""
        return self._live.connected

    @property
    def drops(self) -> int:
        """How often it lost its socket."""
        return self._live.drops

    @property
    def event(self) -> str:
        """The event's public id, from the address it was sent to."""
        return urlsplit(self.page_address).path.rstrip("/").rpartition("/")[2]

    def complain(self, what: str) -> None:
        """Say in one sentence what this phone ran into."""
        self._log(f"{self.label} {what}.")

    async def visit(self, address: str) -> None:
        """Join and stay."""
        if await self.join(address):
            await self.stay()

    async def join(self, address: str) -> bool:
        """From the join address to the lobby, then load what the page links. False, and a complaint, if stuck."""
        try:
            await self._come_in(address)
            await self._answer_the_rest()
            self.answered = True
            await self._load_assets()
        except Unreadable as error:
            self.complain(f"was shown {error}")
        except (Trouble, Stuck) as error:
            self.complain(str(error))
        return self.answered

    async def stay(self) -> None:
        """Hold the socket and do what the screen asks for, until it is over or this phone has left."""
        self.busy = True
        tasks = [asyncio.create_task(self._live.hold(self.page_address)), asyncio.create_task(self._follow_screen())]
        try:
            ended, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for error in filter(None, (task.exception() for task in ended)):
                self.complain(f"stopped by a fault of the crowd itself ({type(error).__name__}: {error})")
        finally:
            self.over, self.busy = True, False
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def show(self, screen: Screen, known: int) -> None:
        """A page or a frame came; ``known`` is the version this phone had seen before it asked."""
        if self.sight.take(screen, known):
            self.busy = True
            self._changed.set()

    def _register(self, number: int) -> None:
        if self._habits.guests is not None:
            self._habits.guests.add(number)

    async def _come_in(self, address: str) -> None:
        started = perf_counter()
        page = await self._browser.open(address)
        took = perf_counter() - started
        first = screen_of(page.html)
        if first.state != "answering":
            raise Trouble(f"could not join ({page.status}{_quoted(first.alert)})")
        await self._read()
        started = perf_counter()
        page = await self._press(reply(first, self.role, self._rng), first, page.address)
        if not self._browser.cookies or not re.search(r"/e/[^/]+/?$", urlsplit(page.address).path):
            raise Trouble(f"was not let in by its first answer ({page.status}{_quoted(screen_of(page.html).alert)})")
        self.page_address = page.address
        self._see(page, 0)
        self.join_seconds = took + perf_counter() - started

    async def _answer_the_rest(self) -> None:
        for _question in range(QUESTIONS):
            screen = self.sight.screen
            if screen is None or screen.state != "answering":
                return
            await self._read()
            await self._do(reply(screen, self.role, self._rng), screen)
            if (self.sight.screen or screen).question == screen.question:
                raise Trouble(f"could not get past the question “{screen.question}”")
        raise Trouble(f"was asked more than {QUESTIONS} questions")

    async def _read(self) -> None:
        await asyncio.sleep(self._rng.uniform(*self._habits.reading))

    async def _load_assets(self) -> None:
        for link in assets_of(self._html):
            address = urljoin(self.page_address, link)
            if origin_of(address) == origin_of(self.page_address):
                status = await self._browser.fetch(address)
                if status >= 400:
                    self.complain(f"was answered {status} by {link}, which its page needs")

    async def _follow_screen(self) -> None:
        while self.sight.state not in GONE:
            self._changed.clear()
            screen = self.sight.screen
            action = self._next(screen) if screen else None
            if screen is None or action is None:
                self.busy = False
                await self._changed.wait()
            elif await self._ripe(action, screen):
                self._pace.forget()
                await self._do_calmly(action, screen)

    def _next(self, screen: Screen) -> str | None:
        return next_action(screen, self.role, self.sight.memory, self._habits.leaves_after)

    async def _ripe(self, action: str, screen: Screen) -> bool:
        """Wait as a person does before tapping; False as soon as the screen changes meanwhile."""
        while (left := self._pace.left(action, screen)) > 0:
            with suppress(TimeoutError):
                async with asyncio.timeout(min(left, _GLANCE)):
                    await self._changed.wait()
                return False
        return True

    async def _do_calmly(self, action: str, screen: Screen) -> None:
        memory = self.sight.memory
        memory.keep(action, screen)
        try:
            await self._do(act_of(action, screen, self.role, memory), screen)
        except (Trouble, Stuck) as error:
            self.complain(str(error))
        except Unreadable as error:
            self.complain(f"pressed {action} and was shown {error}")

    async def _do(self, act: Act, screen: Screen) -> None:
        """Press it. Being refused because somebody else was faster is no error, if the screen has moved on."""
        known = self.sight.version
        page = await self._press(act, screen, self.page_address)
        answer = self._see(page, known)
        moved = answer.version > known or act.action not in answer.actions
        if page.status >= 400 and not (page.status == 409 and moved):
            self.complain(f"was refused when it pressed {act.action} ({page.status}{_quoted(answer.alert)})")

    async def _press(self, act: Act, screen: Screen, page_address: str) -> Page:
        if not act.form.posts:
            raise Trouble(f"found a form for {act.action} that would not be posted without a script")
        ticks = {"private": self.role.private} if screen.question and self.role.ask else {}
        return await self._browser.submit(page_address, act.form.address, act.form.sends(act.button, act.typed, ticks))

    def _see(self, page: Page, known: int) -> Screen:
        screen = screen_of(page.html)
        self._html = page.html
        self.show(screen, known)
        return screen


def _quoted(sentence: str) -> str:
    return f": “{sentence}”" if sentence else ""
