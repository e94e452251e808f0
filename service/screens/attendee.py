"""What attendees see: reads rows in bulk, gives frozen screens. A batch costs the same queries as one phone."""

from collections import defaultdict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, exists, or_
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from service.domain import signals, sparks
from service.domain.language import _
from service.domain.lifecycle import AttendeeState
from service.domain.numbers import draw_of, numbers_to_tap
from service.domain.questions import ORDER, Question, field_phrase, pack, spoken
from service.models import Answer, Attendee, Bar, Event, Meeting, Round, Seat, Thanks
from service.screens.lobby import headline, lobby_of, starters
from service.screens.views import (
    AttendeeScreen,
    EventView,
    JoinScreen,
    MeetingView,
    NoteView,
    PartnerView,
    QuestionView,
    SignalView,
    ThanksView,
)

_Mine, _Theirs = aliased(Seat), aliased(Seat)
_barred = exists().where(
    or_(
        and_(col(Bar.low_id) == Thanks.sender_id, col(Bar.high_id) == Seat.attendee_id),
        and_(col(Bar.high_id) == Thanks.sender_id, col(Bar.low_id) == Seat.attendee_id),
    )
)
"""Whoever stepped away from somebody gets no words from them any more; the sender cannot tell."""


def join_screen(event: Event, key: str, alert: str | None = None) -> JoinScreen:
    """The first question, for somebody who is nobody yet."""
    question = pack(event.options)[ORDER[0]]
    return JoinScreen(event_view(event), event.code, key, _question_view(question, None), alert)


def attendee_screens(session: Session, ids: Sequence[int], now: datetime) -> dict[int, AttendeeScreen]:
    """The current screens of these attendees; unknown ids are left out."""
    facts = _load(session, ids)
    return {attendee.id or 0: _screen(facts, attendee, now) for attendee in facts.attendees}


def event_view(event: Event) -> EventView:
    """What everybody may know of an event."""
    return EventView(event.public_id, event.name, event.state)  # type: ignore[arg-type]


@dataclass(slots=True)
class _Facts:
    """Everything a batch of screens needs, by whom it is about."""

    attendees: Sequence[Attendee]
    events: dict[int, Event]
    running: dict[int, Round]
    answers: dict[tuple[int, str], Answer]
    seats: dict[int, tuple[Seat, Meeting]]
    company: dict[int, list[Attendee]]
    notes: dict[int, list[NoteView]]
    unthanked: dict[int, ThanksView]


def _load(session: Session, ids: Sequence[int]) -> _Facts:
    attendees = session.exec(select(Attendee).where(col(Attendee.id).in_(ids))).all()
    event_ids = {attendee.event_id for attendee in attendees}
    seats = _seats(session, ids)
    company = _company(session, [meeting.id or 0 for _seat, meeting in seats.values()])
    about = {attendee.id for group in company.values() for attendee in group} | set(ids)
    events = session.exec(select(Event).where(col(Event.id).in_(event_ids))).all()
    rounds = session.exec(select(Round).where(col(Round.event_id).in_(event_ids), col(Round.ended_at).is_(None))).all()
    return _Facts(
        attendees=attendees,
        events={event.id or 0: event for event in events},
        running={round_.event_id: round_ for round_ in rounds},
        answers={
            (answer.attendee_id, answer.question): answer
            for answer in session.exec(select(Answer).where(col(Answer.attendee_id).in_(about))).all()
        },
        seats=seats,
        company=company,
        notes=_notes(session, ids),
        unthanked=_unthanked(session, ids),
    )


def _seats(session: Session, ids: Sequence[int]) -> dict[int, tuple[Seat, Meeting]]:
    query = select(Seat, Meeting).join(Meeting, col(Meeting.id) == Seat.meeting_id)
    rows = session.exec(query.where(col(Seat.attendee_id).in_(ids), col(Seat.open))).all()
    return {seat.attendee_id: (seat, meeting) for seat, meeting in rows}


def _company(session: Session, meeting_ids: Sequence[int]) -> dict[int, list[Attendee]]:
    query = select(Seat.meeting_id, Attendee).join(Attendee, col(Attendee.id) == Seat.attendee_id)
    shown = col(Seat.open) | col(Seat.gone_at).is_not(None)
    rows = session.exec(query.where(col(Seat.meeting_id).in_(meeting_ids), shown).order_by(col(Seat.id))).all()
    company: dict[int, list[Attendee]] = defaultdict(list)
    for meeting_id, attendee in rows:
        company[meeting_id].append(attendee)
    return company


def _notes(session: Session, ids: Sequence[int]) -> dict[int, list[NoteView]]:
    query = (
        select(Seat.attendee_id, Attendee.name, Thanks.text)
        .join(Thanks, col(Thanks.meeting_id) == Seat.meeting_id)
        .join(Attendee, col(Attendee.id) == Thanks.sender_id)
        .where(col(Seat.attendee_id).in_(ids), col(Thanks.sender_id) != Seat.attendee_id, ~_barred)
        .order_by(col(Thanks.id).desc())
    )
    notes: dict[int, list[NoteView]] = defaultdict(list)
    for attendee_id, name, text in session.exec(query).all():
        notes[attendee_id].append(NoteView(name or "", text))
    return notes


