"""Secret links on their way to whom they are for: shown once, and the same again for the same form."""

from fastapi.responses import Response

from service.identity import new_token, token_from
from service.routes.here import Here

FRESH = "thaw-fresh"
"""A cookie of one minute that carries what is shown once: the wall's token, or that there is none."""
NO_WALL = "-"
"""Not empty: an empty cookie is sent in quotation marks, which no cookie of ours has."""


def token_for(here: Here, purpose: str, key: str) -> str:
    """The token that belongs to a form's key, or a fresh one for a form without."""
    return token_from(here.settings.secrets[0], purpose, key) if key else new_token()


def links_to_keep(here: Here, organizer: str, wall: str) -> dict[str, str]:
    """The addresses to show, by name, from the organizer's token and what the cookie holds."""
    links = {"organizer": f"{here.settings.public_url}/o/{organizer}"}
    return links if wall == NO_WALL else links | {"wall": f"{here.settings.public_url}/wall/{wall}"}


def show_once(answer: Response, here: Here, public_id: str, wall: str) -> None:
    """Let the event page that follows show the links, and no later one."""
    path = f"/host/{public_id}"
    secure = here.settings.https
    answer.set_cookie(FRESH, wall, max_age=60, httponly=True, samesite="lax", secure=secure, path=path)
