"""What people, phones and pranksters send by mistake or on purpose: one row each, one status each on both databases."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import quote

import pytest
from markupsafe import escape
from sqlmodel import SQLModel, func, select

from service.actions import hosting
from service.dev import events
from service.identity import new_token
from service.models import Attendee, Event, Meeting, Thanks
from service.settings import Settings
from tests.invariants import broken
from tests.people import ADA, KIM, LEO, MARA, NOOR, SAM, Page, Phone, Visitor, soon
from tests.routes.halls import Hall, act_on

FORM = "application/x-www-form-urlencoded"
ZALGO = "Zoe" + "\u0301\u0316" * 20
SURROGATE = b'--b\r\nContent-Disposition: form-data; name="value"\r\n\r\n+2AA-\r\n--b--\r\n'
FAMILY = "👩‍👩‍👧‍👦"

Sent = Mapping[str, str | list[str]] | bytes | str


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is sent, by whom, what an honest form says there, and the screen that must stay true."""

    address: str
    screen: str
    honest: Mapping[str, str] = field(default_factory=dict)


PLACES = {
    "typed": Place("/", "/"),
    "scan": Place("/J/{code}", "/J/{code}", {"question": "passion", "value": "singing"}),
    "draft": Place("/J/{draft}", "/J/{draft}", {"question": "passion", "value": "singing"}),
    "locked": Place("/J/{locked}", "/J/{locked}", {"question": "passion", "value": "singing"}),
    "over": Place("/J/{over}", "/J/{over}", {"question": "passion", "value": "singing"}),
    "passion": Place("/e/{event}/answer", "/e/{event}", {"question": "passion", "value": "singing"}),
    "name": Place("/e/{event}/answer", "/e/{event}", {"question": "name", "value": "Zoe"}),
    "thanks": Place("/e/{event}/thank", "/e/{event}", {"text": "You made me laugh"}),
    "remove": Place("/host/{event}/remove", "/host/{event}"),
    "create": Place("/host", "/host", {"name": "Harbour Evening", "when": soon()}),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One thing sent to one place, the only status it may get, and, where it is taken, what people read afterwards.

    ``sends`` are the fields that differ from the honest form, a whole body, or, where ``place`` is no place of
    ours but an address, how that address ends.
    """

    case: str
    place: str
    sends: Sent
    status: int
    shown: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


def named(case: str, name: str, status: int, shown: str = "") -> Row:
    """A name as somebody types it, and as it greets them."""
    return Row(case, "name", {"value": name}, status, f"You're in, {shown} ." if shown else "")


def thanked(case: str, sentence: str, status: int) -> Row:
    """A thank-you as somebody types it."""
    return Row(case, "thanks", {"text": sentence}, status)


def coded(case: str, code: str, status: int) -> Row:
    """A code typed on the first page."""
    return Row(case, "typed", {"code": code}, status)


def body(case: str, place: str, content: bytes, kind: str, status: int) -> Row:
    """A whole body of some content type, instead of a form's."""
    return Row(case, place, content, status, headers={"content-type": kind})


def parts(count: int, size: int = 1) -> bytes:
    """A multipart body."""
    part = b'--b\r\nContent-Disposition: form-data; name="f%d"\r\n\r\n' + b"x" * size + b"\r\n"
    return b"".join(part % number for number in range(count)) + b"--b--\r\n"


ROWS = [
    named("J1 no name", "", 422),
    named("J2 only spaces", "  \t ", 422),
    named("J2 zero-width spaces", "\u200b\u200b\u200d", 422),
    named("J2 a letter that shows nothing", "\u3164", 422),
    named("J2 marks without a letter", "\u034f\ufe0f", 422),
    named("J3 41 letters", "A" * 41, 422),
    named("J3 41 families", FAMILY * 41, 422),
    named("J3 10 MB", "A" * 10_000_000, 413),
    named("J3 one letter", "Q", 303, "Q"),
    named("J4 script", "<script>alert(1)</script>", 303, "<script>alert(1)</script>"),
    named("J4 image", '"><img src=x onerror=alert(1)>', 303, '"><img src=x onerror=alert(1)>'),
    named("J4 template", "{{7*7}}${7*7}", 303, "{{7*7}}${7*7}"),
    named("J5 written from the right", "\u202eadA", 303, "adA"),
    named("J5 a tower of marks", ZALGO, 303, "Zo\u00e9" + "\u0316" * 4),
    named("J5 a Thai tower of marks", "\u0e2a" + "\u0e47" * 30, 303, "\u0e2a" + "\u0e47" * 4),
    named("J6 NUL", "A\0da", 422),
    named("J6 terminal colours", "A\x1b[31mda", 303, "A[31mda"),
    named("J6 two lines", "Ada\r\nSet-Cookie: a=b", 303, "Ada Set-Cookie: a=b"),
    body("J7 a lone surrogate", "name", b"question=name&value=%ED%A0%80A", FORM, 303),
    body("J7 a lone surrogate by charset", "name", SURROGATE, "multipart/form-data; boundary=b; charset=utf-7", 422),
    named("J8 Organizer", "Organizer", 422),
    named("J8 Admin in full width", "Ａｄｍｉｎ", 422),
    named("J8 Thaw with a joiner inside", "Th\u200daw", 422),
    named("J8 Host with a hidden mark", "Host\ufe0f", 422),
    named("J8 Host in Cyrillic", "Н\u043est", 422),
    named("J8 Adm1n", "Adm1n", 422),
    named("J9 the name of somebody here", "Ada", 303, "Ada"),
    named("J10 a family", FAMILY, 303, FAMILY),
    named("J10 an emoji of last year", "\U0001fae8", 303, "\U0001fae8"),
    named("J10 Arabic", "ليلى", 303, "ليلى"),
    named("J10 Chinese", "美玲", 303, "美玲"),
    Row("J11 no such answer", "passion", {"value": "being rich"}, 422),
    Row("J11 an answer to another question", "passion", {"value": "teaching"}, 422),
    Row("J11 no such answer, when it is the first", "scan", {"value": "being rich"}, 422),
    Row("J13 fields of ours that are not this form's", "name", {"role": "organizer", "id": "1", "event_id": "2"}, 303),
    Row("J13 more fields than any form has", "name", {f"f{n}": "1" for n in range(30)}, 422),
    Row("J14 a field twice", "name", {"value": ["Ada", "Leo"]}, 422),
    body("J15 2,000 parts", "name", parts(1000), "multipart/form-data; boundary=b", 422),
    body("J15 3 MB", "name", parts(3, 1_000_000), "multipart/form-data; boundary=b", 413),
    body("J15 no boundary", "name", parts(1), "multipart/form-data", 422),
    Row("J18 before the doors open", "draft", {}, 409),
    Row("J18 locked", "locked", {}, 409),
    Row("J18 over", "over", {}, 404),
    body("J19 JSON", "name", b'{"question": "name", "value": "Ada"}', "application/json", 422),
    body("J19 UTF-16", "name", "value=Ada".encode("utf-16"), f"{FORM}; charset=utf-16", 422),
    coded("C1 lower case with a hyphen", "abcd-efgh", 303),
    coded("C1 with spaces", " ABCD EFGH ", 303),
    coded("C1 with an O", "OBCDEFGH", 404),
    coded("C1 with a zero", "0BCDEFGH", 404),
    coded("C2 seven letters", "ABCDEFG", 404),
    coded("C2 nine letters", "ABCDEFGHJ", 404),
    coded("C2 nothing", "", 404),
    coded("C3 digits of another script", "٢٣٤٥٦٧٨٩", 404),
    coded("C3 full width", "ＡＢＣＤＥＦＧＨ", 404),
    coded("C4 a way up", "../../etc/passwd", 404),
    coded("C4 SQL", "' OR 1=1 --", 404),
    coded("C4 NUL", "ABCD\0EFGH", 422),
    coded("C6 60 KB", "A" * 60_000, 404),
    Row("C4 a way up in the address", "/J/", "%2e%2e%2f%2e%2e%2fetc%2fpasswd", 404),
    Row("C4 NUL in the address", "/J/", "%00", 404),
    Row("C4 SQL in the address", "/J/", quote("' OR 1=1"), 404),
    Row("C4 NUL in the event's address", "/e/", "%00", 404),
    Row("C4 NUL in the host's address", "/host/", "%00", 404),
    Row("C4 no UTF-8 in the address", "/J/", "%c0%ae", 404),
    thanked("A1 10,001 letters", "a" * 10_001, 422),
    thanked("A1 141 letters", "a" * 141, 422),
    thanked("A1 nothing", "", 422),
    Row("A3 no such answer", "passion", {"value": "<b>"}, 422),
    Row("A3 two answers", "passion", {"value": ["singing", "cooking"]}, 422),
    Row("A3 1,000 answers", "passion", {"value": ["singing"] * 1000}, 422),
    Row("A3 a question of another page", "passion", {"question": "offer", "value": "forms-and-paperwork"}, 409),
    thanked("A4 true", "true", 303),
    thanked("A4 42", "42", 303),
    thanked("A4 null", "null", 303),
    thanked("A4 a frame", '{"content":"<b>","target":"body"}', 303),
    Row("A6 2^63", "remove", {"number": str(2**63)}, 422),
    Row("A6 5,000 digits", "remove", {"number": "9" * 5000}, 422),
    Row("A6 a number of another script", "remove", {"number": "٣"}, 422),
    Row("A6 minus one", "remove", {"number": "-1"}, 422),
    body("A7 JSON 100,000 deep", "name", b"[" * 100_000 + b"]" * 100_000, "application/json", 422),
    body("A7 JSON 10,000 deep", "passion", b"[" * 10_000 + b"]" * 10_000, "application/json", 422),
    body("A9 no UTF-8", "passion", b"question=passion&value=%ff%fe", FORM, 422),
    Row("A11 a key with NUL", "passion", {"key": "a\0b"}, 422),
    Row("H2 another host's name", "scan", {"value": "singing"}, 303, headers={"host": "evil.example"}),
    Row("H7 htmx, it says, for somebody else", "/e/", "nobodys-event", 404, headers={"hx-request": "true"}),
    Row("H7 htmx, it says, with an odd target", "passion", {"value": "<b>"}, 422, headers={"hx-target": "<b>"}),
    Row("H8 from another site", "name", {}, 403, headers={"origin": "https://evil.example"}),
    Row("H8 from a neighbour", "name", {}, 403, headers={"origin": "null", "sec-fetch-site": "same-site"}),
    Row("H8 from nowhere", "name", {}, 403, headers={"origin": ""}),
    Row("H8 from our own page, it says", "name", {}, 303, headers={"origin": "null", "sec-fetch-site": "same-origin"}),
    Row("O1 an event in the year 1", "create", {"when": "0001-01-01T00:00"}, 422),
    Row("O1 an event in the year 9999", "create", {"when": "9999-12-31T23:59"}, 422),
    Row("O5 an event without a name", "create", {"name": "   "}, 422),
    Row("O5 an event of 61 letters", "create", {"name": "E" * 61}, 422),
]


class House:
    """One event on one database, with somebody at every place that a row is sent from."""

    def __init__(self, hall: Hall) -> None:
        self.hall = hall
        others = {kind: self._event(opened=kind != "draft") for kind in ("draft", "locked", "over")}
        act_on(hall.database, others["locked"]["event"], lambda turn: hosting.set_lock(turn, True))
        act_on(hall.database, others["over"]["event"], hosting.end_event)
        self.names = {kind: made["code"] for kind, made in others.items()} | hall.made
        self._thankful = self._after_a_round()
        self._waiting: dict[str, Visitor] = {"remove": hall.host}

    def sender(self, place: str) -> Visitor:
        """Somebody at that place: the same one again until something of theirs is taken."""
        return self._waiting.get(place) or self._waiting.setdefault(place, self._somebody(place))

    def look(self, sender: Visitor, place: str) -> tuple[str, str, str]:
        """What the sender's own screen says."""
        screen = PLACES[place].screen if place in PLACES else "/"
        page = sender.get(screen.format(**self.names))
        return page.state, page.mark("version"), page.words

    def send(self, sender: Visitor, row: Row) -> Page:
        """Send it as that place's form would, and do not go where the answer leads. Who is taken in moves on."""
        answer = self._send(sender, row)
        if answer.status == 303:
            del self._waiting[row.place]
        return answer

    def rows(self) -> tuple[int, ...]:
        """How many events, people, meetings and thank-yous there are."""
        tables: tuple[type[SQLModel], ...] = (Event, Attendee, Meeting, Thanks)
        counts = [select(func.count()).select_from(table).scalar_subquery() for table in tables]
        with self.hall.database.reading() as session:
            return tuple(session.execute(select(*counts)).one())

    def _send(self, sender: Visitor, row: Row) -> Page:
        place = PLACES.get(row.place)
        headers = {"origin": sender.base} | dict(row.headers)
        if place is None:
            return self._sent(sender, "GET", f"{row.place}{row.sends!s}", headers)
        address = place.address.format(**self.names)
        if isinstance(row.sends, bytes):
            return self._sent(sender, "POST", address, headers, content=row.sends)
        assert isinstance(row.sends, Mapping)
        return self._sent(
            sender, "POST", address, headers, data={"key": new_token()} | dict(place.honest) | dict(row.sends)
        )

    def _somebody(self, place: str) -> Visitor:
        if place == "thanks":
            return self._thankful.pop()
        if place in ("passion", "name"):
            return self.hall.seated(SAM, until=place)
        return self.hall.stranger()

    def _event(self, opened: bool) -> dict[str, str]:
        plan = events.Plan("Another Evening", {}, opened=opened, rounds=1, round_seconds=600)
        return events.make(self.hall.database, plan, self.hall.base)

    def _after_a_round(self) -> list[Phone]:
        people = self.hall.come(ADA, LEO, MARA, NOOR, KIM, SAM)
        self.hall.talk_it_through()
        return people

    def _sent(self, sender: Visitor, method: str, address: str, headers: Mapping[str, str], **what: Any) -> Page:
        answer = sender.client.request(method, sender.base + address, headers=headers, follow_redirects=False, **what)
        return Page(answer.status_code, str(answer.url), answer.text, answer.headers)


@pytest.fixture(scope="module")
def house(served: Settings) -> Iterator[House]:
    """The same house for every row: who was refused is still there for the next one."""
    with Hall(served) as hall:
        yield House(hall)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.case)
