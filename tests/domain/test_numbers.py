"""The four numbers of the confirm screen."""

from service.domain.numbers import draw_of, numbers_to_tap


def test_leos_number_is_among_four_and_adas_own_is_not() -> None:
    for meeting in range(200):
        numbers = numbers_to_tap(7, [12], draw_of(meeting, 1, 0))
        assert len(set(numbers)) == 4
        assert 12 in numbers
        assert 7 not in numbers


def test_the_same_draw_gives_the_same_numbers_and_three_wrong_taps_others() -> None:
    draws = [numbers_to_tap(7, [12], draw_of(3, 1, wrong)) for wrong in (0, 1, 2, 3)]
    assert draws[0] == draws[1] == draws[2]
    assert draws[3] != draws[0]


def test_the_true_number_has_no_favourite_place() -> None:
    places = [numbers_to_tap(7, [12], draw_of(meeting, 1, 0)).index(12) for meeting in range(400)]
    assert all(places.count(place) > 60 for place in range(4))


def test_in_a_trio_both_partners_numbers_can_be_tapped() -> None:
    assert {12, 13} <= set(numbers_to_tap(7, [12, 13], draw_of(1, 1, 0)))


def test_decoys_reach_as_far_as_the_numbers_of_a_large_room() -> None:
    drawn = {number for meeting in range(300) for number in numbers_to_tap(700, [900], draw_of(meeting, 1, 0))}
    assert max(drawn) > 900
    assert min(drawn) < 100
