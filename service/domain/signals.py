"""Signals: a colour, an animal and a spot that two phones show alike. Pure: randomness is an argument."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import product
from random import Random

from service.domain.language import _

COLOURS = ("yellow", "sky", "night", "red")
ANIMALS = ("fox", "hedgehog", "octopus", "giraffe", "penguin", "bee", "swan", "dolphin")
PAIRS_PER_SPOT = 20
LETTERS = "ABCDEFGHIJKLMNOPRSTUVWXYZ"
"""Q is missing: it is the quiet spot."""


@dataclass(frozen=True, slots=True)
class Signal:
    """What one meeting shows on all its phones, and the letter of the spot where to hold it up."""

    colour: str
    animal: str
    spot: str


def spots_for(pairs: int) -> tuple[str, ...]:
    """The letters of the spots that ``pairs`` meetings need, one for each 20 begun, at least one: A, B … Z, AA, AB …"""
    names = [*LETTERS, *(first + second for first, second in product(LETTERS, repeat=2))]
    return tuple(names[: max(1, -(-pairs // PAIRS_PER_SPOT))])


def assign(count: int, taken: Collection[Signal], spots: Sequence[str], rng: Random) -> list[Signal]:
    """``count`` new signals, spread evenly over the spots, none of them ``taken`` or given twice.

    At one spot an animal comes again only after all others did. Raises ValueError if the spots hold no more.
    """
    given = {spot: Counter(signal.animal for signal in taken if signal.spot == spot) for spot in spots}
    used = set(taken)
    fresh = []
    for _number in range(count):
        spot = min(spots, key=lambda letter: given[letter].total())
        signal = _next(spot, given[spot], used, rng)
        given[spot][signal.animal] += 1
        used.add(signal)
        fresh.append(signal)
    return fresh


def words(signal: Signal) -> str:
    """The signal as people say it across a hall."""
    colours = {"yellow": _("Yellow"), "sky": _("Sky"), "night": _("Night"), "red": _("Red")}
    animals = {
        "fox": _("fox"),
        "hedgehog": _("hedgehog"),
        "octopus": _("octopus"),
        "giraffe": _("giraffe"),
        "penguin": _("penguin"),
        "bee": _("bee"),
        "swan": _("swan"),
        "dolphin": _("dolphin"),
    }
    return _("{colour} {animal}").format(colour=colours[signal.colour], animal=animals[signal.animal])


def _next(spot: str, given: Counter[str], used: set[Signal], rng: Random) -> Signal:
    free = [Signal(colour, animal, spot) for colour, animal in product(COLOURS, ANIMALS)]
    free = [signal for signal in free if signal not in used]
    if not free:
        raise ValueError("every signal of these spots is taken")
    fewest = min(given[signal.animal] for signal in free)
    return rng.choice([signal for signal in free if given[signal.animal] == fewest])
