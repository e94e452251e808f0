"""What goes along with every page: the policy, what may be kept, the cookies, and nothing for those who only look."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.cookies import Morsel, SimpleCookie

import httpx2
import pytest
from sqlmodel import func, select
from starlette.testclient import TestClient

from service.app import create_app
from service.dev import events
from service.models import Attendee
from service.settings import Settings
from tests.people import ADA, LEO, Visitor, soon
from tests.routes.halls import Hall
from tests.services import settings_for

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'{nonce}; img-src 'self' data:; connect-src 'self'; "
    "manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
ALWAYS = {
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
}
ON_HTTPS = {"strict-transport-security": "max-age=31536000", "cross-origin-opener-policy": "same-origin"}
NO_STORE = "no-store"
SVG = "http://www.w3.org/2000/svg"
HTTPS = "https://thaw.example"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of answer: who asks for what, the status it has, and whether it may be kept."""

    name: str
    who: str
    method: str
    address: str
    status: int
    kept: str | None = NO_STORE
    headers: dict[str, str] = field(default_factory=dict)
    sends: dict[str, str] = field(default_factory=dict)


KINDS = [
    Kind("the first page", "stranger", "GET", "/", 200, None),
    Kind("a code that is none", "stranger", "POST", "/", 404, sends={"code": "ABC"}),
    Kind("the first question", "stranger", "GET", "/J/{code}", 200),
    Kind(
        "a first answer that is none", "stranger", "POST", "/J/{code}", 422, sends={"question": "passion", "value": "?"}
    ),
    Kind("a scan by somebody who is in", "ada", "GET", "/J/{code}", 303),
    Kind("a screen", "ada", "GET", "/e/{event}", 200),
    Kind("an unchanged screen", "ada", "GET", "/e/{event}", 304, headers={"if-none-match": "{etag}"}),
    Kind("an answer that is none", "ada", "POST", "/e/{event}/confirm", 422, sends={"answer": "perhaps"}),
    Kind("a form that is taken", "ada", "POST", "/e/{event}/pause", 303),
    Kind("somebody else's screen", "stranger", "GET", "/e/{event}", 404),
    Kind("an address that is none", "stranger", "GET", "/nowhere", 404),
    Kind("a verb that is none", "stranger", "DELETE", "/", 405),
    Kind("a form from elsewhere", "ada", "POST", "/e/{event}/pause", 403, headers={"origin": "https://evil.example"}),
    Kind("a form that is too long", "ada", "POST", "/e/{event}/thank", 413, sends={"text": "a" * 70_000}),
    Kind("a file", "stranger", "GET", "/static/js/live.js", 200, None),
    Kind(
        "a file with its checksum",
        "stranger",
        "GET",
        "/static/js/live.js?v=1",
        200,
        "public, max-age=31536000, immutable",
    ),
    Kind("the style sheet", "stranger", "GET", "/static/thaw.css", 200, None),
    Kind("a file that is none", "stranger", "GET", "/static/nothing.js?v=1", 404),
    Kind("a way out of the files", "stranger", "GET", "/static/..%2f..%2fpyproject.toml", 404),
    Kind("making an event", "stranger", "GET", "/host", 200),
    Kind("an event that cannot be made", "stranger", "POST", "/host", 422),
    Kind("the secret link", "stranger", "GET", "{organizer}", 200),
    Kind("the event page", "host", "GET", "/host/{event}", 200),
    Kind("a round that does not run", "host", "POST", "/host/{event}/end-round", 409),
    Kind("the slide", "host", "GET", "/host/{event}/slide", 200),
    Kind("the wall", "stranger", "GET", "{wall}", 200),
    Kind("a wall that is none", "stranger", "GET", "/wall", 404),
    Kind("robots", "stranger", "GET", "/robots.txt", 200, None),
    Kind("the pulse", "stranger", "GET", "/healthz", 200, None),
]


@pytest.fixture(scope="module")
def hall(unhurried: Settings) -> Iterator[Hall]:
    """One event for all kinds of answers."""
    with Hall(unhurried) as opened:
        yield opened


@pytest.fixture(scope="module")
def answers(hall: Hall) -> dict[str, httpx2.Response]:
    """One answer of every kind."""
    (ada,) = hall.come(ADA)
    who: dict[str, Visitor] = {"ada": ada, "host": hall.host}
    names = {name: address.removeprefix(hall.base) for name, address in hall.made.items()}
    names |= {"etag": ada.page.headers["etag"], "code": hall.made["code"]}
    return {kind.name: ask(who.get(kind.who) or hall.stranger(), kind, names) for kind in KINDS}


