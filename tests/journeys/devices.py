"""Phones and desks: contexts of one real Chromium, each with somebody's hand on it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

from playwright.sync_api import Browser, BrowserContext, sync_playwright

from tests.journeys.hand import Hand, Thumb
from tests.journeys.line import Line
from tests.journeys.watch import Watch

QUIETLY = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
SETTLE = 100
"""Milliseconds in which the browser tells the last of what it has to say."""


@contextmanager
def open_chromium(*more: str) -> Iterator[Browser]:
    """The browser that ``CHROMIUM`` names, or the distribution's, with ``more`` of its flags."""
    program = os.environ.get("CHROMIUM") or "/usr/bin/chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=[*QUIETLY, *more])
        yield browser
        browser.close()


class Devices:
    """Whatever people bring to one evening at ``base``. Ask for ``complaints`` before you close it."""

    def __init__(self, chromium: Browser, base: str) -> None:
        self._chromium = chromium
        self._base = base
        self._contexts: list[BrowserContext] = []
        self._watches: list[Watch] = []

    def phone(
        self,
        width: int = 390,
        height: int = 844,
        scripts: bool = True,
        line: Line | None = None,
        scheme: Literal["light", "dark"] = "light",
    ) -> Thumb:
        """A phone of its own, with its own cookies, and on its own line if one is given."""
        context = self._chromium.new_context(
            viewport={"width": width, "height": height},
            device_scale_factor=2,
            is_mobile=True,
            has_touch=True,
            java_script_enabled=scripts,
            color_scheme=scheme,
            proxy={"server": line.proxy} if line else None,
        )
        watch = self._keep(context, cut=line is not None)
        return Thumb(context.new_page(), watch)

    def desk(self, width: int = 1440, height: int = 900) -> Hand:
        """A computer, or a projector."""
        context = self._chromium.new_context(viewport={"width": width, "height": height})
        watch = self._keep(context)
        return Hand(context.new_page(), watch)

    def tab(self, phone: Thumb) -> Thumb:
        """One more tab on the same phone."""
        return Thumb(phone.page.context.new_page(), phone.watch)

    def complaints(self) -> list[str]:
        """Everything any browser complained about, and every address it asked for that is not ours."""
        for context in self._contexts:
            for page in context.pages[:1]:
                page.wait_for_timeout(SETTLE)
        return [line for watch in self._watches for line in (*watch.complaints, *watch.foreign)]

    def close(self) -> None:
        """Put everything away."""
        for context in self._contexts:
            context.close()

    def _keep(self, context: BrowserContext, cut: bool = False) -> Watch:
        self._contexts.append(context)
        self._watches.append(Watch(context, self._base, cut))
        return self._watches[-1]
