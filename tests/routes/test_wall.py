"""The wall over HTTP: everybody in the hall reads it, nobody is named on it, and it can do nothing."""

from service.dev import events
from tests.people import ADA, LEO, MARA, Page, Visitor
from tests.routes.halls import Hall


def wall_of(evening: Hall) -> Visitor:
    """A projector that has opened the wall's link."""
    projector = evening.stranger()
    projector.get(evening.made["wall"])
    return projector


def code_of(evening: Hall) -> str:
    """The code as people read it."""
    code = evening.made["code"]
    return f"{code[:4]}-{code[4:]}"


def says(page: Page, *sentences: str) -> bool:
    """Whether the wall says all of these."""
    return all(sentence in page.words for sentence in sentences)


def test_the_wall_shows_the_code_from_the_start(evening: Hall) -> None:
    page = wall_of(evening).page
    assert (page.status, page.state, page.mark("code")) == (200, "open", evening.made["code"])
    assert says(page, "Meet one person you", code_of(evening))
    assert 'class="qr' in page.main


def test_the_wall_can_do_nothing(evening: Hall) -> None:
    projector = wall_of(evening)
    assert "<form" not in projector.page.text
    assert "<button" not in projector.page.text
    token = evening.made["wall"].rsplit("/", 1)[1]
    assert projector.post(evening.made["wall"]).status == 405
    assert projector.get(f"/o/{token}").status == 404
    assert projector.get(f"/host/{evening.event}").status == 404


def test_the_wall_comes_back_without_its_token_in_the_address(evening: Hall) -> None:
    projector = wall_of(evening)
    shown = projector.page.main
    assert projector.get("/wall").main == shown
    assert evening.stranger().get("/wall").status == 404


def test_the_wall_counts_people_and_names_nobody(evening: Hall) -> None:
    projector = wall_of(evening)
    assert projector.page.main.count("<circle") == 0
    evening.come(ADA, LEO)
    evening.seated(MARA, until="field")
    before = projector.page.version
    page = projector.look()
    assert page.main.count("<circle") == 2
    assert page.version > before
    assert not {"Ada", "Leo", "Mara"} & set(page.words.split())


def test_the_wall_says_what_to_do_now_and_how_long(evening: Hall) -> None:
    projector = wall_of(evening)
    evening.two("matched")
    assert says(
        projector.look(), "Hold up your animal. Find your twin.", "You have about 10 minutes.", code_of(evening)
    )
    evening.end_round()
    assert says(projector.look(), "Meet one person you")


def test_the_wall_of_a_locked_event_shows_no_way_in(evening: Hall) -> None:
    evening.host.get(f"/host/{evening.event}")
    evening.host.send("lock")
    page = wall_of(evening).page
    assert says(page, "We are complete for now.")
    assert code_of(evening) not in page.words
    assert 'class="qr' not in page.main


def test_the_wall_says_when_the_doors_are_not_open_yet(evening: Hall) -> None:
    plan = events.Plan("Later", {}, opened=False, rounds=1, round_seconds=600)
    made = events.make(evening.database, plan, evening.base)
    assert says(evening.stranger().get(made["wall"]), "The doors open soon.")


def test_the_wall_thanks_everybody_at_the_end(evening: Hall) -> None:
    projector = wall_of(evening)
    events.end(evening.database, evening.event)
    page = projector.look()
    assert (page.status, page.state) == (200, "ended")
    assert says(page, "Thank you for coming.", "Harbour Evening")
    assert code_of(evening) not in page.words


def test_the_hosts_slide_is_the_wall(evening: Hall) -> None:
    page = evening.host.get(f"/host/{evening.event}/slide")
    assert page.main == wall_of(evening).page.main
    assert evening.stranger().get(f"/host/{evening.event}/slide").status == 404
