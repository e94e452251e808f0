"""Organizers: the event page, the slide, their forms, their sockets."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Request, WebSocket
from fastapi.responses import HTMLResponse, Response
from sqlmodel import select
from starlette.concurrency import run_in_threadpool
from starlette.requests import HTTPConnection

from service.actions import exits, hosting, rounds
from service.actions.turn import Turn, first_time, take_turn
from service.domain.errors import NotFound, NotUnderstood
from service.domain.language import _
from service.domain.lifecycle import EventState
from service.identity import ORGANIZER, WALL, bearer, event_at, hashed, link_of
from service.live import topics
from service.live.follow import NOT_YOURS, OVER, Viewer
from service.models import Event, Link, utc_now
from service.routes.here import PERSONAL, Here, Standing, action_of, here_of, scope_of, see_other
from service.routes.links import FRESH, NO_WALL, links_to_keep, show_once, token_for
from service.routes.posted import Form
from service.screens.event import host_screen, wall_screen

router = APIRouter()
KIND, SLIDE = "organizer", "slide"
TAPS = timedelta(seconds=30)
"""A form sent again within this time is an impatient hand, not another wish."""


@dataclass(frozen=True, slots=True)
class Organizer:
    """Who is asking: the bearer of one organizer link."""

    event_id: int
    public_id: str
    link_id: int
    token: str


def _organizer(public_id: str, request: Request, here: Standing) -> Organizer:
    token = _token_of(here, request, public_id)
    with here.database.reading() as session:
        place = link_of(session, token, ORGANIZER, public_id)
    if place is None or token is None:
        raise NotFound(_("There is nothing at this address. If this is your event, open your organizer link."))
    organizer = Organizer(place[0].id or 0, public_id, place[1].id or 0, token)
    request.state.redraw = lambda sentence: _page(here, organizer, {}, sentence)
    return organizer


Asker = Annotated[Organizer, Depends(_organizer)]


class Act:
    """One form of an organizer: an action on the locked event, once per key, then back to the event page."""

    def __init__(self, organizer: Asker, posted: Form, request: Request, here: Standing) -> None:
        self.posted = posted
        self.here = here
        self._organizer = organizer
        self._name = action_of(request)

    def __call__(self, action: Callable[[Turn], None]) -> Response:
        """Do it, unless this very form was sent before. Two organizers pressing at once are one press."""
        organizer = self._organizer
        with self.here.database.work() as work:
            turn = take_turn(work, organizer.event_id, self.here.delays)
            if work.session.get_one(Link, organizer.link_id).ended_at is not None:  # renewed while we waited our turn
                raise NotFound(_("This link does not work any more. Ask for the new one."))
            if first_time(work, scope_of(KIND, organizer.event_id), self._name, self.posted):
                action(turn)
        return see_other(f"/host/{organizer.public_id}")


Acting = Annotated[Act, Depends()]


@router.get("/host/{public_id}")
def event_page(organizer: Asker, request: Request, here: Standing) -> Response:
    """The event page. What is shown once is shown if it was made a moment ago."""
    fresh = request.cookies.get(FRESH)
    links = links_to_keep(here, organizer.token, fresh) if fresh is not None else {}
    answer = HTMLResponse(_page(here, organizer, links, None), headers=PERSONAL)
    if fresh is not None:
        answer.delete_cookie(FRESH, path=f"/host/{organizer.public_id}")
    return answer


@router.get("/host/{public_id}/slide")
def slide(organizer: Asker, here: Standing) -> Response:
    """The code, full screen, for a projector."""
    with here.database.reading() as session:
        screen = wall_screen(session, session.get_one(Event, organizer.event_id), here.settings.public_url, utc_now())
    address = f"/host/{organizer.public_id}/slide/live"
    return HTMLResponse(here.renderer.page("organizer/slide.html", screen=screen, live=address), headers=PERSONAL)


@router.post("/host/{public_id}/open")
def open_event(act: Acting) -> Response:
    """Let people in."""
    return act(hosting.open_event)


@router.post("/host/{public_id}/start-round")
def start_round(act: Acting) -> Response:
    """Match everybody who is ready."""
    return act(rounds.start)


@router.post("/host/{public_id}/end-round")
def end_round(act: Acting) -> Response:
    """Call the round in."""
    return act(rounds.end)


@router.post("/host/{public_id}/lock")
def lock(act: Acting) -> Response:
    """Close or reopen the door."""
    return act(lambda turn: hosting.set_lock(turn, act.posted.text("locked") != "0"))


@router.post("/host/{public_id}/remove")
def remove(act: Acting) -> Response:
    """Take a number out of the event."""
    number = act.posted.number("number")
    return act(lambda turn: exits.remove(turn, number))


@router.post("/host/{public_id}/renew-code")
def renew_code(act: Acting) -> Response:
    """A new code."""
    return act(hosting.renew_code)


@router.post("/host/{public_id}/renew-link")
def renew_link(public_id: str, request: Request, here: Standing, posted: Form) -> Response:
    """A new secret link; the old one, its cookies and sockets end. A second tap still comes with the old cookie."""
    held, wall = _token_of(here, request, public_id), posted.text("kind") == WALL
    token = token_for(here, f"renew:{held}", posted.text("key"))
    answer = see_other(f"/host/{public_id}")
    if wall or not _renewed_just_now(here, public_id, held, token):
        act = Act(_organizer(public_id, request, here), posted, request, here)
        answer = act(lambda turn: hosting.renew_link(turn, WALL if wall else ORGANIZER, hashed(token)))
    if not wall:
        here.cookies.give(answer, here.cookies.organizer(public_id), token)
    show_once(answer, here, public_id, token if wall else NO_WALL)
    return answer


@router.post("/host/{public_id}/end-event")
def end_event(act: Acting) -> Response:
    """Over, for good; said twice."""
    if not act.posted.text("confirm"):
        raise NotUnderstood(_("Tick the box first: an ended event cannot be opened again."))
    return act(hosting.end_event)


@router.websocket("/host/{public_id}/live")
async def live(socket: WebSocket, public_id: str) -> None:
    """The event page's socket."""
    await _follow(socket, public_id, KIND)


