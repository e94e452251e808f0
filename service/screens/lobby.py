"""What the lobby says to whom: a person has a partner or a reason for having none, in neutral words."""

from datetime import datetime

from service.domain.language import _, ngettext
from service.domain.lifecycle import MEETING, AttendeeState, EventState
from service.models import Attendee, Event, Round
from service.screens.views import LobbyView, NoteView, ThanksView

ALONE = frozenset(AttendeeState) - MEETING - {AttendeeState.answering}
"""The states of whoever is with nobody."""


def lobby_of(
    attendee: Attendee, headline: str, thanks: ThanksView | None, notes: tuple[NoteView, ...]
) -> LobbyView | None:
    """The lobby of somebody who is with nobody, or None for whoever is."""
    if attendee.state not in ALONE:
        return None
    return LobbyView(
        headline=headline,
        because=_reasons().get(attendee.because, _reasons()["between"]),
        neutral=attendee.because == "neutral",
        code=attendee.because,
        thanks=thanks,
        notes=notes,
    )


def headline(event: Event, running: Round | None, now: datetime) -> str:
    """What comes next, in words."""
    if event.state == EventState.ended:
        return _("This event is over.")
    if running is None:
        return _("The host starts the next round.") if event.state == EventState.live else _("The host starts soon.")
    left = minutes_in_words((running.ends_at - now).total_seconds())
    return _("The next round starts in {time}.").format(time=left)


def minutes_in_words(seconds: float) -> str:
    """A time to come as people say it: under a minute, about one minute, about four minutes."""
    minutes = round(seconds / 60)
    if minutes < 1:
        return _("under a minute")
    words = (_("one"), _("two"), _("three"), _("four"), _("five"), _("six"), _("seven"), _("eight"), _("nine"))
    count = words[minutes - 1] if minutes <= len(words) else str(minutes)
    return ngettext("about {count} minute", "about {count} minutes", minutes).format(count=count)


def starters() -> tuple[str, ...]:
    """Sentences a thank-you can begin with: starting is the barrier, not caring."""
    return (
        _("You asked a question that stays"),
        _("You made me laugh"),
        _("You gave me a new idea"),
        _("You really listened"),
        _("You helped with something stuck"),
    )


def _reasons() -> dict[str, str]:
    return {
        "welcome": _("The host will call it out. Put me away till then."),
        "between": _("Put me away till then. Most people are liked more than they think."),
        "returned": _("Good to see you again. You are in for the next one."),
        "neutral": _("This takes a minute or two. Stay where you are, or get a drink."),
        "not-found": _("You two did not find each other this time. It happens in a full hall."),
        "left-over": _("Nobody new was free for you this time. You come first in the next round."),
        "first-here": _("You are the first one here. As soon as somebody else is ready, you meet."),
        "stepped-away": _("Done. You will not be matched with them again, and nobody is told why."),
    }
