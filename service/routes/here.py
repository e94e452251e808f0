"""What every route stands on: the parts of the running service, and who is asking."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request
from fastapi.responses import RedirectResponse, Response
from starlette.requests import HTTPConnection

from service.database import Database
from service.domain.delays import Delays
from service.identity import Cookies
from service.live.follow import Follower
from service.rendering import Renderer
from service.settings import Settings

PERSONAL = {"Cache-Control": "no-store"}


@dataclass(frozen=True, slots=True)
class Here:
    """The parts of one running service, put together by ``create_app``."""

    settings: Settings
    database: Database
    renderer: Renderer
    follower: Follower
    cookies: Cookies
    delays: Delays


def here_of(connection: HTTPConnection) -> Here:
    """The service a request or socket came to."""
    here: Here = connection.app.state.here
    return here


async def _here(request: Request) -> Here:
    return here_of(request)  # async, so that no thread is asked for it


Standing = Annotated[Here, Depends(_here)]


def see_other(address: str) -> Response:
    """Where to look after a form had its effect."""
    return RedirectResponse(address, 303, PERSONAL)


def scope_of(kind: str, key: int | str) -> str:
    """Whose forms a receipt speaks of."""
    return f"{kind}:{key}"


def action_of(request: Request) -> str:
    """The action a form's address names: its last part."""
    return request.url.path.rsplit("/", 1)[-1][:20]
