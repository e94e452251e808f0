"""Every refusal becomes a page: the person's own true screen with one sentence, or a plain page with a way on."""

from collections.abc import Callable

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, Response
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from service.domain.errors import NotFound, NotNow, NotUnderstood, NotYours, Refused, TooMany
from service.domain.language import _
from service.rendering import Renderer
from service.routes.headers import NONCE
from service.routes.here import PERSONAL

STATUS: dict[type[Refused], int] = {NotNow: 409, NotYours: 403, NotUnderstood: 422, NotFound: 404, TooMany: 429}
RETRY_AFTER = "3"

Redraw = Callable[[str], str]
"""Renders the asker's current screen with a sentence on it; ``request.state.redraw`` once it is known who asks.

``request.state.nonce`` goes with it where that page carries a style inline.
"""


def refuse_with_pages(app: FastAPI, renderer: Renderer) -> None:
    """Install the handlers that answer refusals and faults with pages."""

    def plain(sentence: str, status: int, headers: dict[str, str] | None = None) -> Response:
        page = renderer.page("refusals/page.html", title=_("Not this way"), sentence=sentence)
        return HTMLResponse(page, status, PERSONAL | (headers or {}))

    async def their_screen(request: Request, sentence: str, status: int, headers: dict[str, str]) -> Response:
        redraw: Redraw | None = getattr(request.state, "redraw", None)
        if redraw is None:
            return plain(sentence, status, headers)
        page = await run_in_threadpool(redraw, sentence)
        nonce = getattr(request.state, "nonce", None)
        return HTMLResponse(page, status, PERSONAL | headers | ({NONCE: nonce} if nonce else {}))

    async def refused(request: Request, error: Exception) -> Response:
        assert isinstance(error, Refused)  # noqa: S101
        headers = {"Retry-After": str(error.retry_after)} if isinstance(error, TooMany) else {}
        return await their_screen(request, error.sentence, STATUS.get(type(error), 400), headers)

    async def not_understood(_request: Request, _error: Exception) -> Response:
        return plain(_("That form was not one of ours. Go back and try again."), 422)

    async def from_the_web(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)  # noqa: S101
        return await their_screen(request, _sentence(error.status_code), error.status_code, dict(error.headers or {}))

    async def busy(_request: Request, _error: Exception) -> Response:
        return plain(_("A lot of people at once. Try again in a moment."), 503, {"Retry-After": RETRY_AFTER})

    app.add_exception_handler(Refused, refused)
    app.add_exception_handler(RequestValidationError, not_understood)
    app.add_exception_handler(HTTPException, from_the_web)
    app.add_exception_handler(PoolTimeout, busy)
    app.add_exception_handler(OperationalError, busy)


def _sentence(status: int) -> str:
    return {
        404: _("There is nothing at this address."),
        405: _("That is not something this page can do."),
        413: _("That was too much at once. Send less."),
    }.get(status, _("That form was not one of ours. Go back and try again."))
