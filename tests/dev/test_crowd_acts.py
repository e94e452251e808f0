"""What a simulated person does with a screen, how they answer, and how long they take."""

from random import Random

import pytest

from service.dev.crowd.acts import THANKS, Memory, Stuck, act_of, next_action, reply
from service.dev.crowd.habits import Habits
from service.dev.crowd.pace import Pace
from service.dev.crowd.page import Screen, screen_of
from service.dev.crowd.room import Role

ADA = Role("ada", "Ada", field="Caring for  PEOPLE", passion="cafe\u0301", offer="juggling", group="together-leo")
STRANGER = Role("p1", "Rosa", tapping=True)


def _dice(seed: int = 1) -> Random:
    return Random(seed)  # noqa: S311 not a secret


def _screen(state: str, inside: str, version: int = 5, partners: str = "4") -> Screen:
    marks = f'data-meeting="9" data-number="3" data-partners="{partners}" data-signal="sky-owl" data-spot="A"'
    card = f'{marks} data-reason="help"' if state in ("matched", "talking") else ""
    return screen_of(f'<main id="screen" data-state="{state}" data-version="{version}" {card}>{inside}</main>')


def _form(action: str, inside: str = "<button>Go</button>") -> str:
    return f'<form method="post" action="/e/x/{action}" data-action="{action}">{inside}</form>'


def _question(name: str, inside: str) -> Screen:
    form = _form("answer", inside)
    return screen_of(f'<main id="screen" data-state="answering" data-version="1" data-question="{name}">{form}</main>')


CHIPS = (
    '<button name="value" value="caring-for-people">Caring for people</button>'
    '<button name="value" value="café">Tea</button><button name="skip" value="1">Skip</button>'
)


def test_ada_taps_her_own_answer_by_its_words_or_by_its_id() -> None:
    field, passion = (reply(_question(name, CHIPS), ADA, _dice()).button for name in ("field", "passion"))
    assert field is not None
    assert passion is not None
    assert (field.value, passion.value) == ("caring-for-people", "café")


def test_ada_skips_what_the_event_does_not_offer_and_what_she_did_not_say() -> None:
    for question in ("offer", "ask", "something-else"):
        button = reply(_question(question, CHIPS), ADA, _dice()).button
        assert button is not None
        assert button.name == "skip"


def test_ada_is_stuck_where_nothing_can_be_skipped() -> None:
    with pytest.raises(Stuck, match="could not skip the question “offer”"):
        reply(_question("offer", '<button name="value" value="singing">Singing</button>'), ADA, _dice())


def test_an_invented_person_taps_anything_but_never_skips_what_can_be_answered() -> None:
    tapped = {reply(_question("field", CHIPS), STRANGER, _dice(seed)).button for seed in range(20)}
    assert {button.value for button in tapped if button} == {"caring-for-people", "café"}


def test_everybody_writes_their_name() -> None:
    act = reply(_question("name", '<input name="value"><button>In</button>'), ADA, _dice())
    assert act.form.sends(act.button, act.typed) == [("value", "Ada")]


def test_a_page_without_a_form_leaves_ada_stuck() -> None:
    empty = screen_of('<main id="screen" data-state="answering" data-version="1" data-question="offer"></main>')
    with pytest.raises(Stuck, match="found no form"):
        reply(empty, ADA, _dice())


def test_ada_taps_the_number_she_heard_among_the_others() -> None:
    numbers = "".join(f'<button name="number" value="{number}">{number}</button>' for number in (8, 4, 12, 40))
    screen = _screen("matched", _form("found", numbers))
    assert next_action(screen, ADA, Memory()) == "found"
    button = act_of("found", screen, ADA, Memory()).button
    assert button is not None
    assert button.value == "4"


def test_ada_is_stuck_where_her_partners_number_is_missing() -> None:
    screen = _screen("matched", _form("found", '<button name="number" value="40">40</button>'))
    with pytest.raises(Stuck, match="partner's number 4"):
        act_of("found", screen, ADA, Memory())


