"""create_app(): puts the parts together. The only place, with the command line, that knows everybody."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from functools import partial

from anyio import to_thread
from fastapi import FastAPI
from fastapi.responses import HTMLResponse, Response
from fastapi.staticfiles import StaticFiles
from starlette.middleware.gzip import GZipMiddleware

from service.actions import clock
from service.database import Database
from service.domain.delays import Delays
from service.domain.language import _
from service.identity import WALL, Cookies, SameOrigin
from service.live.bus import MemoryBus
from service.live.follow import Follower, Viewer
from service.live.ticker import keep_ticking
from service.rendering import Renderer
from service.routes import attendee, home, hosting, organizer, probes, wall
from service.routes.headers import SafeHeaders
from service.routes.here import Here
from service.routes.refusing import refuse_with_pages
from service.settings import THREADS, Settings, asset_dir

TICK = 1.0
"""Seconds between looks at the clock; tests that scale the delays look as much more often."""
CLOCKS = 15.0
"""Seconds after which a dashboard's clock in words is drawn again."""
PACE = {organizer.KIND: 0.3, organizer.SLIDE: 0.3, WALL: 0.3}
"""Fewest seconds between two renders of one dashboard, however much happens."""

Frames = Callable[[Sequence[int]], Mapping[int, str]]


def create_app(settings: Settings) -> FastAPI:
    """The whole service for one configuration."""
    bus = MemoryBus()
    database = Database(settings.database_url, bus.announce)
    renderer = Renderer()
    follower = Follower(lambda viewers: _frames(here, viewers), PACE)
    here = Here(settings, database, renderer, follower, Cookies(settings), Delays(settings.test_delays))
    app = FastAPI(
        title="Thaw",
        lifespan=partial(_lifespan, bus=bus),
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    app.state.here = here
    for part in (home, attendee, hosting, organizer, wall, probes):
        app.include_router(part.router)
    app.add_api_route("/static/thaw.css", lambda: Response(renderer.assets.stylesheet, media_type="text/css"))
    app.mount("/static", StaticFiles(directory=asset_dir("static")))
    refuse_with_pages(app, renderer)
    app.add_middleware(GZipMiddleware, minimum_size=1024)
    app.add_middleware(SameOrigin, settings=settings, refusal=_foreign(renderer))
    app.add_middleware(SafeHeaders, https=settings.https)
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI, bus: MemoryBus) -> AsyncIterator[None]:
    here: Here = app.state.here
    to_thread.current_default_thread_limiter().total_tokens = THREADS
    bus.listen(here.follower.hear)
    tasks = [
        asyncio.create_task(here.follower.run()),
        asyncio.create_task(
            keep_ticking(partial(clock.tick, here.database, here.delays), max(TICK * here.delays.scale, 0.1))
        ),
        asyncio.create_task(keep_ticking(partial(clock.show_clocks, here.database), CLOCKS)),
    ]
    yield
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    here.database.close()


def _frames(here: Here, viewers: Sequence[Viewer]) -> dict[Viewer, str]:
    """Render viewers of every kind in bulk, each kind by the audience it belongs to."""
    kinds: dict[str, Frames] = {attendee.KIND: partial(attendee.frames, here)}
    kinds |= {kind: partial(organizer.frames, here, kind) for kind in (organizer.KIND, organizer.SLIDE, WALL)}
    wanted: dict[str, list[int]] = defaultdict(list)
    for viewer in viewers:
        wanted[viewer.kind].append(viewer.id)
    return {Viewer(kind, key): text for kind, ids in wanted.items() for key, text in kinds[kind](ids).items()}


def _foreign(renderer: Renderer) -> Callable[[], Response]:
    def refusal() -> Response:
        sentence = _("This form did not come from Thaw's own page. Open the page again.")
        page = renderer.page("refusals/page.html", title=_("Not this way"), sentence=sentence)
        return HTMLResponse(page, 403, {"Cache-Control": "no-store"})

    return refusal
