"""The four numbers of the confirm screen. Pure: the same draw gives the same numbers."""

from collections.abc import Sequence
from random import Random

from service.domain.delays import WRONG_TAPS

CHOICES = 4
SMALLEST_RANGE = 64
"""Decoys reach at least this far, so that a small room does not give itself away."""


def numbers_to_tap(mine: int, theirs: Sequence[int], draw: str) -> tuple[int, ...]:
    """Four numbers in a random order: the partners' own and random ones, never mine.

    ``draw`` decides the choice. Nothing that happens in the room changes it: a number that stays
    while the others change would be known for the true one.
    """
    chance = Random(draw)  # noqa: S311 not a secret: the true number is told aloud
    numbers = list(dict.fromkeys(theirs))
    highest = max(SMALLEST_RANGE, 1 << max(mine, *theirs).bit_length())
    while len(numbers) < CHOICES:
        number = chance.randint(1, highest)
        if number != mine and number not in numbers:
            numbers.append(number)
    chance.shuffle(numbers)
    return tuple(numbers)


def draw_of(meeting_id: int, attendee_id: int, wrong_taps: int) -> str:
    """What the numbers are drawn by: the same until three wrong taps, then others."""
    return f"{meeting_id}/{attendee_id}/{wrong_taps // WRONG_TAPS}"