@router.websocket("/host/{public_id}/slide/live")
async def slide_live(socket: WebSocket, public_id: str) -> None:
    """The slide's socket."""
    await _follow(socket, public_id, SLIDE)


def frames(here: Here, kind: str, link_ids: Sequence[int]) -> Mapping[int, str]:
    """The frames of organizers' pages or slides; a link that was renewed has none."""
    shown: dict[int, str] = {}
    with here.database.reading() as session:
        query = select(Link, Event).join(Event, Event.id == Link.event_id)  # type: ignore[arg-type]
        for link, event in session.exec(query.where(Link.id.in_(link_ids), Link.ended_at.is_(None))).all():  # type: ignore[union-attr]
            screen_of, template = _SHOWN[kind]
            screen = screen_of(session, event, here.settings.public_url, utc_now())
            shown[link.id or 0] = here.renderer.frame(template, screen=screen)
    return shown


_SHOWN = {
    KIND: (host_screen, "organizer/_screen.html"),
    SLIDE: (wall_screen, "wall/_screen.html"),
    WALL: (wall_screen, "wall/_screen.html"),
}


async def _follow(socket: WebSocket, public_id: str, kind: str) -> None:
    here = here_of(socket)
    place, code = await run_in_threadpool(_place, here, socket, public_id)
    await socket.accept()
    if place is None:
        await socket.close(code)
        return
    event, link = place
    follows = [topics.event(event.id or 0), topics.dashboard(event.id or 0)]
    await here.follower.serve(socket, Viewer(kind, link.id or 0), follows)


def _place(here: Here, socket: WebSocket, public_id: str) -> tuple[tuple[Event, Link] | None, int]:
    with here.database.reading() as session:
        event = event_at(session, public_id)
        if event is None or event.state == EventState.ended:
            return None, OVER
        return link_of(session, _token_of(here, socket, public_id), ORGANIZER, public_id), NOT_YOURS


def _token_of(here: Here, connection: HTTPConnection, public_id: str) -> str | None:
    return bearer(connection) or connection.cookies.get(here.cookies.organizer(public_id))


def _page(here: Here, organizer: Organizer, links: dict[str, str], alert: str | None) -> str:
    with here.database.reading() as session:
        event = session.get_one(Event, organizer.event_id)
        screen = host_screen(session, event, here.settings.public_url, utc_now())
    live_address = f"/host/{organizer.public_id}/live"
    shown = replace(screen, links=links, alert=alert)
    return here.renderer.page("organizer/page.html", screen=shown, live=live_address)


def _renewed_just_now(here: Here, public_id: str, old: str | None, new: str) -> bool:
    with here.database.reading() as session:
        if link_of(session, new, ORGANIZER, public_id) is None:
            return False
        ended = select(Link.ended_at).where(Link.token_hash == hashed(old or ""), Link.ended_at > utc_now() - TAPS)  # type: ignore[operator]
        return session.exec(ended).first() is not None
