"""Fixtures: a real Chromium, what people bring to an evening, and a Thaw whose delays leave a thumb time to tap."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from service.settings import Settings
from tests.journeys.devices import Devices, open_chromium
from tests.people import Phone
from tests.services import running, settings_for


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """One browser for the journeys of a file; every phone is a context of its own.

    Not one for all: as long as it is open, nothing else in this thread may run an event loop.
    """
    with open_chromium() as browser:
        yield browser


@pytest.fixture
def settings(database_url: str) -> Settings:
    """Six seconds instead of a minute until silence counts as a yes and until thanks are offered."""
    return settings_for(database_url, THAW_TEST_DELAYS=0.1)


@pytest.fixture
def thaw(settings: Settings) -> Iterator[str]:
    """A served Thaw without any event; gives its address."""
    with running(settings):
        yield settings.public_url


@pytest.fixture
def devices(chromium: Browser, settings: Settings) -> Iterator[Devices]:
    """Phones and desks. At the end no browser may have complained, or asked anybody but us for anything."""
    brought = Devices(chromium, settings.public_url)
    yield brought
    complaints = brought.complaints()
    brought.close()
    assert not complaints


@pytest.fixture
def callers() -> Iterator[list[Phone]]:
    """People whose phones speak HTTP without a browser; put them here and they hang up at the end."""
    brought: list[Phone] = []
    yield brought
    for phone in brought:
        phone.client.close()
