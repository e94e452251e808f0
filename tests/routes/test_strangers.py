"""Strangers: nothing of one event can be read or changed from another, nor by somebody without a place in it."""

from collections.abc import Iterator

import httpx2
import pytest
from fastapi.routing import APIRoute
from sqlmodel import SQLModel
from starlette.routing import WebSocketRoute

from service.routes import attendee, home, hosting, organizer, probes, wall
from tests.live.sockets import closed_with, opened
from tests.people import ADA, MARA, NOOR, Visitor
from tests.routes.halls import Hall

ROUTES = [route for part in (home, attendee, hosting, organizer, wall, probes) for route in part.router.routes]
OPEN = {"/", "/J/{code}", "/j/{code}", "/host", "/o/{token}", "/wall", "/wall/{token}", "/wall/{token}/live"}
FOR_MACHINES = {"/robots.txt", "/healthz", "/readyz", "/metrics"}
NOWHERE = "nowhere234"
STRANGERS = (
    "nobody",
    "an attendee elsewhere",
    "an organizer elsewhere",
    "a forger",
    "a guest as host",
    "a host as guest",
)


def closed_routes() -> Iterator[tuple[str, str]]:
    """Every request that belongs to one event: its method and address."""
    for route in ROUTES:
        if isinstance(route, APIRoute) and "{public_id}" in route.path:
            yield from ((method, route.path) for method in route.methods or ())


def closed_sockets() -> list[str]:
    """The addresses of every socket that belongs to one event."""
    return [route.path for route in ROUTES if isinstance(route, WebSocketRoute) and "{public_id}" in route.path]


def stranger(kind: str, evening: Hall, elsewhere: Hall) -> Visitor:
    """Somebody who knows the event's address and has no business there."""
    guest, there, here = elsewhere.come(MARA)[0], elsewhere.event, evening.event
    if kind == "an attendee elsewhere":
        return guest
    if kind == "an organizer elsewhere":
        return elsewhere.host
    if kind == "a guest as host":
        return evening.come(NOOR)[0]
    if kind == "a host as guest":
        return evening.host
    visitor = evening.stranger()
    if kind == "a forger":
        cookies, hosting = guest.client.cookies, elsewhere.host.client.cookies
        visitor.client.cookies.set(evening.cookies.attendee(here), cookies[evening.cookies.attendee(there)])
        visitor.client.cookies.set(evening.cookies.organizer(here), hosting[evening.cookies.organizer(there)])
    return visitor


def everything(evening: Hall) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table."""
    with evening.database.reading() as session:
        tables = SQLModel.metadata.sorted_tables
        return {table.name: [tuple(row) for row in session.execute(table.select())] for table in tables}


def ask(who: Visitor, method: str, path: str, form: dict[str, str]) -> httpx2.Response:
    """One request from our own page."""
    sent = form if method == "POST" else None
    return who.client.request(method, who.base + path, headers={"origin": who.base}, data=sent)


def forbidden(kind: str, path: str) -> bool:
    """Whether that stranger has no business at that address."""
    return {"a guest as host": "/e/", "a host as guest": "/host/"}.get(kind, "-") not in path


def test_every_address_is_known_to_be_open_or_closed() -> None:
    known = OPEN | FOR_MACHINES | {path for _method, path in closed_routes()} | set(closed_sockets())
    assert {route.path for route in ROUTES} == known
    assert all(path.startswith(("/e/", "/host/")) for path in known - OPEN - FOR_MACHINES)


@pytest.mark.parametrize("kind", STRANGERS)
def test_a_strangers_request_tells_and_changes_nothing(evening: Hall, kind: str) -> None:
    evening.two("matched")
    with Hall(evening.settings) as elsewhere:
        who = stranger(kind, evening, elsewhere)
        before = everything(evening)
        form = {"key": "a", "value": "singing", "question": "field", "number": "1", "confirm": "1", "answer": "yes"}
        for method, path in closed_routes():
            if not forbidden(kind, path):
                continue
            here, nowhere = (ask(who, method, path.format(public_id=event), form) for event in (evening.event, NOWHERE))
            assert here.status_code == 404, f"{method} {path}"
            assert here.text == nowhere.text, f"{method} {path} tells that there is such an event"
            if method == "POST":
                assert who.client.post(who.base + path.format(public_id=evening.event), data=form).status_code == 403
        assert everything(evening) == before


@pytest.mark.parametrize("kind", STRANGERS)
def test_a_strangers_socket_is_closed_at_once(evening: Hall, kind: str) -> None:
    with Hall(evening.settings) as elsewhere:
        who = stranger(kind, evening, elsewhere)
        for path in closed_sockets():
            if forbidden(kind, path):
                assert closed_with(opened(evening, path.format(public_id=evening.event), who)) == 4401, path
                assert closed_with(opened(evening, path.format(public_id=NOWHERE), who)) == 4404, path


@pytest.mark.parametrize("token", ["another event's link", "the wall", "an attendee's cookie", "nonsense"])
def test_a_program_needs_the_link_of_this_very_event(evening: Hall, token: str) -> None:
    (ada,) = evening.come(ADA)
    with Hall(evening.settings) as elsewhere:
        secret = {
            "another event's link": elsewhere.made["organizer"].rsplit("/", 1)[1],
            "the wall": evening.made["wall"].rsplit("/", 1)[1],
            "an attendee's cookie": ada.client.cookies[evening.cookies.attendee(evening.event)],
            "nonsense": "nonsense",
        }[token]
        before = everything(evening)
        program, bearer = evening.stranger(), f"Bearer {secret}"
        for method, path in closed_routes():
            send = program.post if method == "POST" else program.get
            assert send(path.format(public_id=evening.event), authorization=bearer).status == 404, path
        assert everything(evening) == before


def test_nobody_can_speak_for_somebody_else(evening: Hall) -> None:
    ada, leo = evening.two("matched")
    theirs = {"attendee": "1", "attendee_id": "1", "id": "1", "number": "1", "token": "1", "event": NOWHERE}
    leo.post(evening.address("/pause?attendee=1&public_id=nowhere234"), theirs)
    assert (leo.state, ada.state) == ("paused", "matched")


def test_an_organizer_sees_only_the_events_of_this_browser(evening: Hall) -> None:
    with Hall(evening.settings) as elsewhere:
        page = elsewhere.host.get("/host")
        assert f"/host/{elsewhere.event}" in page.text
        assert evening.event not in page.text
