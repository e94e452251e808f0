"""The four numbers of the confirm screen. Pure: the same draw gives the same numbers."""

from collections.abc import Sequence
from random import Random

from service.domain.delays import WRONG_TAPS

CHOICES = 4
SMALLEST_RANGE = 40
"""Decoys reach at least this far, so that a small room does not give itself away."""


def numbers_to_tap(mine: int, theirs: Sequence[int], newest: int, draw: str) -> tuple[int, ...]:
    """Four numbers in a random order: the partners' own and random ones, never mine.

    ``newest`` is the highest number given out; ``draw`` decides the choice, alike on every rendering.
    """
    chance = Random(draw)  # noqa: S311 not a secret: the true number is told aloud
    numbers = list(dict.fromkeys(theirs))
    highest = max(newest, SMALLEST_RANGE)
    while len(numbers) < CHOICES:
        number = chance.randint(1, highest)
        if number != mine and number not in numbers:
            numbers.append(number)
    chance.shuffle(numbers)
    return tuple(numbers)


def draw_of(meeting_id: int, attendee_id: int, wrong_taps: int) -> str:
    """What the numbers are drawn by: the same until three wrong taps, then others."""
    return f"{meeting_id}/{attendee_id}/{wrong_taps // WRONG_TAPS}"
