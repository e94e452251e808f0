"""A whole evening to look at: a server, an event, simulated guests who keep coming, and a host who runs rounds.

Everything goes over real HTTP and WebSockets, so that a phone that scans the code is one guest among others.
"""

import asyncio
import logging
import secrets
import socket
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random

import qrcode

from service.app import create_app
from service.database import Database
from service.dev import events
from service.dev.crowd import Habits, Phone, Role, Setting, guest_habits, invent, open_client
from service.dev.crowd.browser import CONNECTIONS, Trouble
from service.dev.crowd.host import Host
from service.logs import log_as_json
from service.migrating import migrate
from service.serving import alone, listening, server_of
from service.settings import Settings

log = logging.getLogger(__name__)

NAMES = (
    *("Ada", "Leo", "Mara", "Noor", "Kim", "Sam", "Iris", "Omar", "Yuki", "Tomás"),
    *("Élise", "Amir", "Lena", "Ravi", "Zoë", "Hugo", "Nia", "Milo", "Sofía", "Emil"),
)
FIRST_SHARE = 0.75
"""How much of the crowd is there when the first round starts."""
NEWCOMER_EVERY = 6.0
"""Seconds between two later arrivals; with nobody else free, one of them is whom a new phone meets."""
ROUND_SECONDS = 600
SHORTEST_ROUND = 20.0
LONGEST_ROUND = 300.0
"""Seconds after which a round ends even if somebody still looks; late pairs need time left in it."""
LOOK_EVERY = 2.0
PRIVATE_NET = ("10.255.255.255", 1)


@dataclass(slots=True)
class _Party:
    """The crowd of the demo and what its phones share."""

    join: str
    setting: Setting
    people: int
    habits: Habits
    rng: Random = field(default_factory=lambda: Random(7))  # noqa: S311 a rehearsed crowd
    phones: list[Phone] = field(default_factory=list)
    staying: set[asyncio.Task[None]] = field(default_factory=set)

    def welcome(self, role: Role) -> None:
        """One more guest walks in."""
        phone = Phone(role, self.setting, self.habits, seed=str(len(self.phones)))
        self.phones = [*(known for known in self.phones if not known.over), phone]
        task = asyncio.create_task(phone.visit(self.join))
        self.staying.add(task)
        task.add_done_callback(self.staying.discard)

    def in_state(self, *states: str) -> int:
        """How many guests' own screens are in one of these states."""
        return sum(phone.sight.state in states for phone in self.phones if not phone.over)


def run(people: int, port: int) -> None:
    """Serve the demo until Ctrl-C. Raises ValueError, in words, where it cannot."""
    settings = _settings(port)
    objections = settings.objections()
    if objections:
        raise ValueError(" ".join(objections))
    log_as_json(settings.log_level)
    with alone(settings.database_url), listening(settings) as door:
        migrate(settings.database_url)
        with suppress(KeyboardInterrupt):
            asyncio.run(_evening(settings, people, door))


async def _evening(settings: Settings, people: int, door: socket.socket) -> None:
    server = server_of(settings, create_app(settings))
    serving = asyncio.create_task(server.serve([door]))
    while not server.started and not serving.done():
        await asyncio.sleep(0.02)
    made = _make_event(settings)
    _tell(made, settings.port)
    guests = asyncio.create_task(_guests(made, people, settings.port))
    await asyncio.wait({serving, guests}, return_when=asyncio.FIRST_COMPLETED)
    server.should_exit = True
    guests.cancel()
    await asyncio.gather(serving, guests, return_exceptions=True)


def _settings(port: int) -> Settings:
    Path("var").mkdir(exist_ok=True)
    given = Settings()
    chosen = {
        "PORT": port,
        "HOST": given.host if "host" in given.model_fields_set else "0.0.0.0",  # noqa: S104 phones must reach it
        "PUBLIC_URL": given.given_url or f"http://{_address()}:{port}",
        "SECRET_KEY": given.secret_key or secrets.token_urlsafe(32),
        "DATABASE_URL": given.database_url if "database_url" in given.model_fields_set else "sqlite:///var/demo.db",
        "THAW_HOSTING": given.hosting or "open",
        "LOG_LEVEL": given.log_level if "log_level" in given.model_fields_set else "WARNING",
        "THAW_TEST_DELAYS": given.test_delays,
    }
    return Settings(_env_file=None, **chosen)  # type: ignore[arg-type]


def _address() -> str:
    """The first private IPv4 address of this machine, 127.0.0.1 if it has none. Sends nothing."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(PRIVATE_NET)
            address: str = probe.getsockname()[0]
        except OSError:
            return "127.0.0.1"
    return address


def _make_event(settings: Settings) -> dict[str, str]:
    database = Database(settings.database_url)
    plan = events.Plan("Harbour Evening", {}, opened=True, rounds=3, round_seconds=ROUND_SECONDS)
    try:
        return events.make(database, plan, settings.public_url)
    finally:
        database.close()


def _tell(made: dict[str, str], port: int) -> None:
    code = qrcode.QRCode(border=2)
    code.add_data(made["join"].upper())
    code.print_ascii(invert=True)
    lines = [
        "Harbour Evening is open. Scan the code with your phone, or open:",
        f"  join       {made['join']}",
        f"             http://127.0.0.1:{port}/J/{made['code']}   (on this machine)",
        f"  organizer  {made['organizer']}",
        f"  wall       {made['wall']}",
        "Simulated guests are coming in. They come up to you: say yes when your phone asks.",
        "A simulated host starts the next round as soon as people are free. Ctrl-C ends all of it.",
    ]
    print("\n".join(lines), flush=True)


async def _guests(made: dict[str, str], people: int, port: int) -> None:
    async with open_client() as client:
        here = f"http://127.0.0.1:{port}"
        setting = Setting(client, asyncio.Semaphore(CONNECTIONS), log.info)
        party = _Party(f"{here}/J/{made['code']}", setting, people, guest_habits(set(), meet=25.0, leaves_after=4))
        roles = _roles(people)
        for _guest in range(max(2, int(people * FIRST_SHARE))):
            party.welcome(next(roles))
            await asyncio.sleep(0.1)
        host = Host(f"{here}{_path(made['organizer'])}", made["event"], setting)
        await asyncio.gather(_keep_coming(party, roles), _run_rounds(party, host))


def _roles(people: int) -> Iterator[Role]:
    number = 0
    while True:
        for role in invent(max(people, len(NAMES)), number):
            yield replace(role, name=NAMES[number % len(NAMES)])
            number += 1


async def _keep_coming(party: _Party, roles: Iterator[Role]) -> None:
    while True:
        await asyncio.sleep(NEWCOMER_EVERY)
        most = party.people * (1 if party.in_state("waiting") else 2)
        if len(party.staying) < most:
            party.welcome(next(roles))


async def _run_rounds(party: _Party, host: Host) -> None:
    """A round lasts until nobody looks any more and people are free for the next one."""
    while True:
        with suppress(Trouble):
            await host.press(await host.make_ready())
        await _until_over(party)


async def _until_over(party: _Party) -> None:
    clock: Callable[[], float] = asyncio.get_running_loop().time
    began = clock()
    while clock() - began < LONGEST_ROUND:
        await asyncio.sleep(LOOK_EVERY)
        settled = party.in_state("matched") == 0 and party.in_state("waiting", "thanking") > 1
        if settled and clock() - began > SHORTEST_ROUND:
            return


def _path(address: str) -> str:
    return "/" + address.split("/", 3)[3]
