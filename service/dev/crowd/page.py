"""What a phone's screen says: its marks, and the reason it gives. What to do about it is decided elsewhere."""

import re
from dataclasses import dataclass
from functools import cached_property
from html import unescape

from service.dev.crowd.forms import Form, alert_of, forms_of

_ATTRIBUTE = r"""[^\s"'<>/=]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'=<>`]+))?"""
_MAIN = re.compile(rf"<main\b((?:\s+{_ATTRIBUTE})*)\s*>", re.IGNORECASE)
_PART = re.compile(r"""([^\s"'<>/=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'=<>`]+)))?""")
_CARD = ("meeting", "number", "partners", "signal", "spot", "reason")
_ACTION = re.compile(r"""\sdata-action=["']?([\w-]+)""")
_BECAUSE = re.compile(r"""\sdata-because=["']([^"']+)["']""")


class Unreadable(ValueError):
    """A page or frame without a true ``#screen``; the message says what is wrong with it."""


@dataclass(frozen=True)
class Screen:
    """The ``#screen`` of one page or frame. Its forms are read only when somebody acts on them."""

    marks: dict[str, str]
    html: str

    @property
    def state(self) -> str:
        """What the attendee is doing, such as ``waiting``; empty on other people's pages."""
        return self.marks.get("data-state", "")

    @cached_property
    def version(self) -> int:
        """The screen's place in the order of this viewer's screens."""
        return int(self.marks["data-version"])

    @property
    def question(self) -> str:
        """The question asked, while answering."""
        return self.marks.get("data-question", "")

    @property
    def meeting(self) -> str:
        """The meeting on this screen, or nothing."""
        return self.marks.get("data-meeting", "")

    @cached_property
    def number(self) -> int | None:
        """The reader's own number, where the page says it."""
        return _number(self.marks.get("data-number", ""))

    @cached_property
    def partners(self) -> tuple[int, ...]:
        """The numbers of whom the reader is to meet."""
        return tuple(_partner(part) for part in self.marks.get("data-partners", "").split(",") if part.strip())

    @cached_property
    def because(self) -> str:
        """The kind of reason the screen gives for showing nobody, or nothing."""
        found = _BECAUSE.search(self.html)
        return unescape(found.group(1)).strip() if found else ""

    @cached_property
    def alert(self) -> str:
        """The sentence of a refused request, or nothing."""
        return alert_of(self.html)

    @cached_property
    def actions(self) -> frozenset[str]:
        """The ``data-action`` of every form on the screen, without reading the forms."""
        return frozenset(_ACTION.findall(self.html))

    def form(self, action: str) -> Form | None:
        """The first form with that ``data-action``."""
        if action not in self.actions:
            return None
        return next((form for form in forms_of(self._around(action)) if form.action == action), None)

    def _around(self, action: str) -> str:
        """The part of the page that has to be read for a form: mostly the form, all of it where parts lie outside."""
        named = re.search(rf"""\sdata-action=["']?{action}\b(?!-)""", self.html)
        start = self.html.rfind("<form", 0, named.start()) if named else -1
        end = self.html.find("</form>", start)
        return self.html if ' form="' in self.html or -1 in (start, end) else self.html[start : end + len("</form>")]


def screen_of(html: str) -> Screen:
    """The one ``#screen`` of a page or frame. Raises Unreadable if there is none, or two, or no true version."""
    found = [(marks, match.start()) for match in _MAIN.finditer(html) if (marks := _marks(match[1]))["id"] == "screen"]
    if len(found) != 1:
        raise Unreadable("a page without a screen" if not found else "a page with two screens")
    marks, start = found[0]
    if not re.fullmatch(r"\d+", marks.get("data-version", "")):
        raise Unreadable(f"a screen whose version is “{marks.get('data-version', 'missing')}”")
    screen = Screen(marks, html[start:])
    if screen.state in ("matched", "talking"):
        _hold_to_contract(screen)
    return screen


def _marks(text: str) -> dict[str, str]:
    parts = ((name.lower(), unescape(a or b or c)) for name, a, b, c in _PART.findall(text))
    return {"id": "", **dict(parts)}


def _hold_to_contract(screen: Screen) -> None:
    missing = [name for name in _CARD if not screen.marks.get(f"data-{name}")]
    if missing:
        raise Unreadable(f"a {screen.state} screen without its {' and '.join(missing)}")
    if screen.number in screen.partners:
        raise Unreadable(f"a {screen.state} screen that introduces number {screen.number} to itself")


def _number(text: str) -> int | None:
    return int(text) if re.fullmatch(r"\s*\d+\s*", text) else None


def _partner(text: str) -> int:
    number = _number(text)
    if number is None:
        raise Unreadable(f"a partner whose number is “{text.strip()}”")
    return number
