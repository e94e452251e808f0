"""Coming and being there: join, answer, go back, say one's name, come back after a pause."""

from sqlmodel import select

from service.actions import pairing
from service.actions.turn import Turn
from service.domain.errors import NotNow, NotUnderstood
from service.domain.language import _
from service.domain.lifecycle import AttendeeState, EventState, move
from service.domain.names import clean_name
from service.domain.questions import ORDER, following, pack, preceding
from service.models import Answer, Attendee


def join(turn: Turn, token_hash: str) -> Attendee:
    """A new person, at the first question. Raises NotNow where the event does not take anybody."""
    refuse_if_closed(turn.event.state, turn.event.locked)
    attendee = Attendee(event_id=turn.event_id, token_hash=token_hash, question=ORDER[0])
    turn.session.add(attendee)
    turn.session.flush()
    turn.touch(attendee)
    return attendee


def refuse_if_closed(state: str, locked: bool) -> None:
    """Raise NotNow, with the reason in words, unless people can join."""
    if state == EventState.ended:
        raise NotNow(_("This event is over."))
    if state == EventState.draft:
        raise NotNow(_("This event is not open yet. Try again when it starts."))
    if locked:
        raise NotNow(_("Joining is closed for now. Ask the host to let you in."))


def answer(turn: Turn, attendee: Attendee, question: str, chosen: list[str], private: bool) -> None:
    """Save one answer and go on to the next question. ``chosen`` empty means skipped; the newest answer counts."""
    if attendee.state != AttendeeState.answering:
        raise NotNow(_("You have answered that already. Here is where you are."))
    if question != attendee.question:
        raise NotNow(_("That question was on another page. Here is the one you are at."))
    if question == "name":
        _be_called(turn, attendee, chosen)
    else:
        _keep(turn, attendee, question, chosen, private)
        attendee.question = following(question)
    turn.touch(attendee)


def back(turn: Turn, attendee: Attendee) -> None:
    """Return to the question before; what was answered stays."""
    if attendee.state != AttendeeState.answering:
        raise NotNow(_("You are past the questions. Here is where you are."))
    attendee.question = preceding(attendee.question)
    turn.touch(attendee)


def come_back(turn: Turn, attendee: Attendee) -> None:
    """After a pause or after leaving: to the lobby, or to the question one was at."""
    if attendee.state not in (AttendeeState.paused, AttendeeState.left) or attendee.removed:
        raise NotNow(_("You are here already."))
    if attendee.number is None:
        move(attendee, AttendeeState.answering)
        turn.touch(attendee)
    else:
        move(attendee, AttendeeState.waiting)
        attendee.because = "returned"
        turn.touch(attendee)
        pairing.pair_late(turn)


def _be_called(turn: Turn, attendee: Attendee, typed: list[str]) -> None:
    attendee.name = clean_name("".join(typed))
    if attendee.number is None:
        turn.event.last_number += 1
        attendee.number = turn.event.last_number
    move(attendee, AttendeeState.waiting)
    attendee.because = "welcome"
    turn.touch(attendee)
    pairing.pair_late(turn)


def _keep(turn: Turn, attendee: Attendee, question: str, chosen: list[str], private: bool) -> None:
    asked = pack(turn.event.options)[question]
    if len(chosen) > 1 or any(value not in {option.value for option in asked.options} for value in chosen):
        raise NotUnderstood(_("Choose one of the answers on this page, or skip it."))
    query = select(Answer).where(Answer.attendee_id == attendee.id, Answer.question == question)
    kept = turn.session.exec(query).first() or Answer(attendee_id=attendee.id or 0, question=question)
    kept.chosen = chosen
    kept.private = private and question == "ask" and bool(chosen)
    turn.session.add(kept)
