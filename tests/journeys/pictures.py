"""The repository's pictures, taken of a real server at a small invented event: ``python -m tests.journeys.pictures``.

Everybody in them is made up. Run it again whenever a screen has changed, and look at what it wrote.
"""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from sqlmodel import col, select

from service.database import Database
from service.dev import events
from service.migrating import migrate
from service.models import Meeting
from tests.journeys.clock import they_talk_for_minutes
from tests.journeys.devices import Devices, open_chromium
from tests.journeys.hand import Hand, Thumb
from tests.people import Person, Phone
from tests.services import running, settings_for

SCREENS = Path(__file__).resolve().parents[2] / "docs" / "screens"
ADDRESS = "http://thaw.example"
"""What stands under the code in the pictures; only the browser believes that it is this machine."""

ANA = Person("Ana", "singing", "numbers-and-data", "making-sense-of-numbers", "speaking-in-public")
LEO = Person("Leo", "singing", "caring-for-people", "speaking-in-public", "making-sense-of-numbers")
PASSIONS = ("cooking", "reading", "games", "sport", "growing-things", "walking-and-hills")
FIELDS = ("teaching", "making-things", "studying", "words-and-stories", "selling-and-serving", "looking-things-up")
BEFORE_ANA, BEFORE_LEO, AFTER_THEM = 26, 3, 21
"""How many guests answer before Ana, between her and Leo, and after both: she is 27, he is 31."""
STILL_LOOKING, STILL_ANSWERING = 5, 2
"""Pairs that have not found each other, and people at their questions, in the organizer's picture."""


@dataclass(slots=True)
class Scene:
    """One event with everybody's devices. ``callers`` are phones that need no picture; they join at ``here``."""

    devices: Devices
    database: Database
    made: dict[str, str]
    here: str
    callers: list[Phone] = field(default_factory=list)

    def call(self, person: Person) -> Phone:
        """One more phone without a browser, before it scans."""
        self.callers.append(Phone(self.here, f"{self.here}/J/{self.made['code']}", person))
        return self.callers[-1]

    def guests(self, count: int) -> None:
        """People who have something in common, but nobody who could help like Ana and Leo."""
        for place in range(len(self.callers), len(self.callers) + count):
            person = Person(f"Guest {place}", PASSIONS[place % len(PASSIONS)], FIELDS[place * 5 % len(FIELDS)])
            self.call(person).join()


def take_all() -> None:
    """Write every picture."""
    SCREENS.mkdir(parents=True, exist_ok=True)
    with _scene() as scene:
        scene.guests(BEFORE_ANA)
        wall = scene.devices.desk(1280, 720)
        wall.page.goto(scene.made["wall"])
        _take(wall, "wall")
        ana = _arrive(scene)
        host = scene.devices.desk()
        host.page.goto(scene.made["organizer"])
        host.press("Open my event").press("Start round 1")
        _find_each_other(scene, ana.sees("matched"))
        host.page.reload()
        _take(host.reads("pairs have met."), "organizer")
        they_talk_for_minutes(scene.database)
        _take(ana.press("We're done").sees("thanking").press("You gave me a new idea"), "thanks")


def _arrive(scene: Scene) -> Thumb:
    ana = scene.devices.phone().scan(f"{ADDRESS}/J/{scene.made['code']}")
    _take(ana, "question")
    _take(ana.answer(ANA).sees("waiting"), "lobby")
    scene.guests(BEFORE_LEO)
    scene.call(LEO).join()
    scene.guests(AFTER_THEM)
    return ana


def _find_each_other(scene: Scene, ana: Thumb) -> None:
    _draw_the_fox(scene.database, int(ana.mark("meeting")))
    ana.page.reload()
    _take(ana.sees("matched"), "card")
    ana.page.emulate_media(color_scheme="dark")
    _take(ana, "card-dark")
    ana.page.emulate_media(color_scheme="light")
    _take(ana.press_find(), "finding")
    _take(ana.press("We found each other"), "numbers")
    ana.press(ana.mark("partners")).reads("Leo's phone is asking.")
    _others_find_each_other(scene, int(ana.mark("meeting")))
    _take(ana.sees("talking"), "talking")


def _draw_the_fox(database: Database, anas: int) -> None:
    """Chance may draw any animal; in the pictures it is always the same one, so that they can be compared."""
    fox = {"colour": "yellow", "animal": "fox", "spot": "B"}
    with database.work() as work:
        hers = work.session.get_one(Meeting, anas)
        before = {name: getattr(hers, name) for name in fox}
        other = work.session.exec(select(Meeting).filter_by(**fox)).first()
        for meeting, signal in ((hers, fox | {"spot": "-"}), (other, before), (hers, fox)):
            for name, value in signal.items() if meeting else ():
                setattr(meeting, name, value)
            work.session.flush()


def _others_find_each_other(scene: Scene, anas: int) -> None:
    """Leo says yes to Ana, and so does everybody who is asked; the last pairs still look, some for minutes."""
    meetings = {int(caller.look().mark("meeting")) for caller in scene.callers}
    looking = sorted(meetings - {anas})[-STILL_LOOKING:]
    for caller in scene.callers:
        if int(caller.page.mark("meeting")) not in looking:
            _find(caller)
    with scene.database.work() as work:
        for meeting in work.session.exec(select(Meeting).where(col(Meeting.id).in_(looking))).all():
            meeting.started_at -= timedelta(minutes=max(0, 3 - looking.index(meeting.id or 0)))
    for place in range(STILL_ANSWERING):
        late = scene.call(Person(f"Late {place}"))
        late.get(late.join_address)
        late.answer("reading")


def _find(caller: Phone) -> None:
    page = caller.look()
    if page.state == "matched" and 'data-action="confirm"' in page.main:
        caller.send("confirm", answer="yes")
    elif page.state == "matched":
        caller.find()


def _take(hand: Hand, name: str) -> None:
    hand.page.emulate_media(reduced_motion="reduce")
    hand.page.wait_for_timeout(300)
    hand.page.screenshot(path=SCREENS / f"{name}.png")
    print(f"docs/screens/{name}.png")


@contextmanager
def _scene() -> Iterator[Scene]:
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/thaw.db"
        migrate(url)
        settings = settings_for(url, PUBLIC_URL=ADDRESS, THAW_TEST_DELAYS=1)
        database = Database(url)
        made = events.make(database, events.Plan("Harbour Evening", {}, True, 3, 600), ADDRESS)
        here = f"127.0.0.1:{settings.port}"
        with running(settings), open_chromium(f"--host-resolver-rules=MAP thaw.example {here}") as chromium:
            scene = Scene(Devices(chromium, ADDRESS), database, made, f"http://{here}")
            yield scene
            scene.devices.close()
            for caller in scene.callers:
                caller.client.close()
        database.close()


if __name__ == "__main__":
    take_all()
