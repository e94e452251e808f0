"""How long Thaw waits before something happens by itself. Seconds; a test may scale them all."""

from dataclasses import dataclass
from datetime import timedelta
from random import Random

LATE_PAIRS_NEED = timedelta(minutes=3)
"""A running round takes newcomers only while more than this is left of it."""
OVERTIME = timedelta(hours=12)
"""An event that nobody ends is over this long after its planned end."""
KEPT = timedelta(hours=24)
"""What was said at an event is deleted this long after its end: the promise on the name page."""
WRONG_TAPS = 3
"""Wrong numbers in a row before the confirm screen rests."""


@dataclass(frozen=True, slots=True)
class Delays:
    """Every delay but the round's own clock, times ``scale`` (1 outside tests)."""

    scale: float = 1.0

    def neutral(self, rng: Random) -> timedelta:
        """Until partners learn that somebody stepped out: 5–40 s, so that no cause can be told from the time."""
        return timedelta(seconds=rng.uniform(5, 40) * self.scale)

    @property
    def silence(self) -> timedelta:
        """How long the other phone may stay silent before a right number counts as a yes."""
        return timedelta(seconds=60 * self.scale)

    @property
    def before_thanks(self) -> timedelta:
        """How long people must have talked before thanks are offered."""
        return timedelta(seconds=60 * self.scale)

    @property
    def rest(self) -> timedelta:
        """How long the confirm screen rests after three wrong numbers."""
        return timedelta(seconds=30 * self.scale)
