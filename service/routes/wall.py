"""The wall: a page for the projector that shows and can do nothing."""

from fastapi import APIRouter, Request, WebSocket
from fastapi.responses import HTMLResponse, Response
from starlette.concurrency import run_in_threadpool

from service.domain.errors import NotFound
from service.domain.language import _
from service.domain.lifecycle import EventState
from service.identity import WALL, link_of
from service.live import topics
from service.live.follow import OVER, Viewer
from service.models import Event, Link, utc_now
from service.routes.here import PERSONAL, Here, Standing, here_of
from service.screens.event import wall_screen

router = APIRouter()


@router.get("/wall")
def wall_again(request: Request, here: Standing) -> Response:
    """The wall after a reload, when its token has left the address."""
    return _wall(here, request.cookies.get(here.cookies.wall(), ""))


@router.get("/wall/{token}")
def wall(token: str, here: Standing) -> Response:
    """The wall; the token leaves the address once the page is loaded."""
    answer = _wall(here, token)
    here.cookies.give(answer, here.cookies.wall(), token)
    return answer


@router.websocket("/wall/{token}/live")
async def live(socket: WebSocket, token: str) -> None:
    """The wall's socket."""
    here = here_of(socket)
    place = await run_in_threadpool(_place, here, token)
    await socket.accept()
    if place is None or place[0].state == EventState.ended:
        await socket.close(OVER)
        return
    event, link = place
    follows = [topics.event(event.id or 0), topics.dashboard(event.id or 0)]
    await here.follower.serve(socket, Viewer(WALL, link.id or 0), follows)


def _wall(here: Here, token: str) -> Response:
    place = _place(here, token)
    if place is None:
        raise NotFound(_("This wall does not show anything any more. Open its link again."))
    with here.database.reading() as session:
        screen = wall_screen(session, place[0], here.settings.public_url, utc_now())
    page = here.renderer.page("wall/page.html", screen=screen, live=f"/wall/{token}/live")
    return HTMLResponse(page, headers=PERSONAL)


def _place(here: Here, token: str) -> tuple[Event, Link] | None:
    with here.database.reading() as session:
        return link_of(session, token, WALL)
