"""The power plug: a Thaw that is killed in the middle of a round and started again on the same database.

Every phone keeps a ledger of what the server told it: which answers were taken, and what its screen showed.
"""

import asyncio
import json
import secrets
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from http.cookiejar import DefaultCookiePolicy
from itertools import count
from pathlib import Path
from random import Random
from typing import Any, TypeVar

import httpx2
import pytest
from sqlmodel import select
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Origin

from service.database import Database
from service.domain.questions import ORDER
from service.identity import hashed
from service.models import Answer, Attendee
from service.settings import Settings
from tests.invariants import broken
from tests.people import Evening, Page, Person, somebody
from tests.processes import thaw, until_ready
from tests.services import settings_for

PEOPLE, LATE = 100, 10
AT_ONCE = 16
BACK = 10.0
"""Seconds in which a killed Thaw must serve again."""
T = TypeVar("T")
MARKS = ("state", "meeting", "number", "partners", "signal", "spot", "reason")


@dataclass(slots=True)
class Hall:
    """Where the event is, and the one client that all phones share."""

    base: str
    event: str
    code: str
    client: httpx2.AsyncClient


@dataclass(slots=True, eq=False)
class Phone:
    """One person's phone. ``taken`` are the answers that were acknowledged, ``pending`` is the one on its way."""

    hall: Hall
    person: Person
    key: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    cookie: str = ""
    taken: dict[str, str] = field(default_factory=dict)
    pending: str = ""
    screen: dict[str, str] = field(default_factory=dict)
    version: int = 0

    @property
    def meeting(self) -> str:
        """The meeting on its screen, or nothing."""
        return self.screen.get("meeting", "")

    async def answer(self, question: str) -> None:
        """Send one answer, just as before if it was sent before; in the ledger once the server said so."""
        self.pending = question
        value = self._value(question)
        form = {"question": question, "key": f"{self.key}-{question}", **({"value": value} if value else {"skip": "1"})}
        address = f"/J/{self.hall.code}" if question == ORDER[0] else f"/e/{self.hall.event}/answer"
        said = await self.hall.client.post(f"{self.hall.base}{address}", data=form, headers=self._headers)
        assert said.status_code == 303, f"{question}: {said.status_code}"
        if question == ORDER[0]:
            self.cookie = said.headers["set-cookie"].partition(";")[0]
        self.taken[question] = value
        self.pending = ""

    async def answer_all(self) -> None:
        """Whatever is still unanswered."""
        for question in ORDER:
            if question not in self.taken:
                await self.answer(question)

    async def look(self) -> None:
        """Load the page."""
        page = await self.hall.client.get(f"{self.hall.base}/e/{self.hall.event}", headers=self._headers)
        assert page.status_code == 200
        self._show(page.text)

    async def open_socket(self) -> ClientConnection:
        """A socket that has shown its first screen."""
        socket = await connect(
            f"{self.hall.base.replace('http', 'ws')}/e/{self.hall.event}/live",
            origin=Origin(self.hall.base),
            additional_headers={"Cookie": self.cookie},
            compression=None,
            ping_interval=None,
            proxy=None,
        )
        self.hear(await socket.recv())
        return socket

    async def follow(self, socket: ClientConnection) -> None:
        """Show what comes until the line goes dead."""
        try:
            async for frame in socket:
                self.hear(frame)
        except ConnectionClosed:
            pass

    def hear(self, frame: str | bytes) -> None:
        """Show a frame."""
        self._show(json.loads(frame).get("content", ""))

    def _show(self, html: str) -> None:
        page = Page(200, "", html)
        if page.main:
            assert page.version >= self.version, f"{self.person.name} went back from {self.version} to {page.version}"
            self.version = page.version
            self.screen = {mark: page.mark(mark) for mark in MARKS}

    def _value(self, question: str) -> str:
        value: str = getattr(self.person, question)
        return value

    @property
    def _headers(self) -> dict[str, str]:
        return {"Origin": self.hall.base, **({"Cookie": self.cookie} if self.cookie else {})}


@pytest.mark.slow
def test_nobody_loses_an_answer_or_a_meeting_when_thaw_is_killed_mid_round(database_url: str, tmp_path: Path) -> None:
    settings = settings_for(database_url, THAW_TEST_DELAYS=1, LOG_LEVEL="WARNING")
    phones, back_after = asyncio.run(_night(settings, tmp_path))
    assert back_after < BACK
    assert _agree(phones)
    database = Database(settings.database_url)
    try:
        _compare(database, phones)
        assert broken(database) == {}
    finally:
        database.close()
    assert (tmp_path / "thaw.log").read_text() == "", "neither the end nor the new beginning leaves a complaint"


async def _night(settings: Settings, folder: Path) -> tuple[list[Phone], float]:
    """All that happens: a round, the kill in the middle of it, the return. Everybody there, and how long it took."""
    with thaw(settings, folder, "serve") as first:
        await asyncio.to_thread(until_ready, settings, first)
        with await asyncio.to_thread(Evening, settings) as evening:
            async with _hall(evening) as hall:
                everybody = await _cut_short(evening, hall, first.kill)
                return everybody, await _go_on(settings, folder, everybody)


