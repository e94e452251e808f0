"""Calls ``tick`` again and again, off the event loop. What time does to an event is decided elsewhere."""

import asyncio
import logging
from collections.abc import Callable

from service.live.threads import to_the_end

log = logging.getLogger(__name__)


async def keep_ticking(tick: Callable[[], None], every: float) -> None:
    """Run ``tick`` in a thread every ``every`` seconds until cancelled. A failing tick is logged and tried again."""
    while True:
        await asyncio.sleep(every)
        try:
            await to_the_end(tick)
        except Exception:
            log.exception("the clock missed a beat")