def page_of(answer: httpx2.Response) -> str:
    """The text of a page, nothing of any other file."""
    return answer.text if "text/html" in answer.headers.get("content-type", "") else ""


def ask(who: Visitor, kind: Kind, names: dict[str, str]) -> httpx2.Response:
    """Ask for one kind of answer, and do not go where it leads."""
    headers = {"origin": who.base} | {name: value.format(**names) for name, value in kind.headers.items()}
    address = who.base + kind.address.format(**names)
    sent = kind.sends if kind.method == "POST" else None
    return who.client.request(kind.method, address, headers=headers, data=sent, follow_redirects=False)


@pytest.fixture(scope="module", params=KINDS, ids=lambda kind: kind.name)
def kind(request: pytest.FixtureRequest) -> Kind:
    """Every kind of answer in turn."""
    found: Kind = request.param
    return found


def test_every_answer_carries_the_policy_and_its_companions(answers: dict[str, httpx2.Response], kind: Kind) -> None:
    answer = answers[kind.name]
    assert answer.status_code == kind.status
    nonce = re.search(r'<style nonce="([^"]+)"', answer.text)
    assert answer.headers["content-security-policy"] == POLICY.format(nonce=f" 'nonce-{nonce[1]}'" if nonce else "")
    assert {name: answer.headers.get(name) for name in ALWAYS} == ALWAYS
    assert not {"server", "x-powered-by", "x-style-nonce", *ON_HTTPS} & set(answer.headers)
    assert not [name for name in answer.headers if name.startswith("access-control-")]


def test_nothing_personal_is_kept(answers: dict[str, httpx2.Response], kind: Kind) -> None:
    assert answers[kind.name].headers.get("cache-control") == kind.kept


def test_no_page_needs_what_the_policy_forbids(answers: dict[str, httpx2.Response], kind: Kind) -> None:
    forbidden = r"<script(?![^>]* src=)|<style(?! nonce=)|<[^>]* style=|<[^>]* on[a-z]+=|javascript:"
    assert re.findall(forbidden, page_of(answers[kind.name])) == []


def test_no_page_asks_anybody_else_for_anything(hall: Hall, answers: dict[str, httpx2.Response], kind: Kind) -> None:
    addresses = re.findall(r"(?:https?:)?//[\w.-]+[^\s\"'<]*", page_of(answers[kind.name]), re.I)
    assert {address for address in addresses if not address.lower().startswith(hall.base)} <= {SVG}


def test_the_nonce_is_another_one_every_time(hall: Hall) -> None:
    seen = {hall.stranger().get(hall.made["join"]).headers["content-security-policy"] for _time in range(3)}
    assert len(seen) == 3


def test_an_unchanged_screen_is_not_sent_again(hall: Hall) -> None:
    (leo,) = hall.come(LEO)
    tag = leo.page.headers["etag"]
    assert leo.page.version == int(tag.strip('"'))
    again = leo.get(hall.address(), **{"if-none-match": tag})
    assert (again.status, again.text, again.headers["etag"]) == (304, "", tag)
    leo.get(hall.address())
    leo.send("pause")
    fresh = leo.get(hall.address(), **{"if-none-match": tag})
    assert (fresh.status, fresh.state) == (200, "paused")
    assert fresh.headers["etag"] != tag


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_link_preview_makes_nobody_and_opens_nothing(hall: Hall, method: str) -> None:
    people = select(func.count()).select_from(Attendee)
    with hall.database.reading() as session:
        before = session.exec(people).one()
    for link in ("join", "organizer", "wall"):
        messenger = hall.stranger()
        answer = messenger.client.request(method, hall.made[link], headers={"sec-purpose": "prefetch;prerender"})
        assert answer.status_code in (200, 405)
        assert "set-cookie" not in answer.headers or link == "wall"
    assert hall.stranger().get(f"/host/{hall.event}").status == 404
    with hall.database.reading() as session:
        assert session.exec(people).one() == before


