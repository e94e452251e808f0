"""A hall: one more event on a server that is running already, where people are seated without typing."""

import time
from collections.abc import Callable
from typing import TypeVar

from sqlmodel import select

from service.actions import attendance, rounds, talking
from service.actions.seating import begin_talking
from service.actions.turn import Turn, take_turn
from service.database import Database
from service.domain.delays import Delays
from service.domain.questions import ORDER
from service.identity import Cookies, hashed, new_token
from service.models import Attendee, Event, Meeting, Seat
from service.settings import Settings
from tests.people import Evening, Person, Phone

Result = TypeVar("Result")


class Hall(Evening):
    """An evening whose people arrive with their answers given: quick, where joining itself is not the matter."""

    def __init__(self, settings: Settings, round_seconds: int = 600) -> None:
        super().__init__(settings, round_seconds)
        self.settings = settings
        self.cookies = Cookies(settings)

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

    def meet(self) -> None:
        """Everybody who waits is matched, finds each other at once and talks."""
        self.act(_meet)

    def part(self) -> None:
        """The round ends, every conversation too, and everybody may thank."""
        self.act(_part)


def act_on(database: Database, public_id: str, action: Callable[[Turn], Result]) -> Result:
    """Do something to an event directly, with no delay at all."""
    with database.work() as work:
        found = work.session.exec(select(Event.id).where(Event.public_id == public_id)).one()
        return action(take_turn(work, found or 0, Delays(0)))


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


def _meet(turn: Turn) -> None:
    rounds.start(turn)
    turn.session.flush()
    for meeting in _meetings(turn, "suggested"):
        begin_talking(turn, meeting)


def _part(turn: Turn) -> None:
    for meeting in _meetings(turn, "found"):
        talking.done(turn, turn.session.get_one(Attendee, _somebody_of(turn, meeting)))
        turn.session.flush()
    rounds.end(turn)


def _meetings(turn: Turn, state: str) -> list[Meeting]:
    query = select(Meeting).where(Meeting.event_id == turn.event_id, Meeting.state == state)
    return list(turn.session.exec(query).all())


def _somebody_of(turn: Turn, meeting: Meeting) -> int:
    return turn.session.exec(select(Seat.attendee_id).where(Seat.meeting_id == meeting.id, Seat.open)).first() or 0