def test_ada_says_yes_when_the_other_phone_asks() -> None:
    inside = _form(
        "confirm", '<button name="answer" value="not-yet">No</button><button name="answer" value="yes">Y</button>'
    )
    screen = _screen("matched", inside + _form("pause"))
    assert next_action(screen, ADA, Memory()) == "confirm"
    button = act_of("confirm", screen, ADA, Memory()).button
    assert button is not None
    assert button.value == "yes"


def test_nothing_is_pressed_twice_on_the_same_screen_but_tried_again_on_a_newer_one() -> None:
    memory = Memory(last="9")
    old, new = (_screen("matched", _form("found"), version) for version in (5, 6))
    memory.keep("found", old)
    assert next_action(old, ADA, memory) is None
    assert next_action(new, ADA, memory) == "found"
    memory.keep("found", new)
    memory.keep("found", _screen("matched", _form("found"), 7))
    assert next_action(_screen("matched", _form("found"), 8), ADA, memory) is None


def test_a_thank_you_is_sent_once_for_a_meeting_and_not_as_a_ready_made_starter() -> None:
    memory = Memory(last="9")
    form = _form(
        "thank", '<button name="starter" value="Hm">Hm</button><textarea name="text"></textarea><button>Send</button>'
    )
    screen = _screen("thanking", form)
    act = act_of("thank", screen, ADA, memory)
    assert act.typed["text"] in THANKS
    assert act.button is not None
    assert act.button.name == ""
    memory.keep("thank", screen)
    assert next_action(_screen("waiting", form, 6), ADA, memory) is None


def test_no_thank_you_is_too_long_for_its_field() -> None:
    assert all(len(words) <= 140 for words in THANKS)


def test_ada_says_whom_she_came_with_and_a_person_alone_says_nothing() -> None:
    screen = _screen("waiting", _form("came-with", '<input name="word"><button>Together</button>'))
    assert next_action(screen, ADA, Memory()) == "came-with"
    assert act_of("came-with", screen, ADA, Memory()).typed == {"word": "together-leo"}
    assert next_action(screen, STRANGER, Memory()) is None


def test_a_guest_goes_home_after_enough_meetings_and_not_before() -> None:
    screen = _screen("waiting", _form("leave"))
    assert next_action(screen, STRANGER, Memory(met={"1"}), leaves_after=2) is None
    assert next_action(screen, STRANGER, Memory(met={"1", "2"}), leaves_after=2) == "leave"
    assert next_action(screen, STRANGER, Memory(met={"1", "2"})) is None


def test_a_paused_person_does_nothing() -> None:
    assert next_action(_screen("paused", _form("return")), ADA, Memory()) is None


def test_a_stranger_gets_time_to_tap_first_and_is_never_left_first() -> None:
    habits = Habits(meet=5.0, tapping=(1.0, 2.0), guests={4}, patience=12.0, with_stranger=240.0)
    guest, stranger = (_screen("matched", _form("found"), partners=number) for number in ("4", "77"))
    assert Pace(habits, _dice()).left("found", guest) <= 2.0
    assert 11.9 < Pace(habits, _dice()).left("found", stranger) <= 12.0
    assert Pace(habits, _dice()).left("done", _screen("talking", "", partners="4")) <= 5.5
    assert 239.9 < Pace(habits, _dice()).left("done", _screen("talking", "", partners="77")) <= 240.0
    assert Pace(habits, _dice()).left("confirm", stranger) <= habits.yes[1]


def test_a_partner_who_turns_out_to_be_a_guest_is_not_waited_for() -> None:
    guests: set[int] = set()
    pace = Pace(Habits(tapping=(0.0, 0.0), guests=guests), _dice())
    screen = _screen("matched", _form("found"))
    assert pace.left("found", screen) > 11.0
    guests.add(4)
    assert pace.left("found", screen) <= 0.0
