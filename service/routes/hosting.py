"""Becoming an organizer: making an event, and following a secret link."""

from datetime import datetime, timedelta
from hmac import compare_digest

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from service.actions import hosting
from service.domain.errors import NotFound, NotNow, NotUnderstood, NotYours, TooMany
from service.domain.language import _
from service.identity import KEY_LENGTH, ORGANIZER, WALL, hashed, link_of, new_token
from service.models import Event, Link, utc_now
from service.routes.here import PERSONAL, Here, Standing, see_other
from service.routes.links import show_once, token_for
from service.routes.posted import Form
from service.routes.tries import Tries
from service.screens.attendee import event_view
from service.screens.views import EventView

router = APIRouter()
phrase_tries = Tries("5/minute")


@router.get("/host")
def hosting_page(request: Request, here: Standing) -> Response:
    """Name and time: that is all an event needs."""
    closed = None if here.settings.hosting else _("Events are made by whoever runs this server.")
    return HTMLResponse(_create_page(here, request, _next_hour(), "", closed), headers=PERSONAL)


@router.post("/host")
def create(request: Request, here: Standing, posted: Form) -> Response:
    """Make the event. Its links are shown on the page that follows, once."""
    name, when = posted.text("name"), posted.text("when")
    request.state.redraw = lambda sentence: _create_page(here, request, when, name, sentence)
    _check_phrase(here, request, posted.text("phrase"))
    key = posted.text("key")
    token, wall = (token_for(here, purpose, key if len(key) >= KEY_LENGTH else "") for purpose in (ORGANIZER, WALL))
    starts_at = _moment(when)
    try:
        event = _made(here, name, starts_at, token, wall)
    except IntegrityError:  # a second tap at the same moment made it
        event = _made(here, name, starts_at, token, wall)
    answer = see_other(f"/host/{event.public_id}")
    here.cookies.give(answer, here.cookies.organizer(event.public_id), token)
    show_once(answer, here, event.public_id, wall)
    return answer


@router.get("/o/{token}")
def link_page(token: str, here: Standing) -> Response:
    """One button: a preview of the link changes nothing."""
    event = _linked(here, token)
    page = here.renderer.page("organizer/link.html", event=event_view(event), address=f"/o/{token}")
    return HTMLResponse(page, headers=PERSONAL)


@router.post("/o/{token}")
def follow_link(token: str, here: Standing) -> Response:
    """This browser is an organizer's from now on."""
    event = _linked(here, token)
    answer = see_other(f"/host/{event.public_id}")
    here.cookies.give(answer, here.cookies.organizer(event.public_id), token)
    return answer


def _made(here: Here, name: str, starts_at: datetime, token: str, wall: str) -> Event:
    with here.database.work() as work:
        query = select(Link, Event).join(Event, Event.id == Link.event_id)  # type: ignore[arg-type]
        known = work.session.exec(query.where(Link.token_hash == hashed(token))).first()
        if known and known[0].ended_at is None:
            return known[1]
        if known:
            raise NotNow(_("That form was used already. Open the page again for another event."))
        event = hosting.create(work, name, starts_at, utc_now())
        hosting.give_link(work, event, ORGANIZER, hashed(token))
        hosting.give_link(work, event, WALL, hashed(wall))
        return event


def _linked(here: Here, token: str) -> Event:
    with here.database.reading() as session:
        place = link_of(session, token, ORGANIZER)
    if place is None:
        raise NotFound(_("This link does not work any more. Ask for the new one."))
    return place[0]


def _create_page(here: Here, request: Request, when: str, name: str, alert: str | None) -> str:
    return here.renderer.page(
        "organizer/create.html",
        key=new_token(),
        when=when,
        name=name,
        zone=datetime.now().astimezone().tzname(),
        needs_phrase=here.settings.hosting not in ("", "open"),
        alert=alert,
        events=_own_events(here, request),
    )


def _own_events(here: Here, request: Request) -> list[EventView]:
    tokens = here.cookies.hosted(request)
    with here.database.reading() as session:
        places = [link_of(session, token, ORGANIZER, public_id) for public_id, token in list(tokens.items())[:20]]
    return [event_view(place[0]) for place in places if place]


def _check_phrase(here: Here, request: Request, phrase: str) -> None:
    wanted = here.settings.hosting
    if not wanted:
        raise NotYours(_("Events are made by whoever runs this server."))
    if wanted == "open":
        return
    who = request.client.host if request.client else ""
    if not phrase_tries.left(who):
        raise TooMany(_("Too many tries. Wait a minute, then try again."))
    if not compare_digest(phrase.encode(), wanted.encode()):
        phrase_tries.count(who)
        raise NotYours(_("That is not the pass phrase."))


def _next_hour() -> str:
    soon = datetime.now().astimezone() + timedelta(hours=1)
    return soon.strftime("%Y-%m-%dT%H:00")


def _moment(when: str) -> datetime:
    try:
        return datetime.strptime(when, "%Y-%m-%dT%H:%M").astimezone()
    except (ValueError, OverflowError, OSError) as error:
        raise NotUnderstood(_("Choose a day and a time.")) from error
