"""How simulated people behave: how long they talk, how fast they tap, when they go home. Figures only."""

from dataclasses import dataclass

Span = tuple[float, float]
"""Shortest and longest pause, in seconds; each one is drawn evenly between them."""


@dataclass(frozen=True, slots=True)
class Habits:
    """The manner of one phone. All times are seconds.

    ``guests`` is the shared register of simulated numbers: each phone adds its own, and a partner who is not in it
    is a stranger, probably a person. None: everybody is taken for simulated. A stranger is given ``patience`` to tap
    first, ``yes`` is how fast they get an answer, and nobody says "we're done" to them before ``with_stranger``.
    ``leaves_after``: go home after that many meetings, or never.
    """

    meet: float = 5.0
    reading: Span = (0.02, 0.15)
    tapping: Span = (0.2, 1.5)
    yes: Span = (0.2, 1.5)
    thanking: Span = (0.2, 1.5)
    retry: float = 8.0
    silence: float = 35.0
    guests: set[int] | None = None
    patience: float = 12.0
    with_stranger: float = 240.0
    leaves_after: int | None = None

    def strangers(self, numbers: tuple[int, ...]) -> bool:
        """Whether somebody among these numbers is no simulated guest."""
        return self.guests is not None and not self.guests.issuperset(numbers)


def guest_habits(guests: set[int], *, meet: float = 60.0, leaves_after: int | None = 3) -> Habits:
    """Habits that a person who meets a simulated guest finds natural: unhurried, never the first to go."""
    return Habits(
        meet=meet,
        reading=(0.8, 2.5),
        tapping=(4.0, 9.0),
        yes=(1.5, 2.5),
        thanking=(3.0, 8.0),
        guests=guests,
        leaves_after=leaves_after,
    )
