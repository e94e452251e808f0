"""What a thumb does on a phone and a mouse on a desk, and what is seen there. It taps only what can be read."""

from typing import Self

from playwright.sync_api import Locator, Page, expect

from tests.journeys.watch import Watch
from tests.people import Person

SOON = 10_000
"""Milliseconds an eye waits on a busy machine; what must be fast says so itself."""
QUESTIONS = ("passion", "field", "offer", "ask", "name")


class Hand:
    """A person at a page, with ``watch`` over everything their browser says."""

    def __init__(self, page: Page, watch: Watch) -> None:
        self.page = page
        self.watch = watch

    @property
    def screen(self) -> Locator:
        """The one screen."""
        return self.page.locator("#screen")

    def mark(self, name: str) -> str:
        """A data- mark of the screen, empty if absent."""
        return self.screen.get_attribute(f"data-{name}") or ""

    def sees(self, state: str, within: float = SOON) -> Self:
        """Wait until the screen is in this state."""
        expect(self.screen).to_have_attribute("data-state", state, timeout=within)
        return self

    def reads(self, words: str, within: float = SOON) -> Self:
        """Wait until these words can be read somewhere on the page."""
        shown = self.page.get_by_text(words).filter(visible=True)
        expect(shown.first).to_be_visible(timeout=within)
        return self

    def reads_nowhere(self, words: str, within: float = SOON) -> Self:
        """Wait until these words cannot be read."""
        expect(self.page.get_by_text(words).filter(visible=True)).to_have_count(0, timeout=within)
        return self

    def press(self, words: str) -> Self:
        """Press the button or link that says exactly this."""
        return self._touch(self._named(words))

    def _touch(self, what: Locator) -> Self:
        if len(self.page.context.pages) > 1:
            self.page.bring_to_front()  # nobody can reach what lies behind another tab
        self._press(what)
        return self

    def _press(self, what: Locator) -> None:
        what.click(timeout=SOON)

    def _named(self, words: str) -> Locator:
        button = self.page.get_by_role("button", name=words, exact=True)
        link = self.page.get_by_role("link", name=words, exact=True)
        return button.or_(link).or_(self.page.locator("summary").get_by_text(words, exact=True)).first


class Thumb(Hand):
    """What a thumb does: everything at a phone is a tap."""

    def scan(self, join: str) -> Self:
        """Point the camera at the code."""
        self.page.goto(join)
        return self

    def join(self, join: str, person: Person) -> Self:
        """Scan, answer everything, say the name."""
        return self.scan(join).answer(person).sees("waiting")

    def answer(self, person: Person) -> Self:
        """Everything that is asked, up to the name."""
        for question in QUESTIONS[:-1]:
            self.choose(question, person)
        return self.write(person.name)

    def choose(self, question: str, person: Person) -> Self:
        """One answer: a chip, or none."""
        expect(self.screen).to_have_attribute("data-question", question, timeout=SOON)
        value = getattr(person, question)
        if question == "ask" and person.private:
            self.page.get_by_label("Private: only the matcher sees this").check(timeout=SOON)
        chip = f'button[name="value"][value="{value}"]' if value else 'button[name="skip"]'
        self._touch(self.screen.locator(chip))
        expect(self.screen).not_to_have_attribute("data-question", question, timeout=SOON)
        return self

    def write(self, name: str) -> Self:
        """Say what people should call you."""
        expect(self.screen).to_have_attribute("data-question", "name", timeout=SOON)
        self.page.get_by_label("What should people call you?").fill(name)
        return self.press("I'm in")

    def find(self) -> Self:
        """From the card over the animal to the numbers, then the one that the partner says aloud."""
        number = self.mark("partners").split(",")[0]
        return self.press_find().press("We found each other").press(number)

    def press_find(self) -> Self:
        """Leave the card for the animal."""
        return self._touch(self.page.locator(".card__find a").filter(visible=True))

    def cover(self) -> Self:
        """Into the pocket: the page is hidden and told so."""
        return self._be_hidden(True)

    def uncover(self) -> Self:
        """Out of the pocket again."""
        return self._be_hidden(False)

    def _be_hidden(self, hidden: bool) -> Self:
        self.page.evaluate(HIDE, hidden)
        return self

    def _press(self, what: Locator) -> None:
        what.tap(timeout=SOON)


HIDE = """(hidden) => {
  Object.defineProperty(document, "hidden", { configurable: true, get: () => hidden });
  Object.defineProperty(document, "visibilityState", { configurable: true, get: () => hidden ? "hidden" : "visible" });
  document.dispatchEvent(new Event("visibilitychange"));
}"""
