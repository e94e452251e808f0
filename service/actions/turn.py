"""The frame of every action: one transaction on one locked event, with its clock and its chance."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from random import Random, SystemRandom

from sqlmodel import Session, select

from service.database import Work
from service.domain.delays import Delays
from service.domain.errors import NotFound, NotNow
from service.domain.language import _
from service.live import topics
from service.models import Attendee, Event, Receipt, utc_now


@dataclass(slots=True)
class Turn:
    """What an action needs: the open work, the event (locked until commit), the moment, chance, and the delays."""

    work: Work
    event: Event
    now: datetime = field(default_factory=utc_now)
    rng: Random = field(default_factory=SystemRandom)
    delays: Delays = field(default_factory=Delays)

    @property
    def session(self) -> Session:
        """The session of the work."""
        return self.work.session

    @property
    def event_id(self) -> int:
        """The event's id; a loaded event always has one."""
        assert self.event.id is not None  # noqa: S101
        return self.event.id

    def touch(self, *attendees: Attendee) -> None:
        """These people's screens have changed: raise their versions now, nudge them after the commit."""
        for attendee in attendees:
            attendee.version += 1
            self.work.nudge(topics.attendee(attendee.id or 0))
        self.work.nudge(topics.dashboard(self.event_id))

    def touch_event(self) -> None:
        """Something that every screen of the event shows has changed."""
        self.event.version += 1
        self.work.nudge(topics.event(self.event_id))


def take_turn(work: Work, event_id: int, delays: Delays) -> Turn:
    """Lock an event and begin a turn on it. One lock, always the event first, so that nobody waits in a circle."""
    event = work.session.exec(select(Event).where(Event.id == event_id).with_for_update(key_share=True)).first()
    if event is None:
        raise NotFound(_("There is nothing at this address."))
    return Turn(work, event, delays=delays)


def first_time(work: Work, scope: str, action: str, fields: Mapping[str, Iterable[str]]) -> bool:
    """Whether a form's key is new here. The same form again is False; its key with other words is refused.

    ``fields`` is the whole form with its ``key``; a form without one is always new.
    """
    key = "".join(fields.get("key", ()))[:64]
    if not key:
        return True
    digest = hashlib.sha256(repr(sorted((name, list(values)) for name, values in fields.items())).encode()).hexdigest()
    known = work.session.exec(
        select(Receipt.digest).where(Receipt.scope == scope, Receipt.action == action, Receipt.key == key)
    ).first()
    if known is None:
        work.session.add(Receipt(scope=scope, action=action, key=key, digest=digest))
    elif known != digest:
        raise NotNow(_("That page was used already. Here is where you are now."))
    return known is None