def _unthanked(session: Session, ids: Sequence[int]) -> dict[int, ThanksView]:
    """Whom each of these can still thank: the people of their newest meeting with an open thank-you."""
    query = (
        select(_Mine.attendee_id, _Mine.meeting_id, Attendee.name)
        .join(_Theirs, col(_Theirs.meeting_id) == _Mine.meeting_id)
        .join(Attendee, col(Attendee.id) == _Theirs.attendee_id)
        .where(col(_Mine.attendee_id).in_(ids), col(_Mine.thanks_open), col(_Theirs.attendee_id) != _Mine.attendee_id)
        .order_by(col(_Mine.meeting_id), col(_Theirs.id))
    )
    newest: dict[int, tuple[int, list[str]]] = {}
    for attendee_id, meeting_id, name in session.exec(query).all():
        if newest.get(attendee_id, (0, []))[0] != meeting_id:
            newest[attendee_id] = (meeting_id, [])
        newest[attendee_id][1].append(name or "")
    return {
        attendee_id: ThanksView(meeting_id, " & ".join(names), starters())
        for attendee_id, (meeting_id, names) in newest.items()
    }


def _screen(facts: _Facts, attendee: Attendee, now: datetime) -> AttendeeScreen:
    event = facts.events[attendee.event_id]
    state = AttendeeState(attendee.state)
    version = attendee.version + event.version
    thanks = facts.unthanked.get(attendee.id or 0)
    notes = tuple(facts.notes.get(attendee.id or 0, ()))
    seat = facts.seats.get(attendee.id or 0)
    return AttendeeScreen(
        event=event_view(event),
        state=state,
        version=version,
        key=str(version),
        name=attendee.name,
        number=attendee.number,
        removed=attendee.removed,
        promise=_("Answers are deleted a day after the event."),
        question=_asked(facts, attendee, event) if state == AttendeeState.answering else None,
        lobby=lobby_of(attendee, headline(event, facts.running.get(attendee.event_id), now), thanks, notes),
        meeting=_meeting_view(facts, attendee, event, *seat) if seat else None,
        thanks=thanks if state == AttendeeState.thanking else None,
    )


def _asked(facts: _Facts, attendee: Attendee, event: Event) -> QuestionView:
    question = pack(event.options)[attendee.question]
    given = facts.answers.get((attendee.id or 0, attendee.question))
    return _question_view(question, given)


def _question_view(question: Question, given: Answer | None) -> QuestionView:
    return QuestionView(
        name=question.name,
        title=question.title,
        hint=question.hint,
        options=question.options,
        chosen=frozenset(given.chosen) if given else frozenset(),
        private=given.private if given else False,
        skip=question.skip,
        position=ORDER.index(question.name) + 1,
        total=len(ORDER),
    )


def _meeting_view(facts: _Facts, attendee: Attendee, event: Event, seat: Seat, meeting: Meeting) -> MeetingView:
    others = [other for other in facts.company[seat.meeting_id] if other.id != attendee.id]
    names: dict[Hashable, str] = {other.id: other.name or "" for other in others}
    spark = sparks.Spark.from_json(seat.spark)
    about = names.get(spark.about) or " & ".join(names.values())

    def label(value: str) -> str:
        return spoken(event.options, value)

    return MeetingView(
        meeting=seat.meeting_id,
        partners=tuple(_partner(facts, event, other) for other in others),
        kind=spark.kind,
        reason=sparks.sentence(spark, about, label),
        question=sparks.question(spark, label),
        first_to_ask=None if spark.opens == attendee.id else names.get(spark.opens, about),
        signal=signal_view(meeting),
        decoys=numbers_to_tap(
            attendee.number or 0,
            [other.number or 0 for other in others],
            draw_of(seat.meeting_id, seat.attendee_id, seat.wrong_taps),
        ),
        asked=None if meeting.asked_by is None else "me" if meeting.asked_by == attendee.id else "them",
        asker=names.get(meeting.asked_by),
        wrong=seat.wrong_taps > 0,
        resting=seat.quiet_until is not None,
    )


def signal_view(meeting: Meeting) -> SignalView:
    """A meeting's signal with its words."""
    signal = signals.Signal(meeting.colour, meeting.animal, meeting.spot)
    return SignalView(signal.colour, signal.animal, signals.words(signal), signal.spot)


def _partner(facts: _Facts, event: Event, other: Attendee) -> PartnerView:
    answer = facts.answers.get((other.id or 0, "field"))
    field = answer.chosen[0] if answer and answer.chosen else None
    return PartnerView(other.name or "", other.number or 0, field_phrase(event.options, field))
