"""What each screen shows, as frozen facts. No HTML, no queries: templates read these and nothing else."""

from dataclasses import dataclass
from datetime import datetime

from service.domain.lifecycle import AttendeeState, EventState
from service.domain.questions import Option


@dataclass(frozen=True, slots=True)
class EventView:
    """What everybody may know of an event. ``public_id`` stands in addresses and opens nothing."""

    public_id: str
    name: str
    state: EventState


@dataclass(frozen=True, slots=True)
class QuestionView:
    """One question with the answers already given, ``position`` of ``total`` (1-based)."""

    name: str
    title: str
    hint: str
    options: tuple[Option, ...]
    chosen: frozenset[str]
    private: bool
    skip: str | None
    position: int
    total: int


@dataclass(frozen=True, slots=True)
class PartnerView:
    """One other person of a meeting. ``field`` is a phrase such as "spends the day teaching", or None."""

    name: str
    number: int
    field: str | None


@dataclass(frozen=True, slots=True)
class SignalView:
    """Colour (yellow, sky, night, red), animal (fox …), its words ("Yellow fox") and the spot's letter."""

    colour: str
    animal: str
    words: str
    spot: str

    @property
    def mark(self) -> str:
        """The stable mark on the page, such as ``yellow-fox``."""
        return f"{self.colour}-{self.animal}"


@dataclass(frozen=True, slots=True)
class MeetingView:
    """One meeting as one of its people sees it, on the card and while talking.

    ``kind`` is the reason's kind. ``first_to_ask`` is None when the reader asks first, else a name.
    ``decoys`` are the numbers on the confirm screen, the true one among them. ``asked`` is "me" after my
    right tap, "them" when the other phone asks mine, else None; ``asker`` is who asks me. ``wrong`` says that I tapped
    a wrong number; ``resting`` that the numbers rest for half a minute after three wrong ones.
    """

    meeting: int
    partners: tuple[PartnerView, ...]
    kind: str
    reason: str
    question: str
    first_to_ask: str | None
    signal: SignalView
    decoys: tuple[int, ...]
    asked: str | None
    asker: str | None
    wrong: bool
    resting: bool

    @property
    def names(self) -> str:
        """The partners' names as they are said together."""
        return " & ".join(partner.name for partner in self.partners)


@dataclass(frozen=True, slots=True)
class ThanksView:
    """A thank-you that can still be written for a meeting, to ``names``; ``starters`` are sentences to begin with."""

    meeting: int
    names: str
    starters: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NoteView:
    """A thank-you received: whose, and their words."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class LobbyView:
    """Why nobody is on this screen right now, and what comes next.

    ``headline`` and ``because`` are sentences (invariant I5: a person has a partner or a reason);
    ``neutral`` marks the one line that every exit of a partner looks like; ``code`` is the reason's stable mark.
    """

    headline: str
    because: str
    neutral: bool
    code: str
    thanks: ThanksView | None
    notes: tuple[NoteView, ...]


@dataclass(frozen=True, slots=True)
class AttendeeScreen:
    """One attendee's whole current screen. Exactly the part that belongs to ``state`` is set.

    ``key`` goes into every form: the same for the same state of things, so a double tap is one effect.
    ``alert`` is a sentence for a person whose last request was refused.
    """

    event: EventView
    state: AttendeeState
    version: int
    key: str
    name: str | None
    number: int | None
    removed: bool = False
    promise: str = ""
    question: QuestionView | None = None
    lobby: LobbyView | None = None
    meeting: MeetingView | None = None
    thanks: ThanksView | None = None
    alert: str | None = None


@dataclass(frozen=True, slots=True)
class JoinScreen:
    """The first question, before anybody is anybody: what a scanned code opens."""

    event: EventView
    code: str
    key: str
    question: QuestionView
    alert: str | None = None


@dataclass(frozen=True, slots=True)
class RoundView:
    """The running round: its number, when it ends (UTC), and the time left in words."""

    number: int
    ends_at: datetime
    left: str


@dataclass(frozen=True, slots=True)
class LookingView:
    """A pair not yet together: their numbers, signal, and whole minutes since the card."""

    numbers: tuple[int, ...]
    signal: SignalView
    minutes: int


@dataclass(frozen=True, slots=True)
class HostScreen:
    """The organizer's event page. ``counts`` has a number for every attendee state but over.

    ``spots`` are the letters to put up signs for. ``links`` holds addresses shown this once (after creating or
    renewing), by name: organizer, wall.
    """

    event: EventView
    version: int
    key: str
    when: str
    code: str
    join_url: str
    join_words: str
    qr: str
    locked: bool
    counts: dict[str, int]
    advice: str
    spots: tuple[str, ...]
    rounds_run: int
    round: RoundView | None
    pairs: int
    together: int
    looking: tuple[LookingView, ...]
    links: dict[str, str]
    alert: str | None = None


@dataclass(frozen=True, slots=True)
class WallScreen:
    """What the projector shows: what to do now, the clock in words, the code. No names, no numbers of people."""

    event: EventView
    version: int
    code: str
    join_words: str
    qr: str
    say: str
    clock: str
    joined: int
    locked: bool
