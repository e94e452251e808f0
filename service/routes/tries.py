"""Limits that count failures: how often somebody may be wrong before they wait."""

from limits import parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter


class Tries:
    """So many failures per time, such as ``5/minute``, for each who."""

    def __init__(self, rate: str) -> None:
        self._rate = parse(rate)
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    def left(self, who: str) -> bool:
        """Whether they may try once more."""
        return self._limiter.test(self._rate, who)

    def count(self, who: str) -> None:
        """They were wrong."""
        self._limiter.hit(self._rate, who)
