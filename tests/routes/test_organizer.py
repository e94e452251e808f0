"""Organizers over HTTP: making an event, the secret link, the round, the door, and the end."""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlmodel import func, select
from starlette.testclient import TestClient

from service.app import create_app
from service.dev import events
from service.models import Event, Round
from tests.people import ADA, LEO, MARA, NOOR, Page, Visitor, soon
from tests.routes.halls import Hall
from tests.services import settings_for

PHRASE = "open sesame, please"


@pytest.fixture
def host(evening: Hall) -> Visitor:
    """The organizer's browser on the event page."""
    evening.host.get(f"/host/{evening.event}")
    return evening.host


def count(page: Page, state: str) -> int:
    """One of the counts on the event page."""
    found = re.search(rf'data-of="{state}" value="(\d+)"', page.main)
    assert found, f"no count of {state}"
    return int(found[1])


def links(page: Page) -> list[str]:
    """The secret addresses that a page shows."""
    return re.findall(r"https?://[^\s<]+/(?:o|wall)/[\w-]{40,}", page.main)


def rounds_of(evening: Hall) -> int:
    """How many rounds were started."""
    query = select(func.count()).select_from(Round).join(Event).where(Event.public_id == evening.event)
    with evening.database.reading() as session:
        return session.exec(query).one()


def test_a_name_and_a_time_make_an_event_with_links_that_are_shown_once(evening: Hall) -> None:
    mara = evening.stranger()
    form = mara.get("/host").form("create")
    assert re.search(r'name="when" value="\d{4}-\d\d-\d\dT\d\d:\d\d"', mara.page.main)
    page = mara.send("create", name="Mara's Evening", when=soon())
    assert (page.status, page.state) == (200, "open")
    assert page.address.endswith(f"/host/{page.mark('event')}")
    organizer, wall = links(page)
    assert links(mara.look()) == []
    assert evening.stranger().get(organizer).state == "entering"
    assert evening.stranger().get(wall).state == "open"
    assert evening.stranger().get(f"/J/{page.mark('code')}").mark("question") == "passion"
    assert mara.post(form[""], form | {"name": "Mara's Evening", "when": soon()}).mark("event") == page.mark("event")
    assert "Mara's Evening" in mara.get("/host").words


def test_two_taps_on_make_the_event_make_one(evening: Hall) -> None:
    hands = [evening.stranger() for _finger in range(4)]
    form = hands[0].get("/host").form("create") | {"name": "Noor's Evening", "when": soon()}
    with ThreadPoolExecutor(4) as fingers:
        pages = list(fingers.map(lambda hand: hand.post("/host", form), hands))
    assert [page.status for page in pages] == [200] * 4
    assert len({page.mark("event") for page in pages}) == 1


def test_an_event_that_cannot_be_made_keeps_what_was_typed(evening: Hall) -> None:
    mara = evening.stranger()
    mara.get("/host")
    for name, when in (
        ("Too long " * 7, soon()),
        ("Mara's Evening", "tomorrow"),
        ("Mara's Evening", "2001-01-01T00:00"),
    ):
        page = mara.send("create", name=name, when=when)
        assert (page.status, page.state) == (422, "creating")
        assert page.alert
        assert f'value="{when}"' in page.main


def test_only_the_pass_phrase_makes_events_where_one_is_set(sqlite_url: str) -> None:
    settings = settings_for(sqlite_url, THAW_HOSTING=PHRASE)
    app = create_app(settings)
    form = {"name": "Mara's Evening", "when": soon()}
    with TestClient(app, settings.public_url, headers={"origin": settings.public_url}) as mara:
        tries = [mara.post("/host", data=form | {"phrase": "open barley"}).status_code for _try in range(6)]
        assert tries == [403] * 5 + [429]
        assert mara.post("/host", data=form | {"phrase": PHRASE}).headers["retry-after"] == "60"
    elsewhere = ("198.51.100.7", 1)
    with TestClient(app, settings.public_url, headers={"origin": settings.public_url}, client=elsewhere) as noor:
        assert noor.post("/host", data=form | {"phrase": PHRASE}).status_code == 200


