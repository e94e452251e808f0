"""Signals: told apart across a hall."""

from collections import Counter

import pytest

from service.domain.signals import ANIMALS, COLOURS, PAIRS_PER_SPOT, Signal, assign, spots_for, words
from tests.domain.crowds import chance


def test_no_two_pairs_of_a_large_hall_hold_up_the_same_signal() -> None:
    fresh = assign(500, [], spots_for(500), chance(1))
    assert len(set(fresh)) == 500
    assert set(Counter(signal.spot for signal in fresh).values()) == {PAIRS_PER_SPOT}


def test_late_pairs_get_no_signal_that_is_taken() -> None:
    spots = spots_for(40)
    taken = assign(30, [], spots, chance(1))
    late = assign(10, taken, spots, chance(2))
    assert len({*taken, *late}) == 40
    assert set(Counter(signal.spot for signal in (*taken, *late)).values()) == {20}


def test_late_pairs_fill_the_spot_that_has_fewest() -> None:
    taken = [Signal("red", animal, "A") for animal in ANIMALS[:5]]
    assert {signal.spot for signal in assign(4, taken, ("A", "B"), chance(1))} == {"B"}


@pytest.mark.parametrize("count", range(1, 33))
def test_an_animal_comes_again_only_after_all_others_did(count: int) -> None:
    animals = Counter(signal.animal for signal in assign(count, [], ("A",), chance(count)))
    assert max(animals.values()) == -(-count // len(ANIMALS))


def test_a_taken_animal_waits_until_the_others_were_given() -> None:
    taken = [Signal("red", "fox", "A")]
    assert "fox" not in {signal.animal for signal in assign(7, taken, ("A",), chance(3))}


def test_a_spot_holds_thirty_two_signals_and_refuses_one_more() -> None:
    everything = assign(32, [], ("A",), chance(1))
    assert len(set(everything)) == len(COLOURS) * len(ANIMALS)
    with pytest.raises(ValueError, match="every signal"):
        assign(1, everything, ("A",), chance(1))


@pytest.mark.parametrize(
    ("pairs", "spots"),
    [(0, "A"), (1, "A"), (20, "A"), (21, "AB"), (320, "ABCDEFGHIJKLMNOP"), (321, "ABCDEFGHIJKLMNOPR")],
)
def test_there_is_a_spot_for_every_twenty_pairs_and_the_quiet_one_is_left_out(pairs: int, spots: str) -> None:
    assert spots_for(pairs) == tuple(spots)


def test_a_hall_of_five_thousand_has_spots_of_two_letters_after_z() -> None:
    spots = spots_for(2500)
    assert len(set(spots)) == 125
    assert spots[24:27] == ("Z", "AA", "AB")
    assert "Q" not in "".join(spots)


def test_the_same_chance_gives_the_same_signals() -> None:
    assert assign(12, [], ("A",), chance(4)) == assign(12, [], ("A",), chance(4))
    assert assign(12, [], ("A",), chance(4)) != assign(12, [], ("A",), chance(5))


def test_every_signal_has_words_of_its_own() -> None:
    said = {words(Signal(colour, animal, "A")) for colour in COLOURS for animal in ANIMALS}
    assert len(said) == 32
    assert words(Signal("yellow", "fox", "A")) == "Yellow fox"
