"""Attendees: the scanned code, the one screen, its forms, its socket."""

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Annotated

from fastapi import APIRouter, Depends, Request, WebSocket
from fastapi.responses import HTMLResponse, Response
from sqlmodel import Session, select
from starlette.concurrency import run_in_threadpool

from service.actions import attendance, exits, finding, talking
from service.actions.turn import Turn, first_time, take_turn
from service.domain.codes import read_code
from service.domain.errors import NotFound, NotUnderstood
from service.domain.language import _
from service.domain.lifecycle import EventState
from service.identity import KEY_LENGTH, attendee_of, event_at, hashed, new_token, token_from
from service.live import topics
from service.live.follow import NOT_YOURS, OVER, Viewer
from service.models import Attendee, Event, utc_now
from service.routes.headers import NONCE
from service.routes.here import PERSONAL, Here, Standing, action_of, here_of, scope_of, see_other
from service.routes.posted import Form, Posted
from service.screens.attendee import attendee_screens, join_screen
from service.screens.views import AttendeeScreen

router = APIRouter()
KIND = "attendee"


@dataclass(frozen=True, slots=True)
class Phone:
    """Who is asking: one attendee of one event."""

    event_id: int
    public_id: str
    attendee_id: int


@router.get("/J/{code}")
@router.get("/j/{code}", include_in_schema=False)
def join_page(code: str, request: Request, here: Standing) -> Response:
    """The first question. Makes nothing and sets nothing: link previews come here too."""
    with here.database.reading() as session:
        event = _event_of(session, code)
        if attendee_of(session, event.public_id, _cookie(here, request, event.public_id)):
            return see_other(f"/e/{event.public_id}")
    attendance.refuse_if_closed(event.state, event.locked)
    return _first_question(here, event)


@router.post("/J/{code}")
@router.post("/j/{code}", include_in_schema=False)
def join(code: str, request: Request, here: Standing, posted: Form) -> Response:
    """The first answer makes the attendee."""
    with here.database.reading() as session:
        event = _event_of(session, code)
        known = attendee_of(session, event.public_id, _cookie(here, request, event.public_id))
    if known is None:
        attendance.refuse_if_closed(event.state, event.locked)
        nonce = request.state.nonce = secrets.token_urlsafe(16)
        request.state.redraw = lambda sentence: _first_question_text(here, event, nonce, new_token(), sentence)
    answer = see_other(f"/e/{event.public_id}")
    if known is None:
        here.cookies.give(answer, here.cookies.attendee(event.public_id), _join(here, event, posted))
    return answer


def _phone(public_id: str, request: Request, here: Standing) -> Phone:
    with here.database.reading() as session:
        place = attendee_of(session, public_id, _cookie(here, request, public_id))
    if place is None:
        raise NotFound(
            _("This page belongs to one phone, and not to this one. Allow cookies, then scan the code again.")
        )
    phone = Phone(place[0].id or 0, public_id, place[1].id or 0)
    request.state.redraw = lambda sentence: _page(here, phone, sentence)
    return phone


Asker = Annotated[Phone, Depends(_phone)]


class Act:
    """One form of one phone: an action on a locked event, once per key, then back to the screen."""

    def __init__(self, phone: Asker, posted: Form, request: Request, here: Standing) -> None:
        self.posted = posted
        self._phone = phone
        self._here = here
        self._name = action_of(request)

    def __call__(self, action: Callable[[Turn, Attendee], None]) -> Response:
        """Do it, unless this very form was sent before."""
        phone = self._phone
        with self._here.database.work() as work:
            turn = take_turn(work, phone.event_id, self._here.delays)
            if first_time(work, scope_of(KIND, phone.attendee_id), self._name, self.posted):
                attendee = work.session.get_one(Attendee, phone.attendee_id)
                if self.posted.text("meeting"):
                    exits.refuse_elsewhere(turn, attendee, self.posted.number("meeting"))
                action(turn, attendee)
        return see_other(f"/e/{phone.public_id}")


Acting = Annotated[Act, Depends()]


@router.get("/e/{public_id}")
def screen_page(phone: Asker, request: Request, here: Standing) -> Response:
    """The one screen, whatever the state. Polling gets 304 while nothing changed."""
    screen = _screen(here, phone)
    tag = f'"{screen.version}"'
    headers = {"ETag": tag, "Cache-Control": "no-store"}
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    return HTMLResponse(_render(here, phone, screen), headers=headers)


@router.post("/e/{public_id}/answer")
def answer(act: Acting) -> Response:
    """One answer, saved as it is tapped."""
    posted = act.posted
    chosen = [] if posted.text("skip") else [posted.text("value")]
    question = posted.text("question")
    return act(lambda turn, who: attendance.answer(turn, who, question, chosen, bool(posted.text("private"))))


@router.post("/e/{public_id}/back")
def back(act: Acting) -> Response:
    """To the question before."""
    return act(attendance.back)