def test_nobody_makes_events_where_only_the_server_may(sqlite_url: str) -> None:
    settings = settings_for(sqlite_url, THAW_HOSTING="")
    with TestClient(create_app(settings), settings.public_url, headers={"origin": settings.public_url}) as mara:
        answer = mara.post("/host", data={"name": "Mara's Evening", "when": soon()})
        assert answer.status_code == 403
        assert "Events are made by whoever runs this server." in answer.text


def test_opening_the_secret_link_changes_nothing_until_its_button_is_pressed(evening: Hall) -> None:
    mara = evening.stranger()
    page = mara.get(evening.made["organizer"])
    assert (page.state, list(mara.client.cookies)) == ("entering", [])
    assert mara.get(f"/host/{evening.event}").status == 404
    mara.get(evening.made["organizer"])
    assert mara.send("enter").mark("event") == evening.event


def test_the_people_are_counted_by_what_they_do(evening: Hall, host: Visitor) -> None:
    evening.seated(ADA, until="offer")
    evening.two("matched")
    (mara,) = evening.come(MARA)
    mara.send("pause")
    page = host.look()
    assert {state: count(page, state) for state in ("answering", "waiting", "matched", "talking", "paused")} == {
        "answering": 1,
        "waiting": 0,
        "matched": 2,
        "talking": 0,
        "paused": 1,
    }
    assert (page.mark("event"), page.mark("code"), page.mark("round")) == (evening.event, evening.made["code"], "1")
    assert not {"Ada", "Leo", "Mara"} & set(page.words.split())


def test_the_version_of_the_event_page_rises_with_every_change(evening: Hall, host: Visitor) -> None:
    seen = [host.page.version]
    for change in (lambda: evening.come(ADA, LEO), evening.start_round, evening.end_round):
        change()
        seen.append(host.get(f"/host/{evening.event}").version)
    assert seen == sorted(set(seen))


def test_a_round_starts_once_however_often_the_button_is_pressed(evening: Hall, host: Visitor) -> None:
    evening.come(ADA, LEO)
    form = host.look().form("start-round")
    other = evening.stranger()
    other.post(evening.made["organizer"])
    with ThreadPoolExecutor(4) as fingers:
        pages = list(fingers.map(lambda who: who.post(form[""], form), (host, other, host, other)))
    assert [page.status for page in pages] == [200] * 4
    assert rounds_of(evening) == 1


def test_a_second_round_waits_for_the_end_of_the_first(evening: Hall, host: Visitor) -> None:
    page = host.post(f"/host/{evening.event}/end-round")
    assert (page.status, page.alert) == (409, "No round is running.")
    evening.start_round()
    page = host.post(f"/host/{evening.event}/start-round", {"key": "another"})
    assert (page.status, page.alert) == (409, "A round is running already.")
    evening.end_round()
    assert (rounds_of(evening), host.page.mark("round")) == (1, "1")
    assert evening.start_round().mark("round") == "2"


def test_doors_that_are_not_open_yet_open_once(evening: Hall) -> None:
    plan = events.Plan("Later", {}, opened=False, rounds=1, round_seconds=600)
    made = events.make(evening.database, plan, evening.base)
    host, ada = evening.stranger(), evening.stranger()
    assert host.post(made["organizer"]).state == "draft"
    assert ada.get(made["join"]).alert == "This event is not open yet. Try again when it starts."
    assert host.post(f"/host/{made['event']}/start-round").status == 409
    host.get(f"/host/{made['event']}")
    assert host.send("open").state == "open"
    assert host.post(f"/host/{made['event']}/open", {"key": "another"}).status == 409
    assert ada.get(made["join"]).mark("question") == "passion"


def test_a_locked_door_keeps_who_is_in(evening: Hall, host: Visitor) -> None:
    (ada,) = evening.come(ADA)
    host.look()
    host.send("lock")
    assert "Joining is locked." in host.page.words
    leo = evening.stranger()
    assert (leo.get(evening.made["join"]).status, leo.page.alert) == (
        409,
        "Joining is closed for now. Ask the host to let you in.",
    )
    assert ada.state == "waiting"
    host.send("lock")
    assert leo.get(evening.made["join"]).status == 200


