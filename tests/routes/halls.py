"""A hall: one more event on a server that is running already, where people are seated without typing."""

import re
import ssl
import time
from collections.abc import Callable
from functools import cached_property
from typing import TypeVar

import httpx2
from sqlmodel import select

from service.actions import attendance, rounds, talking
from service.actions.seating import begin_talking
from service.actions.turn import Turn, take_turn
from service.database import Database
from service.dev import events
from service.domain.delays import Delays
from service.domain.questions import ORDER
from service.identity import Cookies, hashed, new_token
from service.models import Attendee, Event, Meeting, Seat
from service.settings import Settings
from tests.people import ADA, LEO, Evening, Page, Person, Phone, Visitor

Result = TypeVar("Result")
Browser = TypeVar("Browser", bound=Visitor)
NO_CERTIFICATES = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


class Hall(Evening):
    """An evening whose people arrive with their answers given: quick, where joining itself is not the matter."""

    def __init__(self, settings: Settings, round_seconds: int = 600) -> None:
        """Unlike an evening's, this hall's organizer comes only when they are needed."""
        self.settings = settings
        self.base = settings.public_url
        self.database = Database(settings.database_url)
        plan = events.Plan("Harbour Evening", {}, opened=True, rounds=3, round_seconds=round_seconds)
        self.made = events.make(self.database, plan, self.base)
        self.cookies = Cookies(settings)
        self._phones: list[Visitor] = []

    @cached_property
    def host(self) -> Visitor:  # type: ignore[override]  # nobody puts another in its place
        """The organizer's browser, on the event page."""
        host = self.stranger()
        host.post(self.made["organizer"])
        return host

    def phone(self, person: Person) -> Phone:
        """Somebody's phone, before they scan."""
        phone = Phone.__new__(Phone)
        phone.join_address, phone.person = self.made["join"], person
        return self._switched_on(phone)

    def stranger(self) -> Visitor:
        """Somebody with no place here."""
        return self._switched_on(Visitor.__new__(Visitor))

    @property
    def event(self) -> str:
        """The event's public id."""
        return self.made["event"]

    def come(self, *people: Person) -> list[Phone]:
        """These people have answered everything and look at their screen."""
        return [self.seated(person) for person in people]

    def seated(self, person: Person, until: str = "") -> Phone:
        """One person with a screen, past every question, or still at the question ``until``."""
        token = new_token()
        self.act(lambda turn: _answer(turn, attendance.join(turn, hashed(token)), person, until))
        phone = self.phone(person)
        phone.client.cookies.set(self.cookies.attendee(self.event), token)
        phone.get(self.address())
        return phone

    def act(self, action: Callable[[Turn], Result]) -> Result:
        """Do something to the event directly, without a request."""
        return act_on(self.database, self.event, action)

    def two(self, how: str) -> tuple[Phone, Phone]:
        """Ada and Leo, who are ``matched``, ``talking``, or ``thanking`` each other."""
        ada, leo = self.come(ADA, LEO)
        self.act(rounds.start)
        if how != "matched":
            self.act(_all_found)
        if how == "thanking":
            self.act(_all_done)
        assert (ada.state, leo.state) == (how, how)
        return ada, leo

    def talk_it_through(self) -> None:
        """A whole round in a moment: everybody who waits is matched, talks, and may thank."""
        for part in (rounds.start, _all_found, _all_done, rounds.end):
            self.act(part)

    def _switched_on(self, visitor: Browser) -> Browser:
        """As a visitor begins, but for plain http: no certificates, whose reading would take most of a test's time."""
        visitor.base, visitor.page = self.base, Page(0, "", "")
        visitor.client = httpx2.Client(follow_redirects=True, timeout=20, verify=NO_CERTIFICATES)
        self._phones.append(visitor)
        return visitor


def act_on(database: Database, public_id: str, action: Callable[[Turn], Result]) -> Result:
    """Do something to an event directly, with no delay at all."""
    with database.work() as work:
        found = work.session.exec(select(Event.id).where(Event.public_id == public_id)).one()
        return action(take_turn(work, found or 0, Delays(0)))


def buttons(phone: Phone, name: str) -> list[str]:
    """The values of all buttons of that name on the current screen."""
    return re.findall(rf'name="{name}" value="([^"]*)"', phone.page.main)


def wrong_number(phone: Phone) -> str:
    """A number on the phone that is not the partner's."""
    return next(number for number in buttons(phone, "number") if number not in phone.page.mark("partners").split(","))


def eventually(true: Callable[[], bool], within: float = 6.0) -> bool:
    """Whether it becomes true, looking again and again for some seconds."""
    deadline = time.monotonic() + within
    while not true():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def _answer(turn: Turn, attendee: Attendee, person: Person, until: str) -> None:
    for question in ORDER:
        if question == until:
            return
        value: str = getattr(person, question)
        attendance.answer(turn, attendee, question, [value] if value else [], person.private)
        turn.session.flush()


def _all_found(turn: Turn) -> None:
    for meeting in _meetings(turn, "suggested"):
        begin_talking(turn, meeting)


def _all_done(turn: Turn) -> None:
    for meeting in _meetings(turn, "found"):
        talking.done(turn, turn.session.get_one(Attendee, _somebody_of(turn, meeting)))
        turn.session.flush()


def _meetings(turn: Turn, state: str) -> list[Meeting]:
    query = select(Meeting).where(Meeting.event_id == turn.event_id, Meeting.state == state)
    return list(turn.session.exec(query).all())


def _somebody_of(turn: Turn, meeting: Meeting) -> int:
    return turn.session.exec(select(Seat.attendee_id).where(Seat.meeting_id == meeting.id, Seat.open)).first() or 0
