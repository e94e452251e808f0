"""Work off the event loop that is finished even if nobody waits for it any more. Knows no table."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

from anyio import CapacityLimiter, to_thread

Result = TypeVar("Result")


async def to_the_end(work: Callable[[], Result], limiter: CapacityLimiter | None = None) -> Result:
    """Run ``work`` in a thread. If the task is cancelled, wait for the thread: what it holds must be given back."""
    running = asyncio.ensure_future(to_thread.run_sync(work, limiter=limiter))
    try:
        return await asyncio.shield(running)
    except asyncio.CancelledError:
        await asyncio.wait({running})
        raise
