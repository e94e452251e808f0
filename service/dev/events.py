"""Events from the command line: made, listed, ended and deleted without a browser."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, or_, select

from service.actions import erasing, hosting
from service.actions.turn import take_turn
from service.database import Database, Work
from service.domain.delays import Delays
from service.domain.errors import NotFound, NotUnderstood
from service.domain.language import _
from service.domain.lifecycle import EventState
from service.identity import ORGANIZER, WALL, hashed, new_token
from service.models import Event, utc_now

LONGEST_LABEL = 40
MOST_FIELDS = 24
LONGEST_ROUND = 4 * 60 * 60


@dataclass(frozen=True, slots=True)
class Plan:
    """What a new event is to be like. ``options`` replaces the default answers to field, passion or help."""

    name: str
    options: dict[str, list[str]]
    opened: bool
    rounds: int
    round_seconds: int


def make(database: Database, plan: Plan, public_url: str) -> dict[str, str]:
    """Make an event; gives its identifier, code and three addresses. Raises NotUnderstood for a bad plan."""
    _check(plan)
    organizer, wall = new_token(), new_token()
    state = EventState.open if plan.opened else EventState.draft
    with database.work() as work:
        event = hosting.create(work, plan.name, utc_now(), utc_now(), state)
        event.options = {kind: labels for kind, labels in plan.options.items() if labels}
        event.rounds, event.round_seconds = plan.rounds, plan.round_seconds
        hosting.give_link(work, event, ORGANIZER, hashed(organizer))
        hosting.give_link(work, event, WALL, hashed(wall))
    return {
        "event": event.public_id,
        "code": event.code,
        "join": f"{public_url}/J/{event.code}",
        "organizer": f"{public_url}/o/{organizer}",
        "wall": f"{public_url}/wall/{wall}",
    }


def listed(database: Database) -> list[dict[str, str]]:
    """Every event: identifier, code, name, state, and when it starts."""
    with database.reading() as session:
        events = session.exec(select(Event).order_by(col(Event.id))).all()
    return [
        {"event": event.public_id, "code": event.code, "name": event.name, "state": event.state, "starts": _iso(event)}
        for event in events
    ]


def end(database: Database, which: str) -> None:
    """End an event, named by its identifier or code."""
    with database.work() as work:
        hosting.end_event(take_turn(work, _named(work, which).id or 0, Delays()))


def delete(database: Database, which: str) -> None:
    """Delete an event with everything in it."""
    with database.work() as work:
        erasing.delete_event(work, _named(work, which))


def _check(plan: Plan) -> None:
    labels = [label for own in plan.options.values() for label in own]
    if any(len(label) > LONGEST_LABEL for label in labels):
        raise NotUnderstood(_("An answer to choose from has at most 40 characters."))
    fields = plan.options.get("field", [])
    if len(fields) == 1 or len(fields) > MOST_FIELDS:
        raise NotUnderstood(_("An event has 2 to 24 fields of its own, or none."))
    if not 30 <= plan.round_seconds <= LONGEST_ROUND:
        raise NotUnderstood(_("A round lasts from 30 seconds to 4 hours."))
    if not 1 <= plan.rounds <= 100:
        raise NotUnderstood(_("Plan between 1 and 100 rounds."))


def _iso(event: Event) -> str:
    moment: datetime = event.starts_at
    return moment.isoformat(timespec="minutes")


def _named(work: Work, which: str) -> Event:
    event = work.session.exec(select(Event).where(or_(Event.public_id == which, Event.code == which.upper()))).first()
    if event is None:
        raise NotFound(_("No event has this identifier or code."))
    return event
