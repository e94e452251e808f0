"""A whole run: everybody joins, rounds are started or awaited, figures are gathered. Judges from outside only."""

import asyncio
import resource
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from time import perf_counter

from service.dev.crowd.browser import CONNECTIONS, Trouble, open_client
from service.dev.crowd.habits import Habits
from service.dev.crowd.host import Host
from service.dev.crowd.phone import Phone, Setting
from service.dev.crowd.report import Report
from service.dev.crowd.room import invent, read_room
from service.dev.crowd.rounds import Clocks, Watch, lobby, next_round, until

AT_ONCE = 20
"""Phones that join at the same time."""
FAREWELL = 10.0
"""Seconds for the last thanks."""

Progress = Callable[[str, int, int], None]
"""Told what is going on, how much of it is done, and how much there is."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to happen: where to join, who runs it (None: somebody else), how many rounds, how long people talk."""

    join_url: str
    organizer: str | None
    rounds: int
    meet: float
    clocks: Clocks
    progress: Progress


async def run(  # noqa: PLR0913 one keyword for each option of the command
    join_url: str,
    *,
    people: int = 20,
    room: str | None = None,
    organizer: str | None = None,
    rounds: int = 1,
    meet: float = 5.0,
    progress: Progress | None = None,
    habits: Habits | None = None,
    clocks: Clocks | None = None,
    seed: int = 0,
) -> Report:
    """Send a crowd to a running Thaw and report what its phones saw.

    ``room`` is the text of a room file, else ``people`` are invented; ``meet`` is in seconds and wins over that of
    ``habits``. Raises BadRoom for a room file that cannot be read; what goes wrong at the event is in the report.
    """
    roles = read_room(room) if room is not None else invent(people, seed)
    report = Report(len(roles))
    _allow_sockets(len(roles))
    began = perf_counter()
    async with open_client() as client:
        setting = Setting(client, asyncio.Semaphore(CONNECTIONS), report.errors.append)
        phones = [Phone(role, setting, replace(habits or Habits(), meet=meet), str(seed)) for role in roles]
        plan = Plan(join_url, organizer, rounds, meet, clocks or Clocks(), progress or _quietly)
        await _Evening(plan, setting, phones, report).pass_by()
    report.seconds = perf_counter() - began
    return report


class _Evening:
    def __init__(self, plan: Plan, setting: Setting, phones: Sequence[Phone], report: Report) -> None:
        self._plan = plan
        self._setting = setting
        self._report = report
        self._phones = phones
        self._staying: list[asyncio.Task[None]] = []

    async def pass_by(self) -> None:
        """From the first knock to the last thanks."""
        try:
            if await self._everybody_joins():
                await self._rounds()
                await until(lambda: not any(phone.busy for phone in self._phones), perf_counter() + FAREWELL)
        except Trouble as error:
            self._report.errors.append(f"The organizer {error}.")
        finally:
            for task in self._staying:
                task.cancel()
            await asyncio.gather(*self._staying, return_exceptions=True)
            self._write_people()

    async def _everybody_joins(self) -> bool:
        """Whether anybody is in. One goes ahead, so that a closed door is told once and not by everybody."""
        first, *others = self._phones
        await self._join(first)
        if not first.joined:
            return False
        gate = asyncio.Semaphore(AT_ONCE)
        await asyncio.gather(*(self._join_in_turn(phone, gate) for phone in others))
        return True

    async def _join_in_turn(self, phone: Phone, gate: asyncio.Semaphore) -> None:
        async with gate:
            await self._join(phone)

    async def _join(self, phone: Phone) -> None:
        if await phone.join(self._plan.join_url):
            self._staying.append(asyncio.create_task(phone.stay()))
        self._plan.progress("in the lobby", len(self._staying), len(self._phones))

    async def _rounds(self) -> None:
        link, clocks = self._plan.organizer, self._plan.clocks
        own = replace(self._setting, gate=asyncio.Semaphore(1))
        host = Host(link, self._phones[0].event, own) if link else None
        for number in range(1, self._plan.rounds + 1):
            await until(self._all_ready, perf_counter() + clocks.ready)
            watch = await (self._start(host, number) if host else next_round(number, self._phones, clocks))
            if watch is None:
                self._report.errors.append(f"Nobody started round {number} within {clocks.begin:.0f} s.")
                return
            await self._see_out(watch)
            if host:
                await host.end()

    async def _start(self, host: Host, number: int) -> Watch:
        """Press start, and watch from that moment on."""
        form = await host.make_ready()
        watch = Watch(number, perf_counter(), self._phones, lobby(self._phones))
        following = asyncio.create_task(watch.follow(self._plan.clocks))
        try:
            await host.press(form)
            await following
        finally:
            following.cancel()
        return watch

    async def _see_out(self, watch: Watch) -> None:
        """Write down what the round brought, and wait until everybody has met."""
        watch.write(self._report, self._plan.clocks)
        self._plan.progress(f"in round {watch.number} have an answer", watch.answered(), len(watch.expected))
        for phone in await watch.until_met(self._plan.clocks, self._plan.meet):
            doing = "looking for" if phone.sight.state == "matched" else "talking with"
            partners = " and ".join(map(str, phone.sight.cards[-1].partners))
            phone.complain(f"was still {doing} number {partners} at the end of round {watch.number}")

    def _all_ready(self) -> bool:
        ready = set(lobby(self._phones))
        here = [phone for phone in self._phones if phone.answered and not phone.over]
        return all(phone in ready and phone.connected and not phone.busy for phone in here)

    def _write_people(self) -> None:
        report, phones = self._report, self._phones
        report.timed_from = "start-round" if self._plan.organizer else "first card"
        report.joined = sum(phone.joined for phone in phones)
        report.answered = sum(phone.answered for phone in phones)
        report.join_ms = [phone.join_seconds * 1000 for phone in phones if phone.join_seconds is not None]
        report.met = sum(bool(phone.sight.memory.met) for phone in phones)
        report.reconnects = sum(phone.drops for phone in phones)


def _allow_sockets(phones: int) -> None:
    """A socket for each phone is more than many machines allow a program unasked."""
    allowed, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = phones + 4 * CONNECTIONS
    if allowed != resource.RLIM_INFINITY and allowed < wanted:
        wanted = wanted if most == resource.RLIM_INFINITY else min(wanted, most)
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, most))


def _quietly(_what: str, _done: int, _of: int) -> None:
    pass
