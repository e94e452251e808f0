"""The cast: who comes to an evening, what they answer, and an organizer. They speak HTTP like a browser does."""

import re
import ssl
from dataclasses import dataclass, field
from datetime import datetime
from html import unescape
from types import TracebackType
from typing import Self
from urllib.parse import urljoin

import httpx2

from service.database import Database
from service.dev import events
from service.settings import Settings

CERTIFICATES = ssl.create_default_context()
"""Read once: a client of its own for everybody would read them every time."""


@dataclass(frozen=True, slots=True)
class Person:
    """What somebody answers when asked."""

    name: str
    passion: str = ""
    field: str = ""
    offer: str = ""
    ask: str = ""
    private: bool = False


ADA = Person("Ada", "singing", "numbers-and-data", "making-sense-of-numbers", "speaking-in-public")
LEO = Person("Leo", "singing", "caring-for-people", "speaking-in-public", "making-sense-of-numbers")
MARA = Person("Mara", "cooking", "teaching", "learning-a-language", "photos-and-design")
NOOR = Person("Noor", "games", "making-things", "photos-and-design", "a-career-decision", private=True)
KIM = Person("Kim", "reading", "studying", "thinking-out-loud", "")
SAM = Person("Sam")
CAST = (ADA, LEO, MARA, NOOR, KIM, SAM)


def somebody(number: int) -> Person:
    """One more person, different from the others by number."""
    model = CAST[number % len(CAST)]
    return Person(f"{model.name} {number}", model.passion, model.field, model.offer, model.ask, model.private)


@dataclass(slots=True)
class Page:
    """What came back: status, address and text, with the marks of its screen."""

    status: int
    address: str
    text: str
    headers: httpx2.Headers = field(default_factory=httpx2.Headers)

    @property
    def main(self) -> str:
        """The screen, its opening tag included; empty if there is none."""
        found = re.search(r'<main id="screen".*</main>', self.text, re.S)
        return found[0] if found else ""

    def mark(self, name: str) -> str:
        """A data- mark of the screen, empty if absent."""
        found = re.search(rf'data-{name}="([^"]*)"', self.main[: self.main.find(">") + 1])
        return unescape(found[1]) if found else ""

    @property
    def state(self) -> str:
        """The state the screen shows."""
        return self.mark("state")

    @property
    def version(self) -> int:
        """The screen's version."""
        return int(self.mark("version"))

    @property
    def alert(self) -> str:
        """The sentence of a refusal, empty if nothing was refused."""
        found = re.search(r'role="alert"[^>]*>(.*?)</', self.text, re.S)
        return unescape(re.sub(r"<[^>]+>", "", found[1])).strip() if found else ""

    @property
    def words(self) -> str:
        """What can be read on the screen."""
        return " ".join(unescape(re.sub(r"<[^>]+>", " ", self.main)).split())

    def form(self, action: str) -> dict[str, str]:
        """The hidden fields of a form, and its address as ``""``. Fails if the screen has no such form."""
        found = re.search(rf'<form[^>]*data-action="{action}".*?</form>', self.main, re.S)
        assert found, f"no form {action} on this screen: {self.words[:300]}"
        address = re.search(r'action="([^"]*)"', found[0])
        hidden = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', found[0])
        return {"": unescape(address[1]) if address else ""} | {name: unescape(value) for name, value in hidden}


class Visitor:
    """A browser without scripts: keeps cookies, follows redirects, sends our origin."""

    def __init__(self, base: str) -> None:
        self.base = base
        self.client = httpx2.Client(follow_redirects=True, timeout=20, verify=CERTIFICATES)
        self.page = Page(0, "", "")

    def get(self, address: str, **headers: str) -> Page:
        """Open an address."""
        return self._keep(self.client.get(urljoin(self.base, address), headers=headers))

    def post(self, address: str, fields: dict[str, str] | None = None, **headers: str) -> Page:
        """Send a form as a browser on our page would."""
        sent = {"origin": self.base} | headers
        return self._keep(self.client.post(urljoin(self.base, address), data=fields or {}, headers=sent))

    def send(self, action: str, **fields: str) -> Page:
        """Fill in and send a form of the current screen."""
        hidden = self.page.form(action)
        return self.post(hidden.pop(""), hidden | fields)

    def look(self) -> Page:
        """Load the current address again."""
        return self.get(self.page.address)

    def _keep(self, response: httpx2.Response) -> Page:
        self.page = Page(response.status_code, str(response.url), response.text, response.headers)
        return self.page


class Phone(Visitor):
    """One person's phone."""

    def __init__(self, base: str, join: str, person: Person) -> None:
        super().__init__(base)
        self.join_address = join
        self.person = person

    def join(self) -> Self:
        """Scan, answer everything, say the name."""
        self.get(self.join_address)
        for question in ("passion", "field", "offer", "ask"):
            assert self.page.mark("question") == question, self.page.words[:200]
            self.answer(getattr(self.person, question))
        self.send("answer", value=self.person.name)
        assert self.page.status == 200, self.page.alert
        return self

    def answer(self, value: str) -> Page:
        """Tap an answer, or skip."""
        fields = {"value": value} if value else {"skip": "1"}
        if self.page.mark("question") == "ask" and self.person.private:
            fields["private"] = "1"
        return self.send("answer", **fields)

    @property
    def state(self) -> str:
        """The state after looking again."""
        return self.look().state

    @property
    def number(self) -> str:
        """The own number, as a card shows it."""
        return self.look().mark("number")

    def find(self) -> Page:
        """Tap the partner's true number."""
        return self.send("found", number=self.look().mark("partners").split(",")[0])


class Evening:
    """A served event with its organizer's browser; makes phones of people."""

    def __init__(self, settings: Settings, round_seconds: int = 600) -> None:
        self.base = settings.public_url
        self.database = Database(settings.database_url)
        plan = events.Plan("Harbour Evening", {}, opened=True, rounds=3, round_seconds=round_seconds)
        self.made = events.make(self.database, plan, self.base)
        self.host = Visitor(self.base)
        self.host.get(self.made["organizer"])
        self.host.post(self.made["organizer"])
        self._phones: list[Visitor] = [self.host]

    def phone(self, person: Person) -> Phone:
        """Somebody's phone, before they scan."""
        phone = Phone(self.base, self.made["join"], person)
        self._phones.append(phone)
        return phone

    def come(self, *people: Person) -> list[Phone]:
        """These people join and answer, one after the other."""
        return [self.phone(person).join() for person in people]

    def stranger(self) -> Visitor:
        """Somebody with no place here."""
        visitor = Visitor(self.base)
        self._phones.append(visitor)
        return visitor

    def start_round(self) -> Page:
        """The organizer starts a round."""
        return self._press("start-round")

    def end_round(self) -> Page:
        """The organizer ends the round."""
        return self._press("end-round")

    def address(self, rest: str = "") -> str:
        """An address of the event's screen or one of its forms."""
        return f"{self.base}/e/{self.made['event']}{rest}"

    def _press(self, action: str) -> Page:
        self.host.get(f"/host/{self.made['event']}")
        return self.host.send(action)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        for phone in self._phones:
            phone.client.close()
        self.database.close()


def soon() -> str:
    """A time an event may start, as its form wants it."""
    return datetime.now().astimezone().strftime("%Y-%m-%dT%H:%M")