def test_whatever_is_sent_gets_one_plain_answer_and_loses_nothing(house: House, row: Row) -> None:
    sender = house.sender(row.place)
    before, rows = house.look(sender, row.place), house.rows()
    answer = house.send(sender, row)
    assert answer.status == row.status, answer.words
    assert not _raw(row, answer), "what was sent stands in the page as it was sent"
    after = house.look(sender, row.place)
    assert not _raw(row, sender.page), "what was sent stands in the page as it was sent"
    assert broken(house.hall.database) == {}
    if row.status >= 400:
        assert answer.alert
        assert answer.main
        assert (after, house.rows()) == (before, rows), "what was refused changed something"
    else:
        assert row.shown in sender.page.words


def test_nobody_can_dress_a_partners_card_with_their_name(evening: Hall) -> None:
    ada, leo = evening.come(replace(ADA, name='<b onclick="x">Ada</b>'), replace(LEO, name="</bdi><script>1</script>"))
    evening.start_round()
    for phone, theirs in ((ada, "</bdi><script>1</script>"), (leo, '<b onclick="x">Ada</b>')):
        assert theirs in phone.look().words
        assert theirs not in phone.page.text


def _raw(row: Row, page: Page) -> list[str]:
    """What stands in a page as it was sent, though a page would read it as more than words."""
    sent = row.sends.values() if isinstance(row.sends, Mapping) else [row.sends]
    texts = [text for text in (*sent, *row.headers.values()) if isinstance(text, str)]
    everything = page.text + str(page.headers.raw)
    return [text for text in texts if text in everything and _harms(text, row.shown)]


def _harms(text: str, shown: str) -> bool:
    """Whether a page that holds this text as it is would do what its sender wants."""
    return escape(text) != text or "evil" in text or not (text.isprintable() or text in shown)
