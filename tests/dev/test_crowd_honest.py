"""The crowd against the real Thaw: it finds what is wrong with a Thaw that lies, and nothing wrong with an honest one.

The lies are told at one seam: ``attendee_screens``, as the attendee's routes call it. Every page and every socket
frame of a phone is rendered from what it returns, so a phone that is lied to is lied to consistently, while the
database, the forms, the sockets and everybody else stay true. Nothing in Thaw has a switch for this.
"""

import asyncio
import json
import re
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime

import pytest
from sqlmodel import Session, select
from typer.testing import CliRunner, Result

from service.__main__ import app
from service.database import Database
from service.dev import events
from service.dev.crowd import Clocks, Habits, Report, run
from service.domain.lifecycle import MEETING
from service.live import topics
from service.models import Attendee
from service.screens.attendee import attendee_screens
from service.screens.views import AttendeeScreen
from service.settings import Settings
from tests.services import running, settings_for

pytestmark = pytest.mark.slow
PEOPLE = 8
SOON = Clocks(agree=2.0, late=2.5, missing=6.0, met=15.0)
QUICK = Habits(tapping=(0.2, 0.6), yes=(0.1, 0.3), thanking=(0.1, 0.3))
DELAY = 3.5
"""Seconds by which a card is held back: several, later than SOON calls late, sooner than it calls missing."""
CONTRACT = {
    "people",
    "joined",
    "answered",
    "rounds",
    "cards_expected",
    "cards_received",
    "cards_with_reason",
    "card_ms",
    "join_ms",
    "disagreements",
    "errors",
}


class Lies:
    """Screens as Thaw makes them, but for one phone with a wrong partner, one without its card, one with it late.

    Whom it lies to is settled when everybody has a card: four people of four different meetings.
    ``mistaken`` and ``delayed`` are their numbers, ``named`` is whom the mistaken one is sent to, and ``forgotten``
    a name: that phone is never told a number.
    """

    def __init__(self, about: Sequence[str] = ("mistaken", "forgotten", "delayed")) -> None:
        self.announce: Callable[[frozenset[str]], None] = lambda _: None
        self.mistaken = self.delayed = self.named = 0
        self.forgotten = ""
        self._about = about
        self._before: dict[int, AttendeeScreen] = {}
        self._until = 0.0
        self._settling = threading.Lock()

    def __call__(self, session: Session, ids: Sequence[int], now: datetime) -> Mapping[int, AttendeeScreen]:
        """What the routes are given instead of the truth."""
        self._settle(session, now)
        return {key: self._told(key, screen) for key, screen in attendee_screens(session, ids, now).items()}

    def _settle(self, session: Session, now: datetime) -> None:
        with self._settling:
            everybody = attendee_screens(session, session.exec(select(Attendee.id)).all(), now)  # type: ignore[arg-type]
            self._before |= {key: screen for key, screen in everybody.items() if screen.state not in MEETING}
            cards = {screen.meeting.meeting: screen for screen in everybody.values() if screen.meeting}
            if self.named or len(cards) < 4:
                return
            mistaken, forgotten, delayed, named = list(cards.values())[:4]
            self.mistaken, self.forgotten = mistaken.number or 0, forgotten.name or ""
            self.delayed, self.named = delayed.number or 0, named.number or 0
            self._until = time.monotonic() + DELAY
            late = next(key for key, screen in everybody.items() if screen is delayed)
            threading.Timer(DELAY, self.announce, [frozenset({topics.attendee(late)})]).start()

    def _told(self, key: int, screen: AttendeeScreen) -> AttendeeScreen:
        if screen.meeting is None or not self.named:
            return screen
        if screen.number == self.mistaken and "mistaken" in self._about:
            wrong = replace(screen.meeting.partners[0], number=self.named)
            return replace(screen, meeting=replace(screen.meeting, partners=(wrong,)))
        lost = screen.name == self.forgotten and "forgotten" in self._about
        waits = screen.number == self.delayed and "delayed" in self._about and time.monotonic() < self._until
        return self._before[key] if lost or waits else screen


