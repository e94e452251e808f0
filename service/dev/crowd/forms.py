"""The forms of a page and the files it links, read as a browser reads them. Nothing is sent from here."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser


@dataclass(frozen=True, slots=True)
class Button:
    """One thing to tap: what it sends (both empty if it sends nothing) and what it says."""

    name: str
    value: str
    says: str


@dataclass(slots=True)
class Form:
    """One form of a page, with what a browser would send along."""

    action: str
    address: str
    posts: bool
    hidden: list[tuple[str, str]] = field(default_factory=list)
    texts: dict[str, str] = field(default_factory=dict)
    boxes: dict[str, tuple[str, bool, bool]] = field(default_factory=dict)
    buttons: list[Button] = field(default_factory=list)

    @property
    def key(self) -> str:
        """The idempotency key, or nothing."""
        return dict(self.hidden).get("key", "")

    def button(self, name: str, value: str | None = None) -> Button | None:
        """The first button of that name (and value)."""
        return next((one for one in self.buttons if one.name == name and value in (None, one.value)), None)

    def sends(
        self, button: Button | None, typed: dict[str, str] | None = None, ticks: dict[str, bool] | None = None
    ) -> list[tuple[str, str]]:
        """What goes over the wire: hidden inputs, texts, ticked boxes (as the page set them, but for ``ticks``)."""
        texts = self.texts | (typed or {})
        wanted = ticks or {}
        ticked = [(name, box[0]) for name, box in self.boxes.items() if wanted.get(name, box[1] or box[2])]
        tapped = [(button.name, button.value)] if button and button.name else []
        return [*self.hidden, *texts.items(), *ticked, *tapped]


def forms_of(html: str) -> list[Form]:
    """Every form of a page, in its order."""
    reader = _Reader()
    reader.feed(html)
    return reader.forms


def alert_of(html: str) -> str:
    """The sentence of a refused request (``role=alert``), or nothing."""
    reader = _Reader()
    reader.feed(html)
    return " ".join(reader.alert.split())


def assets_of(html: str) -> list[str]:
    """The addresses of style sheets, scripts and preloads that a browser fetches for this page, each once."""
    reader = _Reader()
    reader.feed(html)
    return list(dict.fromkeys(reader.assets))


class _Reader(HTMLParser):
    """Collects forms, linked files and the alert in one pass."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.forms: list[Form] = []
        self.assets: list[str] = []
        self.alert = ""
        self._by_id: dict[str, Form] = {}
        self._open: Form | None = None
        self._button: tuple[Form, str, str, list[str]] | None = None
        self._area: tuple[Form, str, list[str]] | None = None
        self._alert: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what opens here."""
        marks = {name: value or "" for name, value in attrs}
        if self._alert or marks.get("role") == "alert":
            self._alert.extend([tag] if tag not in _EMPTY else [])
        if tag == "form":
            self._begin_form(marks)
        elif tag in ("input", "textarea", "select", "button"):
            owner = self._by_id.get(marks.get("form", "")) or self._open
            if owner is not None and "disabled" not in marks:
                self._control(tag, owner, marks)
        else:
            self.assets.extend(_linked(tag, marks))

    def handle_endtag(self, tag: str) -> None:
        """Note what closes here."""
        if tag == "form":
            self._open = None
        elif tag == "button" and self._button:
            form, name, value, words = self._button
            form.buttons.append(Button(name, value, " ".join("".join(words).split())))
            self._button = None
        elif tag == "textarea" and self._area:
            form, name, words = self._area
            form.texts[name] = "".join(words)
            self._area = None
        if tag in self._alert:
            del self._alert[self._alert.index(tag) :]

    def handle_data(self, data: str) -> None:
        """Collect the words of a button, a text area or the alert."""
        if self._button:
            self._button[3].append(data)
        if self._area:
            self._area[2].append(data)
        if self._alert:
            self.alert += data

    def _begin_form(self, marks: dict[str, str]) -> None:
        posts = marks.get("method", "").lower() == "post"
        self._open = Form(marks.get("data-action", ""), marks.get("action", ""), posts)
        self.forms.append(self._open)
        if "id" in marks:
            self._by_id[marks["id"]] = self._open

    def _control(self, tag: str, form: Form, marks: dict[str, str]) -> None:
        name, value = marks.get("name", ""), marks.get("value", "")
        kind = marks.get("type", "submit" if tag == "button" else "text").lower()
        if tag == "button" and kind == "submit":
            self._button = (form, name, value, [])
        elif tag == "textarea" and name:
            self._area = (form, name, [])
        elif tag == "input" and kind == "submit":
            form.buttons.append(Button(name, value, value))
        elif tag == "input" and name:
            _field(form, kind, name, marks)


def _field(form: Form, kind: str, name: str, marks: dict[str, str]) -> None:
    if kind == "hidden":
        form.hidden.append((name, marks.get("value", "")))
    elif kind == "checkbox":
        form.boxes[name] = (marks.get("value", "on"), "checked" in marks, "required" in marks)
    elif kind in ("text", "search", "tel", "email", "url", "number"):
        form.texts[name] = marks.get("value", "")


def _linked(tag: str, marks: dict[str, str]) -> Iterator[str]:
    if tag == "script" and marks.get("src"):
        yield marks["src"]
    elif tag == "link" and marks.get("href") and _FETCHED & set(marks.get("rel", "").lower().split()):
        yield marks["href"]


_FETCHED = frozenset({"stylesheet", "modulepreload", "preload"})
_EMPTY = frozenset({"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"})