@pytest.mark.parametrize(
    "address", ["/", "/host", "/host/", "/J/{code}", "/J/{code}/", "{organizer}", "{wall}", "/static", "//x/.."]
)
def test_a_borrowed_host_name_appears_nowhere(hall: Hall, address: str) -> None:
    path = address.format(**{name: link.removeprefix(hall.base) for name, link in hall.made.items()})
    who = hall.stranger().client
    answer = who.request("GET", hall.base + path, headers={"host": "evil.example"}, follow_redirects=False)
    assert "evil.example" not in answer.text + str(answer.headers.multi_items())


def given(answer: httpx2.Response) -> dict[str, Morsel[str]]:
    """The cookies an answer sets."""
    jar: SimpleCookie = SimpleCookie()
    for line in answer.headers.get_list("set-cookie"):
        jar.load(line)
    return dict(jar)


def cookies_of(client: TestClient | httpx2.Client, base: str, made: dict[str, str]) -> dict[str, Morsel[str]]:
    """Every cookie there is: of an attendee, an organizer, a wall, and of an event made in the browser."""

    def post(address: str, **fields: str) -> httpx2.Response:
        return client.post(base + address, data=fields, headers={"origin": base}, follow_redirects=False)

    answers: list[httpx2.Response] = [
        post(f"/J/{made['code']}", question="passion", value="singing", key="a" * 43),
        post(made["organizer"].removeprefix(base)),
        client.get(made["wall"]),
        post("/host", name="Harbour Evening", when=soon()),
    ]
    return {name: morsel for answer in answers for name, morsel in given(answer).items()}


def test_cookies_on_http_stay_with_us(hall: Hall) -> None:
    cookies = cookies_of(hall.stranger().client, hall.base, hall.made)
    assert {f"thaw-{hall.event}", f"thaw-host-{hall.event}", "thaw-wall", "thaw-fresh"} < set(cookies)
    for name, morsel in cookies.items():
        assert (morsel["httponly"], morsel["samesite"], morsel["domain"], morsel["secure"]) == (True, "lax", "", ""), (
            name
        )
        assert morsel["path"].startswith("/host/") if name == "thaw-fresh" else morsel["path"] == "/"
        assert len(morsel.value) >= 43


@pytest.fixture
def secure(sqlite_url: str) -> Iterator[TestClient]:
    """A browser that reaches Thaw over https."""
    app = create_app(settings_for(sqlite_url, PUBLIC_URL=HTTPS, THAW_TEST_DELAYS=1.0))
    with TestClient(app, HTTPS) as browser:
        yield browser


def made_on(browser: TestClient) -> dict[str, str]:
    """An open event on the browser's Thaw."""
    plan = events.Plan("Harbour Evening", {}, opened=True, rounds=1, round_seconds=600)
    return events.make(browser.app.state.here.database, plan, HTTPS)  # type: ignore[attr-defined]


def test_cookies_on_https_are_bound_to_this_host(secure: TestClient) -> None:
    made = made_on(secure)
    cookies = cookies_of(secure, HTTPS, made)
    assert {f"__Host-thaw-{made['event']}", f"__Host-thaw-host-{made['event']}", "__Host-thaw-wall"} < set(cookies)
    for name, morsel in cookies.items():
        assert (morsel["secure"], morsel["httponly"], morsel["samesite"], morsel["domain"]) == (True, True, "lax", "")
        assert morsel["path"] == "/" if name.startswith("__Host-") else morsel["path"].startswith("/host/"), name
    assert {name for name in cookies if not name.startswith("__Host-")} == {"thaw-fresh"}
    assert cookies["thaw-fresh"]["max-age"] == "60"
    assert secure.get(f"/e/{made['event']}").status_code == 200


def test_https_is_kept_to_once_it_was_used(secure: TestClient) -> None:
    headers = secure.get("/").headers
    assert {name: headers.get(name) for name in ALWAYS | ON_HTTPS} == ALWAYS | ON_HTTPS


def test_a_cookie_that_is_not_bound_to_this_host_opens_nothing_on_https(secure: TestClient) -> None:
    made = made_on(secure)
    name = f"thaw-{made['event']}"
    token = cookies_of(secure, HTTPS, made)[f"__Host-{name}"].value
    secure.cookies.clear()
    shown = [
        secure.get(f"/e/{made['event']}", headers={"cookie": f"{kind}={token}"}) for kind in (name, f"__Host-{name}")
    ]
    assert [answer.status_code for answer in shown] == [404, 200]
