"""How long a person takes before they tap: drawn once for each thing they are about to do."""

from random import Random
from time import perf_counter

from service.dev.crowd.habits import Habits
from service.dev.crowd.page import Screen


class Pace:
    """The pauses of one phone. A screen that changes meanwhile does not start the pause again."""

    def __init__(self, habits: Habits, rng: Random) -> None:
        self._habits = habits
        self._rng = rng
        self._plan: tuple[tuple[str, str], float, float] | None = None

    def left(self, action: str, screen: Screen) -> float:
        """Seconds until this is to be done, zero or less when it is time. Strangers among the partners get longer."""
        about = (action, screen.meeting)
        if self._plan is None or self._plan[0] != about:
            self._plan = (about, perf_counter(), self._draw(action))
        _about, since, pause = self._plan
        if self._habits.strangers(screen.partners):
            longer = {"found": self._habits.patience, "done": self._habits.with_stranger}
            pause = max(pause, longer.get(action, 0.0))
        return since + pause - perf_counter()

    def forget(self) -> None:
        """It was done; the next thing gets its own pause."""
        self._plan = None

    def _draw(self, action: str) -> float:
        if action == "done":
            return self._habits.meet + self._rng.uniform(0, 0.5)
        spans = {"confirm": self._habits.yes, "thank": self._habits.thanking, "leave": self._habits.thanking}
        return self._rng.uniform(*spans.get(action, self._habits.tapping))
