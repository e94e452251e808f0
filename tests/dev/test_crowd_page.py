"""What a simulated phone reads off a page: marks, forms, links, and what it refuses to believe."""

import pytest

from service.dev.crowd.forms import alert_of, assets_of, forms_of
from service.dev.crowd.page import Unreadable, screen_of

CARD = (
    '<!doctype html><body><p>before</p><main class="a > b" id="screen" data-state="matched" data-version="12"'
    ' data-meeting="7" data-number="3" data-partners="5, 11" data-signal="yellow-fox" data-spot="B"'
    ' data-reason="help"><h1>Leo &amp; Mara</h1><form method="post" action="/e/x/found" data-action="found">'
    '<input type="hidden" name="key" value="k&quot;1"><button name="number" value="5">5</button>'
    '<button name="number" value="11" disabled>11</button></form>'
    '<form method="post" action="/e/x/found-not" data-action="found-not"></form></main>'
)
ASK = (
    '<form id="ask" method="POST" action="/J/X" data-action="answer"><input type="hidden" name="key" value="k">'
    '<input type="hidden" name="question" value="ask"><input type="checkbox" name="private" value="1" checked>'
    '<button name="value" value="photos"> Photos <b>and</b>\n design </button></form>'
    '<button form="ask" name="skip" value="1">Nothing today</button>'
)


def test_leos_card_is_read_with_everything_on_it() -> None:
    screen = screen_of(CARD)
    assert (screen.state, screen.version, screen.meeting, screen.number) == ("matched", 12, "7", 3)
    assert screen.partners == (5, 11)
    assert screen.marks["data-signal"] == "yellow-fox"
    assert screen.actions == {"found", "found-not"}


def test_a_button_that_cannot_be_tapped_is_not_offered() -> None:
    form = screen_of(CARD).form("found")
    assert form is not None
    assert form.posts
    assert form.key == 'k"1'
    assert [button.value for button in form.buttons] == ["5"]
    assert form.button("number", "11") is None


def test_only_the_named_form_is_found_not_one_whose_name_begins_alike() -> None:
    screen = screen_of(CARD)
    longer = screen.form("found-not")
    assert longer is not None
    assert longer.address == "/e/x/found-not"
    assert screen.form("confirm") is None


def test_a_form_sends_what_a_browser_would_send() -> None:
    (form,) = forms_of(ASK)
    button = form.button("value")
    assert button is not None
    assert button.says == "Photos and design"
    assert form.sends(button) == [("key", "k"), ("question", "ask"), ("private", "1"), ("value", "photos")]
    assert ("private", "1") not in form.sends(button, ticks={"private": False})


def test_a_button_outside_its_form_still_belongs_to_it() -> None:
    screen = screen_of(f'<main id="screen" data-state="answering" data-version="0">{ASK}</main>')
    form = screen.form("answer")
    assert form is not None
    assert form.button("skip", "1") is not None


def test_a_written_thank_you_goes_along_and_an_unticked_box_does_not() -> None:
    (form,) = forms_of(
        '<form method="post" data-action="thank"><textarea name="text">old</textarea>'
        '<input type="checkbox" name="loud" value="1"><input type="checkbox" name="grown" value="1" required>'
        '<input type="radio" name="kind" value="a"></form>'
    )
    assert form.sends(None, {"text": "Thank you for staying."}) == [("text", "Thank you for staying."), ("grown", "1")]


def test_a_form_without_a_method_is_known_not_to_post() -> None:
    (form,) = forms_of('<form action="/e/x/done" data-action="done"><button>Done</button></form>')
    assert not form.posts


def test_the_alert_is_read_without_what_stands_around_it() -> None:
    page = '<p>Hello</p><div role="alert"><b>That is settled</b> already.<br> Here you are.</div><p>More</p>'
    assert alert_of(page) == "That is settled already. Here you are."
    assert alert_of("<p>Hello</p>") == ""


def test_style_sheets_and_scripts_are_fetched_once_and_icons_are_not() -> None:
    page = (
        '<link rel="icon" href="data:,"><link rel="stylesheet" href="/static/a.css">'
        '<script src="/static/b.js"></script><script>1</script><script defer src="/static/b.js"></script>'
    )
    assert assets_of(page) == ["/static/a.css", "/static/b.js"]


def test_the_reason_for_having_nobody_is_read() -> None:
    lobby = (
        '<main id="screen" data-state="waiting" data-version="4"><p data-because="left-over">An odd number.</p></main>'
    )
    assert screen_of(lobby).because == "left-over"
    assert screen_of(CARD).because == ""


@pytest.mark.parametrize(
    ("page", "complaint"),
    [
        ("<p>Internal Server Error</p>", "without a screen"),
        ('<main id="other" data-version="1"></main>', "without a screen"),
        ('<main id="screen" data-version="1"></main><main id="screen" data-version="1"></main>', "two screens"),
        ('<main id="screen" data-state="waiting"></main>', "version is “missing”"),
        ('<main id="screen" data-state="waiting" data-version="soon"></main>', "version is “soon”"),
        ('<main id="screen" data-state="matched" data-version="1" data-meeting="7"></main>', "without its number"),
        (CARD.replace('data-partners="5, 11"', 'data-partners="3"'), "number 3 to itself"),
        (CARD.replace('data-partners="5, 11"', 'data-partners="Leo"'), "number is “Leo”"),
    ],
)
def test_a_page_that_cannot_be_true_is_named(page: str, complaint: str) -> None:
    with pytest.raises(Unreadable, match=complaint):
        screen_of(page)
