"""Nudges from whoever wrote to whoever follows. Two calls; losing a nudge costs nothing but a moment."""

import asyncio
from collections.abc import Callable
from typing import Protocol

Hear = Callable[[frozenset[str]], None]


class Bus(Protocol):
    """Carries topics. ``announce`` may be called from any thread; ``hear`` is called on the event loop."""

    def announce(self, topics: frozenset[str]) -> None:
        """Say that these topics changed."""

    def listen(self, hear: Hear) -> None:
        """From now on, call ``hear`` with every set of topics announced."""


class MemoryBus:
    """The bus of a single process. Call ``listen`` on the event loop."""

    def __init__(self) -> None:
        self._listeners: list[tuple[asyncio.AbstractEventLoop, Hear]] = []

    def announce(self, topics: frozenset[str]) -> None:
        """Say that these topics changed."""
        for loop, hear in self._listeners:
            if not loop.is_closed():
                loop.call_soon_threadsafe(hear, topics)

    def listen(self, hear: Hear) -> None:
        """From now on, call ``hear`` with every set of topics announced."""
        self._listeners.append((asyncio.get_running_loop(), hear))
