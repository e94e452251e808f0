"""The QR code, compared with another library's drawing of the same link."""

import re

import segno

from service.qr import QUIET_ZONE, svg
from service.screens.event import join_url

LINK = join_url("https://thaw.example", "ABCDEFGH")


def modules(drawing: str) -> list[list[int]]:
    """The dark and light modules that an SVG of ours draws."""
    size = int(re.findall(r'viewBox="0 0 (\d+)', drawing)[0])
    dark = [[0] * size for _row in range(size)]
    for x, y, width in re.findall(r"M(\d+) (\d+)h(\d+)v1", drawing):
        for offset in range(int(width)):
            dark[int(y)][int(x) + offset] = 1
    return dark


def test_the_code_holds_the_join_link_in_capitals_with_its_quiet_zone() -> None:
    assert LINK == "HTTPS://THAW.EXAMPLE/J/ABCDEFGH"
    drawn = modules(svg(LINK))
    inner = [row[QUIET_ZONE:-QUIET_ZONE] for row in drawn[QUIET_ZONE:-QUIET_ZONE]]
    masks = [segno.make(LINK, error="m", boost_error=False, micro=False, mask=mask) for mask in range(8)]
    assert inner in [[list(row) for row in code.matrix] for code in masks]
    assert not any(any(row) for row in drawn[:QUIET_ZONE] + drawn[-QUIET_ZONE:])
    assert not any(any(row[:QUIET_ZONE] + row[-QUIET_ZONE:]) for row in drawn)


def test_a_short_address_makes_a_code_of_25_modules() -> None:
    assert len(modules(svg(LINK))) == 25 + 2 * QUIET_ZONE