@pytest.fixture
def settings(sqlite_url: str) -> Settings:
    """A Thaw on a file of its own."""
    return settings_for(sqlite_url)


def test_a_wrong_partner_a_lost_card_and_a_late_one_are_each_found_and_nothing_else(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    lies = Lies()
    with lying(settings, monkeypatch, lies) as made:
        report = _evening(made, PEOPLE)
    assert report.failed
    assert (report.joined, report.cards_expected, report.cards_received) == (PEOPLE, PEOPLE, PEOPLE - 1)
    assert len(report.disagreed) == 1
    assert str(lies.mistaken) in re.findall(r"\d+", report.disagreed[0])
    assert len(report.missing) == 1
    assert report.missing[0].startswith(f"{lies.forgotten} (")
    assert len(report.late) == 1
    assert report.late[0].startswith(f"The card of number {lies.delayed} in round 1 came after ")
    assert DELAY <= max(report.card_ms) / 1000 < SOON.missing
    strange = f"Number {lies.mistaken} (", f"was not offered its partner's number {lies.named}"
    assert all(error in report.late or all(part in error for part in strange) for error in report.errors)
    assert report.met >= PEOPLE - 2


def test_the_command_fails_on_a_single_lie(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    with lying(settings, monkeypatch, Lies(["mistaken"])) as made:
        ended = _command(made, PEOPLE, rounds=1)
    assert ended.exit_code == 1
    found = json.loads(ended.stdout)
    assert found["failed"] is True
    assert found["disagreements"] == 1
    assert found["cards_received"] == PEOPLE


def test_an_honest_evening_of_24_and_two_rounds_is_reported_clean(settings: Settings) -> None:
    with serving(settings) as (made, _announce):
        ended = _command(made, 24, rounds=2)
    assert ended.exit_code == 0, ended.stdout
    assert ended.stderr == ""
    found = json.loads(ended.stdout)
    assert set(found) >= CONTRACT
    assert found["errors"] == []
    assert (found["people"], found["joined"], found["answered"], found["rounds"]) == (24, 24, 24, 2)
    assert found["disagreements"] == 0
    assert found["cards_expected"] == 48
    assert found["cards_received"] + found["told_why"] == 48
    assert 0 < found["cards_with_reason"] <= found["cards_received"]
    for times in (found["card_ms"], found["join_ms"]):
        assert set(times) == {"p50", "p95", "p99", "max"}
        assert 0 < times["p50"] <= times["p95"] <= times["p99"] <= times["max"]
    assert found["card_ms"]["max"] < 5000
    assert found["met"] == 24


@contextmanager
def lying(settings: Settings, monkeypatch: pytest.MonkeyPatch, lies: Lies) -> Iterator[dict[str, str]]:
    """A served Thaw whose attendee pages and frames are these lies; the addresses of its event."""
    monkeypatch.setattr("service.routes.attendee.attendee_screens", lies)
    with serving(settings) as (made, announce):
        lies.announce = announce
        yield made


@contextmanager
def serving(settings: Settings) -> Iterator[tuple[dict[str, str], Callable[[frozenset[str]], None]]]:
    """A served Thaw with an open event: its addresses, and a way to make it look at screens again."""
    database = Database(settings.database_url)
    plan = events.Plan("Harbour Evening", {}, opened=True, rounds=3, round_seconds=600)
    made = events.make(database, plan, settings.public_url)
    database.close()
    with running(settings) as server:
        thaw = server.config.app
        yield made, thaw.state.here.database.announce  # type: ignore[union-attr]


def _evening(made: dict[str, str], people: int) -> Report:
    return asyncio.run(
        run(made["join"], people=people, organizer=made["organizer"], meet=4.0, habits=QUICK, clocks=SOON)
    )


def _command(made: dict[str, str], people: int, rounds: int) -> Result:
    words = ["crowd", made["join"], "--people", str(people), "--organizer", made["organizer"]]
    return CliRunner().invoke(app, [*words, "--rounds", str(rounds), "--meet", "0.3", "--json"])
