"""What a phone on a crowded Wi-Fi has to fetch: one small page for the first question, little more for all the rest."""

import pytest

from tests.journeys.devices import Devices
from tests.people import ADA, LEO, Evening, Visitor

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

FIRST_PAGE = 14_000
"""Bytes that fit into the first flight of a new connection, headers included."""
ALL_THE_REST = 60_000


def test_adas_first_question_is_one_small_request(evening: Evening, devices: Devices) -> None:
    ada = devices.phone().scan(evening.made["join"]).reads("What can you lose an hour in?")
    ada.page.wait_for_load_state("networkidle")
    assert ada.watch.requests == [evening.made["join"]]
    assert ada.page.locator("script, link[rel=stylesheet], img").count() == 0
    assert _weight(evening.stranger(), evening.made["join"]) < FIRST_PAGE


def test_ada_fetches_little_to_play_the_whole_evening(evening: Evening, devices: Devices) -> None:
    ada = devices.phone().join(evening.made["join"], ADA)
    (leo,) = evening.come(LEO)
    evening.start_round()
    ada.sees("matched").find().reads("Leo's phone is asking.")
    fetched = {address for address in ada.watch.requests if "/static/" in address}
    assert len(fetched) > 5
    assert "<svg" in leo.look().main
    assert sum(_weight(leo, address) for address in (*fetched, evening.address())) < ALL_THE_REST


def _weight(visitor: Visitor, address: str) -> int:
    """Bytes on the wire, headers included."""
    page = visitor.get(address)
    headers = "".join(f"{name}: {value}\r\n" for name, value in page.headers.items())
    return int(page.headers["content-length"]) + len(headers)
