"""What one phone has seen: its newest screen, its number, its cards. Reads nothing and presses nothing."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from time import perf_counter

from service.dev.crowd.acts import Memory
from service.dev.crowd.browser import Complain
from service.dev.crowd.page import Screen

AVAILABLE = frozenset({"waiting", "thanking"})
"""States in which a screen may show a card when the next round starts."""
MEETING = frozenset({"matched", "talking"})
GONE = frozenset({"left", "over"})


@dataclass(frozen=True, slots=True)
class Card:
    """Whom one phone was told to meet. ``at`` is when its screen showed it, in seconds of perf_counter."""

    number: int
    meeting: str
    partners: tuple[int, ...]
    signal: str
    reason: str
    at: float


class Sight:
    """The screens of one phone, in order. ``complain`` hears of anything that cannot be true."""

    def __init__(self, complain: Complain, meet_number: Callable[[int], None]) -> None:
        self.screen: Screen | None = None
        self.number: int | None = None
        self.cards: list[Card] = []
        self.memory = Memory()
        self._complain = complain
        self._meet_number = meet_number

    @property
    def state(self) -> str:
        """What the screen shows, such as ``waiting``; nothing before there was one."""
        return self.screen.state if self.screen else ""

    @property
    def version(self) -> int:
        """The version of the newest screen."""
        return self.screen.version if self.screen else 0

    def take(self, screen: Screen, known: int) -> bool:
        """Take over a newer screen; whether it was. ``known`` is a version seen before this one was asked for.

        One older than ``known`` is wrong. One older than the newest was only overtaken by another way of hearing.
        """
        if screen.version < known:
            self._complain(f"saw its screen go back from version {known} to {screen.version}")
        if screen.version < max(known, self.version):
            return False
        self.screen = screen
        if screen.number is not None:
            self._be(screen.number)
            if screen.state in MEETING:
                self._take_card(screen, screen.number)
        return True

    def _be(self, number: int) -> None:
        if self.number not in (None, number):
            self._complain(f"was suddenly called number {number}")
        self.number = number
        self._meet_number(number)

    def _take_card(self, screen: Screen, number: int) -> None:
        signal, reason = screen.marks["data-signal"], screen.marks["data-reason"]
        card = Card(number, screen.meeting, screen.partners, signal, reason, perf_counter())
        self.memory.last = card.meeting
        if screen.state == "talking":
            self.memory.met.add(card.meeting)
        if self.cards and self.cards[-1].meeting == card.meeting:
            self.cards[-1] = replace(card, at=self.cards[-1].at)
            return
        again = {partner for old in self.cards for partner in old.partners} & set(card.partners)
        if again:
            self._complain(f"was given number {min(again)} a second time")
        self.cards.append(card)
