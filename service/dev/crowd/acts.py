"""What a person with this screen would do next, and how they answer. Pure: no clock, no network."""

from collections import Counter
from dataclasses import dataclass, field
from random import Random

from service.dev.crowd.forms import Button, Form
from service.dev.crowd.page import Screen
from service.dev.crowd.room import Role, same

TRIES = 3
"""How often one thing is tried while looking for somebody, before a person would give up."""

THANKS = (
    "Thank you for finding me. Walking up to a stranger takes a little courage.",
    "Thank you for holding up your animal and waiting until I saw it.",
    "Thank you for asking first. That made it easy to answer.",
    "Thank you for staying until we were both done.",
    "Thank you for the time. I know there were other people to meet.",
    "Thank you for putting your phone away while we talked.",
)


class Stuck(Exception):
    """The screen leaves no way on; the message says what is missing, worded to follow somebody's name."""


@dataclass(frozen=True, slots=True)
class Act:
    """One thing to press: which form, which button, what is typed."""

    action: str
    form: Form
    button: Button | None
    typed: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Memory:
    """What a person has done already. ``last`` is the latest meeting, ``met`` those in which they talked."""

    done: set[tuple[str, str, int]] = field(default_factory=set)
    tries: Counter[tuple[str, str]] = field(default_factory=Counter)
    last: str = ""
    met: set[str] = field(default_factory=set)

    def keep(self, action: str, screen: Screen) -> None:
        """Note that it was tried with this screen."""
        self.done.add((action, self.last, screen.version))
        self.tries[action, self.last] += 1

    def allows(self, action: str, screen: Screen) -> bool:
        """Whether it is still to be done: not with this very screen, and not too often in one meeting."""
        tries = TRIES if screen.state == "matched" else 1
        return (action, self.last, screen.version) not in self.done and self.tries[action, self.last] < tries


def next_action(screen: Screen, role: Role, memory: Memory, leaves_after: int | None = None) -> str | None:
    """What this person does next with that screen (a ``data-action``), or None to wait. Reads no form."""
    wanted = list(_BY_STATE.get(screen.state, ()))
    if not role.group or memory.tries["came-with", ""]:
        wanted = [action for action in wanted if action != "came-with"]
    if leaves_after is None or len(memory.met) < leaves_after:
        wanted = [action for action in wanted if action != "leave"]
    return next((one for one in wanted if one in screen.actions and memory.allows(one, screen)), None)


def act_of(action: str, screen: Screen, role: Role, memory: Memory) -> Act:
    """How they do it. Raises Stuck where the form lacks what it needs."""
    form = screen.form(action)
    if form is None:
        raise Stuck(f"found no readable form for {action}")
    if action == "found":
        return Act(action, form, _true_number(screen, form))
    if action == "confirm":
        return Act(action, form, _needed(form.button("answer", "yes"), "was asked and offered no yes"))
    if action == "thank":
        return _thank(form, memory)
    typed = dict.fromkeys(list(form.texts)[:1], role.group) if action == "came-with" else {}
    return Act(action, form, next(iter(form.buttons), None), typed)


def reply(screen: Screen, role: Role, rng: Random) -> Act:
    """This person's answer to the question on the screen. Raises Stuck where the page offers no way to give it."""
    form = screen.form("answer") or screen.form("name")
    if form is None:
        raise Stuck(f"found no form under the question “{screen.question}”")
    if screen.question == "name" or not form.button("value"):
        return _write(screen, form, role)
    button = _wanted(form, role.answer_to(screen.question)) or (_any(form, rng) if role.tapping else None)
    button = button or form.button("skip")
    if button is None:
        raise Stuck(f"could not skip the question “{screen.question}”")
    return Act("answer", form, button)


def _wanted(form: Form, answer: str) -> Button | None:
    offered = (button for button in form.buttons if button.name == "value")
    return next((one for one in offered if answer and same(answer) in (same(one.value), same(one.says))), None)


def _any(form: Form, rng: Random) -> Button:
    return rng.choice([button for button in form.buttons if button.name == "value"])


def _write(screen: Screen, form: Form, role: Role) -> Act:
    field_name = next(iter(form.texts), None)
    if field_name is None:
        raise Stuck(f"found nothing to write in under the question “{screen.question}”")
    button = next((one for one in form.buttons if one.name != "skip"), None)
    return Act("answer", form, button, {field_name: role.name})


def _true_number(screen: Screen, form: Form) -> Button:
    """The numbers are said aloud, so the true one is known: it must be among those offered."""
    offered = (form.button("number", str(number)) for number in screen.partners)
    true = next((button for button in offered if button), None)
    return _needed(true, f"was not offered its partner's number {screen.partners[0]} among those to tap")


def _thank(form: Form, memory: Memory) -> Act:
    if "text" not in form.texts:
        raise Stuck("was offered to say thanks, but nothing to write them in")
    words = THANKS[sum(map(ord, memory.last)) % len(THANKS)]
    return Act("thank", form, next((one for one in form.buttons if not one.name), None), {"text": words})


def _needed(button: Button | None, otherwise: str) -> Button:
    if button is None:
        raise Stuck(otherwise)
    return button


_BY_STATE = {
    "matched": ("confirm", "found", "on-my-way"),
    "talking": ("done",),
    "thanking": ("thank", "leave"),
    "waiting": ("thank", "came-with", "leave"),
}
"""What people do in each state, the most pressing first."""
