"""The front door: what this is, a field for a code, a way to host."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, PlainTextResponse, Response

from service.domain.codes import read_code
from service.routes.here import Standing, see_other
from service.routes.posted import Form

router = APIRouter()


@router.get("/")
def home(here: Standing) -> Response:
    """What Thaw is, in one screen."""
    return HTMLResponse(here.renderer.page("home/page.html", alert=None, code=""))


@router.post("/")
def type_code(request: Request, here: Standing, posted: Form) -> Response:
    """A code typed by hand."""
    typed = posted.text("code")
    request.state.redraw = lambda sentence: here.renderer.page("home/page.html", alert=sentence, code=typed[:20])
    return see_other(f"/J/{read_code(typed)}")


@router.get("/robots.txt")
def robots() -> Response:
    """Events are nobody's search result."""
    return PlainTextResponse("User-agent: *\nDisallow: /J/\nDisallow: /e/\nDisallow: /o/\nDisallow: /host/\n")