@router.post("/e/{public_id}/found")
def found(act: Acting) -> Response:
    """The number that was heard."""
    number = act.posted.number("number")
    return act(lambda turn, who: finding.tap_number(turn, who, number))


@router.post("/e/{public_id}/confirm")
def confirm(act: Acting) -> Response:
    """Whether we are together."""
    said = act.posted.text("answer")
    if said not in ("yes", "not-yet"):
        raise NotUnderstood(_("Choose one of the two buttons."))
    return act(lambda turn, who: finding.confirm(turn, who, said == "yes"))


@router.post("/e/{public_id}/done")
def done(act: Acting) -> Response:
    """We're done."""
    return act(talking.done)


@router.post("/e/{public_id}/thank")
def thank(act: Acting) -> Response:
    """One sentence, or none."""
    if act.posted.text("skip"):
        return act(talking.skip_thanks)
    sentence = act.posted.text("text") or act.posted.text("starter")
    return act(lambda turn, who: talking.thank(turn, who, sentence))


@router.post("/e/{public_id}/pause")
def pause(act: Acting) -> Response:
    """A break."""
    return act(exits.pause)


@router.post("/e/{public_id}/return")
def come_back(act: Acting) -> Response:
    """Back again."""
    return act(attendance.come_back)


@router.post("/e/{public_id}/step-away")
def step_away(act: Acting) -> Response:
    """Out of this meeting, for good."""
    return act(exits.step_away)


@router.post("/e/{public_id}/leave")
def leave(act: Acting) -> Response:
    """Going home."""
    return act(exits.leave)


@router.websocket("/e/{public_id}/live")
async def live(socket: WebSocket, public_id: str) -> None:
    """The socket of one screen."""
    here = here_of(socket)
    token = socket.cookies.get(here.cookies.attendee(public_id))
    place, code = await run_in_threadpool(_place, here, public_id, token)
    await socket.accept()
    if place is None:
        await socket.close(code)
        return
    follows = [topics.attendee(place.attendee_id), topics.event(place.event_id)]
    await here.follower.serve(socket, Viewer(KIND, place.attendee_id), follows)


def frames(here: Here, ids: Sequence[int]) -> Mapping[int, str]:
    """The frames of many attendees at once, as they are pushed."""
    with here.database.reading() as session:
        screens = attendee_screens(session, ids, utc_now())
    return {key: here.renderer.frame("attendee/_screen.html", screen=screen) for key, screen in screens.items()}


def _event_of(session: Session, code: str) -> Event:
    event = session.exec(select(Event).where(Event.code == read_code(code))).first()
    if event is None or event.state == EventState.ended:
        raise NotFound(_("No event has this code. Look at it once more, or ask the host."))
    return event


def _cookie(here: Here, request: Request, public_id: str) -> str | None:
    return request.cookies.get(here.cookies.attendee(public_id))


def _first_question(here: Here, event: Event) -> Response:
    nonce = secrets.token_urlsafe(16)
    page = _first_question_text(here, event, nonce, new_token(), None)
    return HTMLResponse(page, headers=PERSONAL | {NONCE: nonce})


def _first_question_text(here: Here, event: Event, nonce: str, key: str, alert: str | None) -> str:
    return here.renderer.page("attendee/join.html", screen=join_screen(event, key, alert), nonce=nonce)


def _join(here: Here, event: Event, posted: Posted) -> str:
    key = posted.text("key")
    secret = here.settings.secrets[0]
    token = token_from(secret, f"attendee:{event.public_id}", key) if len(key) >= KEY_LENGTH else new_token()
    chosen = [] if posted.text("skip") else [posted.text("value")]
    with here.database.work() as work:
        turn = take_turn(work, event.id or 0, here.delays)
        if attendee_of(work.session, event.public_id, token) is None:
            attendee = attendance.join(turn, hashed(token))
            attendance.answer(turn, attendee, posted.text("question"), chosen, private=False)
    return token


def _place(here: Here, public_id: str, token: str | None) -> tuple[Phone | None, int]:
    with here.database.reading() as session:
        event = event_at(session, public_id)
        if event is None or event.state == EventState.ended:
            return None, OVER
        found = attendee_of(session, public_id, token)
    return (Phone(event.id or 0, public_id, found[1].id or 0), 0) if found else (None, NOT_YOURS)


def _screen(here: Here, phone: Phone) -> AttendeeScreen:
    with here.database.reading() as session:
        return attendee_screens(session, [phone.attendee_id], utc_now())[phone.attendee_id]


def _page(here: Here, phone: Phone, alert: str) -> str:
    return _render(here, phone, replace(_screen(here, phone), alert=alert))


def _render(here: Here, phone: Phone, screen: AttendeeScreen) -> str:
    return here.renderer.page("attendee/page.html", screen=screen, live=f"/e/{phone.public_id}/live")
