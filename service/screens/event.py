"""What the organizer and the wall see of an event: counts, the round's clock, who still looks. No names."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import datetime
from urllib.parse import urlsplit

from markupsafe import Markup
from sqlalchemy import func
from sqlmodel import Session, col, select

from service import qr
from service.domain.codes import shown
from service.domain.language import _
from service.domain.lifecycle import AttendeeState, EventState, MeetingState
from service.domain.signals import spots_for
from service.models import Attendee, Event, Meeting, Round, Seat
from service.screens.attendee import event_view, signal_view
from service.screens.lobby import minutes_in_words
from service.screens.views import HostScreen, LookingView, RoundView, WallScreen

COUNTED = [state.value for state in AttendeeState if state != AttendeeState.over]
SHARE_TO_START = 0.8
"""Of those who came, how many should be ready before a round starts."""


def host_screen(session: Session, event: Event, public_url: str, now: datetime) -> HostScreen:
    """The organizer's whole event page."""
    counts, versions = _counts(session, event)
    version = event.version + versions
    rounds = session.exec(select(Round).where(Round.event_id == event.id).order_by(col(Round.number))).all()
    running = next((round_ for round_ in rounds if round_.ended_at is None), None)
    looking = _looking(session, running, now)
    together = _together(session, running)
    link = join_url(public_url, event.code)
    return HostScreen(
        event=event_view(event),
        version=version,
        key=str(version),
        when=event.starts_at.strftime("%-d %B, %H:%M"),
        code=shown(event.code),
        join_url=link,
        join_words=urlsplit(public_url).netloc,
        qr=Markup(qr.svg(link)),  # noqa: S704 drawn by us
        locked=event.locked,
        counts=counts,
        advice=_advice(event, counts),
        spots=spots_for(max(1, (counts["waiting"] + counts["thanking"]) // 2)),
        rounds_run=len(rounds),
        round=_round_view(running, now) if running else None,
        pairs=len(looking) + together,
        together=together,
        looking=tuple(looking),
        links={},
    )


def wall_screen(session: Session, event: Event, public_url: str, now: datetime) -> WallScreen:
    """What the projector shows: nobody's name, nobody's number."""
    _unseen, versions = _counts(session, event)
    running = session.exec(select(Round).where(Round.event_id == event.id, col(Round.ended_at).is_(None))).first()
    return WallScreen(
        event=event_view(event),
        version=event.version + versions,
        code=shown(event.code),
        join_words=urlsplit(public_url).netloc,
        qr=Markup(qr.svg(join_url(public_url, event.code))),  # noqa: S704 drawn by us
        say=_say(event, running),
        clock=_round_view(running, now).left if running else "",
        joined=event.last_number,
        locked=event.locked,
    )


def join_url(public_url: str, code: str) -> str:
    """The join address as the QR code holds it: all capitals, which makes a smaller code."""
    address = urlsplit(public_url)
    return f"{address.scheme}://{address.netloc}/J/{code}".upper()


def _counts(session: Session, event: Event) -> tuple[dict[str, int], int]:
    query = select(Attendee.state, func.count(), func.sum(Attendee.version)).where(Attendee.event_id == event.id)
    rows = session.exec(query.group_by(Attendee.state)).all()
    found = Counter({state: count for state, count, _versions in rows})
    return {state: found[state] for state in COUNTED}, sum(versions for _state, _count, versions in rows)


def _looking(session: Session, running: Round | None, now: datetime) -> list[LookingView]:
    if running is None:
        return []
    query = (
        select(Meeting, Attendee.number)
        .join(Seat, col(Seat.meeting_id) == Meeting.id)
        .join(Attendee, col(Attendee.id) == Seat.attendee_id)
        .where(Meeting.round_id == running.id, Meeting.state == MeetingState.suggested)
        .where(col(Seat.open))
        .order_by(col(Meeting.started_at), col(Meeting.id), col(Seat.id))
    )
    numbers: dict[int, list[int]] = defaultdict(list)
    meetings: dict[int, Meeting] = {}
    for meeting, number in session.exec(query).all():
        meetings[meeting.id or 0] = meeting
        numbers[meeting.id or 0].append(number or 0)
    return [_looking_view(meeting, numbers[key], now) for key, meeting in meetings.items()]


def _looking_view(meeting: Meeting, numbers: Sequence[int], now: datetime) -> LookingView:
    minutes = int((now - meeting.started_at).total_seconds() // 60)
    return LookingView(tuple(numbers), signal_view(meeting), max(minutes, 0))


def _together(session: Session, running: Round | None) -> int:
    if running is None:
        return 0
    query = select(func.count()).select_from(Meeting)
    return session.exec(query.where(Meeting.round_id == running.id, col(Meeting.found_at).is_not(None))).one()


def _round_view(running: Round, now: datetime) -> RoundView:
    return RoundView(running.number, running.ends_at, minutes_in_words((running.ends_at - now).total_seconds()))


def _advice(event: Event, counts: dict[str, int]) -> str:
    ready = counts["waiting"] + counts["thanking"]
    here = ready + counts["answering"]
    if event.state == EventState.draft:
        return _("Open the event when you want people to come in.")
    if ready < 2:
        return _("Show the code. Start when most people are ready.")
    if ready >= SHARE_TO_START * here:
        return _("Good to start. Most people are ready.")
    return _("Wait a minute. Some are still answering.")


def _say(event: Event, running: Round | None) -> str:
    if event.state == EventState.ended:
        return _("Thank you for coming.")
    if running is None:
        return _("Meet one person you wouldn't have met.")
    return _("Hold up your animal. Find your twin.")