async def _cut_short(evening: Evening, hall: Hall, kill: Callable[[], None]) -> list[Phone]:
    sitting, lines = await _sit_down(hall)
    await asyncio.to_thread(evening.start_round)
    await _until_all_have_cards(sitting)
    late = await _answer_until_dead(hall, kill)
    await asyncio.gather(*lines)
    return [*sitting, *late]


async def _go_on(settings: Settings, folder: Path, everybody: list[Phone]) -> float:
    before = {phone.key: dict(phone.screen) for phone in everybody}
    began = time.monotonic()
    with thaw(settings, folder, "serve") as second:
        await asyncio.to_thread(until_ready, settings, second)
        took = time.monotonic() - began
        await _come_back(everybody, before)
    return took


async def _sit_down(hall: Hall) -> tuple[list[Phone], list[asyncio.Task[None]]]:
    """The people who are there from the beginning, each with a socket that is listened to."""
    phones = [Phone(hall, somebody(number)) for number in range(PEOPLE)]
    await _some_at_a_time(phone.answer_all() for phone in phones)
    sockets = await _some_at_a_time(phone.open_socket() for phone in phones)
    lines = [asyncio.create_task(phone.follow(socket)) for phone, socket in zip(phones, sockets, strict=True)]
    return phones, lines


async def _until_all_have_cards(phones: list[Phone]) -> None:
    async with asyncio.timeout(20):
        while not all(phone.meeting for phone in phones):
            await asyncio.sleep(0.02)
    assert {phone.screen["state"] for phone in phones} == {"matched"}


async def _answer_until_dead(hall: Hall, kill: Callable[[], None]) -> list[Phone]:
    """People keep coming and answering, ten at a time, and at some moment the server is gone."""
    late: list[Phone] = []
    numbers = count(PEOPLE)

    async def keep_coming() -> None:
        while True:
            newcomer = Phone(hall, somebody(next(numbers)))
            late.append(newcomer)
            try:
                await newcomer.answer_all()
                await newcomer.look()
            except httpx2.TransportError:
                return

    coming = [asyncio.create_task(keep_coming()) for _one in range(LATE)]
    await asyncio.sleep(Random().uniform(0.3, 1.0))  # noqa: S311 any moment will do
    kill()
    await asyncio.gather(*coming)
    assert any(phone.pending for phone in late), "nobody was answering at that moment"
    assert any(phone.taken for phone in late)
    return late


async def _come_back(phones: list[Phone], before: dict[str, dict[str, str]]) -> None:
    """Everybody is shown what they saw before; whoever was cut off sends the same answer once more."""
    there = [phone for phone in phones if phone.cookie]
    sockets = await _some_at_a_time(phone.open_socket() for phone in there)
    held = [phone for phone in there if before[phone.key].get("meeting")]
    assert len(held) >= PEOPLE
    assert {phone.person.name: phone.screen for phone in held} == _by_name(held, before)
    await _some_at_a_time(phone.look() for phone in held[::4])
    assert {phone.person.name: phone.screen for phone in held} == _by_name(held, before)
    await _some_at_a_time(phone.answer_all() for phone in phones if len(phone.taken) < len(ORDER))
    await _some_at_a_time(phone.look() for phone in phones if phone not in held)
    await asyncio.gather(*(socket.close() for socket in sockets))


def _by_name(phones: list[Phone], screens: dict[str, dict[str, str]]) -> dict[str, dict[str, str]]:
    return {phone.person.name: screens[phone.key] for phone in phones}


def _agree(phones: list[Phone]) -> bool:
    """Whether all phones of a meeting name each other and show one signal, and everybody has a screen."""
    company: dict[str, list[Phone]] = {}
    for phone in phones:
        if phone.meeting:
            company.setdefault(phone.meeting, []).append(phone)
    return all(
        {other.screen["number"] for other in group} == {phone.screen["number"], *phone.screen["partners"].split(",")}
        and {other.screen["signal"] for other in group} == {phone.screen["signal"]}
        for group in company.values()
        for phone in group
    )


def _compare(database: Database, phones: list[Phone]) -> None:
    """The ledgers against the tables: every acknowledged answer is there, and nobody is there twice."""
    with database.reading() as session:
        people = {attendee.token_hash: attendee for attendee in session.exec(select(Attendee)).all()}
        kept: dict[tuple[int, str], list[str]] = {
            (answer.attendee_id, answer.question): answer.chosen for answer in session.exec(select(Answer)).all()
        }
    assert len(people) == len(phones)
    for phone in phones:
        attendee = people[hashed(phone.cookie.partition("=")[2])]
        assert attendee.name == phone.taken["name"]
        for question in ORDER[:-1]:
            value = phone.taken[question]
            assert kept[attendee.id or 0, question] == ([value] if value else [])


@asynccontextmanager
async def _hall(evening: Evening) -> AsyncIterator[Hall]:
    limits = httpx2.Limits(max_connections=2 * AT_ONCE)
    async with httpx2.AsyncClient(timeout=20, limits=limits, trust_env=False) as client:
        client.cookies.jar.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        yield Hall(evening.base, evening.made["event"], evening.made["code"], client)


async def _some_at_a_time(doings: Iterable[Coroutine[Any, Any, T]]) -> list[T]:
    gate = asyncio.Semaphore(AT_ONCE)

    async def in_turn(doing: Coroutine[Any, Any, T]) -> T:
        async with gate:
            return await doing

    return await asyncio.gather(*(in_turn(doing) for doing in doings))
