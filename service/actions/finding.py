"""Finding each other: the number that was heard, and the other phone's yes."""

from service.actions.seating import Seated, begin_talking, open_seat, seated
from service.actions.turn import Turn
from service.domain.delays import WRONG_TAPS
from service.domain.errors import NotNow, NotUnderstood
from service.domain.language import _
from service.domain.lifecycle import MeetingState
from service.domain.numbers import draw_of, numbers_to_tap
from service.models import Attendee, Meeting, Seat


def tap_number(turn: Turn, attendee: Attendee, number: int) -> None:
    """Somebody tapped the number they heard. A right one asks the other phone; three wrong ones rest the screen."""
    seat, meeting = _looking(turn, attendee)
    if seat.quiet_until is not None:
        raise NotNow(_("Take a moment. Look for the animal first, then try again."))
    others = [(other, who) for other, who in seated(turn, meeting) if who.id != attendee.id]
    theirs = [who.number or 0 for _other, who in others]
    if number in theirs:
        _ask(turn, attendee, meeting, others)
    elif number in _offered(turn, attendee, seat, theirs):
        _count_wrong(turn, seat)
    else:
        raise NotUnderstood(_("Tap one of the four numbers on your screen."))
    turn.touch(attendee)


def confirm(turn: Turn, attendee: Attendee, yes: bool) -> None:
    """The asked phone says whether they are together. No goes back to the card."""
    seat, meeting = _looking(turn, attendee)
    if meeting.asked_by is None or meeting.asked_by == seat.attendee_id:
        raise NotNow(_("Nobody is asking right now. Here is where you are."))
    if yes:
        begin_talking(turn, meeting)
        return
    meeting.asked_by = meeting.asked_at = None
    turn.touch(*(who for _seat, who in seated(turn, meeting)))


def _looking(turn: Turn, attendee: Attendee) -> tuple[Seat, Meeting]:
    place = open_seat(turn, attendee)
    if place is None or place[1].state != MeetingState.suggested:
        raise NotNow(_("That is settled already. Here is where you are."))
    return place


def _ask(turn: Turn, attendee: Attendee, meeting: Meeting, others: list[Seated]) -> None:
    if meeting.asked_by not in (None, attendee.id):
        begin_talking(turn, meeting)
        return
    meeting.asked_by = attendee.id
    meeting.asked_at = meeting.asked_at or turn.now
    turn.touch(*(who for _seat, who in others))


def _count_wrong(turn: Turn, seat: Seat) -> None:
    seat.wrong_taps += 1
    if seat.wrong_taps % WRONG_TAPS == 0:
        seat.quiet_until = turn.now + turn.delays.rest


def _offered(turn: Turn, attendee: Attendee, seat: Seat, theirs: list[int]) -> tuple[int, ...]:
    draw = draw_of(seat.meeting_id, seat.attendee_id, seat.wrong_taps)
    return numbers_to_tap(attendee.number or 0, theirs, draw)