def test_a_renewed_code_closes_the_old_door(evening: Hall, host: Visitor) -> None:
    (ada,) = evening.come(ADA)
    host.look()
    code = host.send("renew-code").mark("code")
    assert code != evening.made["code"]
    leo = evening.stranger()
    assert (leo.get(evening.made["join"]).status, leo.get(f"/J/{code}").status) == (404, 200)
    assert ada.state == "waiting"


def test_a_renewed_link_shuts_out_every_browser_that_used_the_old_one(evening: Hall, host: Visitor) -> None:
    mara = evening.stranger()
    assert mara.post(evening.made["organizer"]).status == 200
    page = host.send("renew-link")
    (link,) = links(page)
    assert link != evening.made["organizer"]
    assert mara.get(f"/host/{evening.event}").status == 404
    assert mara.get(evening.made["organizer"]).status == 404
    assert host.look().status == 200
    assert links(host.page) == []
    assert mara.post(link).mark("event") == evening.event


def test_two_taps_on_renew_my_link_leave_the_host_in(evening: Hall, host: Visitor) -> None:
    form = host.page.form("renew-link")
    impatient = evening.stranger()
    impatient.client.cookies.update(host.client.cookies)
    assert host.post(form[""], form).status == 200
    assert impatient.post(form[""], form).status == 200
    assert impatient.get(f"/host/{evening.event}").status == 200


def test_a_renewed_wall_link_leaves_the_host_alone(evening: Hall, host: Visitor) -> None:
    form = host.page.form("renew-link")
    page = host.post(form[""], form | {"kind": "wall"})
    organizer, wall = links(page)
    assert evening.stranger().get(evening.made["wall"]).status == 404
    assert evening.stranger().get(wall).status == 200
    assert evening.stranger().get(organizer).status == 200


def test_a_number_is_removed_once_and_only_if_it_is_somebodys(evening: Hall, host: Visitor) -> None:
    (ada,) = evening.come(ADA)
    host.look()
    assert host.send("remove", number="7").alert == "Nobody here has that number."
    assert (host.page.status, ada.state) == (404, "waiting")
    form = host.page.form("remove") | {"number": "1"}
    for _tap in range(2):
        assert host.post(form[""], form).status == 200
    assert (ada.state, count(host.page, "left")) == ("left", 1)


def test_an_event_ends_only_when_it_is_said_twice(evening: Hall, host: Visitor) -> None:
    ada, leo = evening.two("talking")
    host.look()
    page = host.send("end-event")
    assert (page.status, page.alert) == (422, "Tick the box first: an ended event cannot be opened again.")
    assert ada.state == "talking"
    form = host.page.form("end-event") | {"confirm": "1"}
    for _tap in range(2):
        assert host.post(form[""], form).state == "ended"
    assert (ada.state, leo.state) == ("over", "over")
    assert evening.stranger().get(evening.made["join"]).status == 404


@pytest.mark.parametrize("action", ["open", "start-round", "end-round", "lock", "renew-code", "end-event", "remove"])
def test_nothing_can_be_done_to_an_event_that_is_over(patient: Hall, action: str) -> None:
    patient.come(ADA)
    host = patient.host
    host.get(f"/host/{patient.event}")
    host.send("end-event", confirm="1")
    page = host.post(f"/host/{patient.event}/{action}", {"key": "another", "confirm": "1", "number": "1"})
    assert (page.status, page.state) == (409, "ended")
    assert page.alert


def test_a_program_needs_the_link_and_nothing_else(evening: Hall) -> None:
    token = evening.made["organizer"].rsplit("/", 1)[1]
    evening.come(ADA, LEO, MARA, NOOR)
    program = evening.stranger()
    elsewhere = "https://elsewhere.example"
    page = program.post(f"/host/{evening.event}/start-round", authorization=f"Bearer {token}", origin=elsewhere)
    assert page.status == 200
    assert count(page, "matched") == 4
    assert list(program.client.cookies) == []
    assert program.get(f"/host/{evening.event}", authorization=f"Bearer {token}x").status == 404
    wall = evening.made["wall"].rsplit("/", 1)[1]
    assert program.get(f"/host/{evening.event}", authorization=f"Bearer {wall}").status == 404
