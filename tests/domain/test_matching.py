"""Rounds: held to an oracle that tries every one, and to what people would notice."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.domain.affinity import rarity, same_field
from service.domain.matching import MOST_VALUE, Pairing, Scale, pair_up
from service.domain.profiles import History, Id, Profile
from service.domain.worth import candidates, corners, most_meetings, worth
from tests.domain.crowds import chance, crowd, drawn_room
from tests.domain.oracle import Oracle, Round

ROOMS = 1000
ADA = Profile("Ada", field="teaching", offers=frozenset({"a-computer-problem"}))
LEO = Profile("Leo", field="making-things", asks=frozenset({"a-computer-problem"}))
MARA = Profile("Mara", field="studying", passions=frozenset({"singing"}))
NOOR = Profile("Noor", field="teaching", passions=frozenset({"singing"}))
KIM = Profile("Kim", field="studying")
SAM = Profile("Sam")


def seating(pairing: Pairing) -> Round:
    return frozenset(frozenset(group) for group in pairing.groups), pairing.over


def together(pairing: Pairing) -> set[frozenset[Id]]:
    return {frozenset((one, two)) for group in pairing.groups for one in group for two in group if one != two}


def bars(*pairs: tuple[Profile, Profile]) -> History:
    return History(barred={frozenset((one.id, two.id)) for one, two in pairs})


def fields(people: Sequence[Profile], pairing: Pairing) -> int:
    known = {person.id: person for person in people}
    return sum(same_field([known[person] for person in group]) for group in pairing.groups)


def test_no_round_among_a_thousand_small_ones_could_have_been_better() -> None:
    different = []
    for seed in range(ROOMS):
        people, past = drawn_room(chance(seed), 1 + seed % 8)
        oracle = Oracle(people, past)
        found, right = seating(pair_up(people, past, chance(seed))), oracle.rounds()
        if found not in right:
            different.append((seed, oracle.levels(found), [oracle.levels(one) for one in right]))
    assert different == []


def test_nobody_is_left_out_who_could_sit_somewhere() -> None:
    for seed in range(300):
        people, past = drawn_room(chance(seed), 3 + seed % 6)
        pairing = pair_up(people, past, chance(seed))
        assert sum(map(len, pairing.groups)) == Oracle(people, past).most_placed()


def test_everybody_is_in_one_group_or_left_out_and_barred_people_never_meet() -> None:
    for seed in range(300):
        people, past = drawn_room(chance(seed), seed % 9)
        pairing = pair_up(people, past, chance(seed))
        placed = [person for group in pairing.groups for person in group]
        assert sorted([*placed, *pairing.left_out], key=str) == sorted((person.id for person in people), key=str)
        assert not together(pairing) & past.barred


def test_an_empty_hall_makes_no_meeting() -> None:
    assert pair_up([], History(), chance(1)) == Pairing((), (), None)


def test_ada_alone_is_over_and_left_out() -> None:
    assert pair_up([ADA], History(), chance(1)) == Pairing((), ("Ada",), "Ada")


def test_two_people_meet() -> None:
    assert pair_up([ADA, LEO], History(), chance(1)) == Pairing((("Ada", "Leo"),), (), None)


def test_two_people_who_came_together_both_wait() -> None:
    assert pair_up([ADA, LEO], bars((ADA, LEO)), chance(1)) == Pairing((), ("Ada", "Leo"), None)


def test_three_people_make_one_trio_and_who_was_over_is_named_last() -> None:
    pairing = pair_up([ADA, LEO, MARA], History(), chance(1))
    assert pairing.left_out == ()
    assert pairing.groups[0][2] == pairing.over


def test_four_people_with_a_bar_make_no_trio() -> None:
    pairing = pair_up([ADA, LEO, MARA, NOOR], bars((ADA, LEO), (ADA, MARA), (ADA, NOOR)), chance(1))
    assert [len(group) for group in pairing.groups] == [2]
    assert len(pairing.left_out) == 2
    assert "Ada" in pairing.left_out


def test_when_all_are_barred_from_each_other_all_are_left_out() -> None:
    people = [ADA, LEO, MARA, NOOR, KIM]
    pairing = pair_up(people, bars(*((one, two) for one in people for two in people if one is not two)), chance(1))
    assert pairing.groups == ()
    assert pairing.left_out == ("Ada", "Leo", "Mara", "Noor", "Kim")
    assert pairing.over in pairing.left_out


@pytest.mark.parametrize("size", [60, 999, 1000])
def test_nobody_meets_where_nobody_has_a_phone(size: int) -> None:
    people = [replace(person, phone=False) for person in crowd(chance(1), size)]
    pairing = pair_up(people, History(), chance(1))
    assert pairing.groups == ()
    assert len(pairing.left_out) == size


def test_a_person_without_a_phone_meets_one_who_has_one() -> None:
    people = [replace(ADA, phone=False), replace(LEO, phone=False), MARA, NOOR]
    pairing = pair_up(people, History(), chance(1))
    assert pairing.left_out == ()
    assert frozenset(("Ada", "Leo")) not in together(pairing)


def test_people_without_a_common_language_wait_and_silence_about_it_fits_all() -> None:
    english, german = replace(ADA, languages=frozenset({"en"})), replace(LEO, languages=frozenset({"de"}))
    assert pair_up([english, german], History(), chance(1)).groups == ()
    assert pair_up([english, LEO], History(), chance(1)).groups == (("Ada", "Leo"),)


def test_people_bound_to_different_places_do_not_meet() -> None:
    assert pair_up([replace(ADA, place="A"), replace(LEO, place="B")], History(), chance(1)).groups == ()
    assert pair_up([replace(ADA, place="A"), LEO], History(), chance(1)).groups == (("Ada", "Leo"),)


@pytest.mark.parametrize("size", [2, 31, 60])
@pytest.mark.parametrize("field", ["teaching", None])
def test_a_hall_of_one_field_or_of_none_known_is_placed_whole(size: int, field: str | None) -> None:
    people = [replace(person, field=field) for person in crowd(chance(1), size)]
    pairing = pair_up(people, History(), chance(1))
    assert pairing.left_out == ()
    assert fields(people, pairing) == (len(pairing.groups) if field else 0)


@pytest.mark.parametrize("share", [0.55, 0.8])
@pytest.mark.parametrize("size", [200, 1000])
def test_with_one_large_field_only_those_meet_within_it_who_must(share: float, size: int) -> None:
    large = round(size * share)
    people = [
        replace(person, field="teaching" if number < large else f"field {number % 4}")
        for number, person in enumerate(crowd(chance(2), size))
    ]
    pairing = pair_up(people, History(), chance(2))
    assert pairing.left_out == ()
    assert fields(people, pairing) == (large - (size - large)) // 2


def test_ada_is_never_paired_with_the_same_person_twice() -> None:
    people, past, met = crowd(chance(3), 10), History(), Counter[frozenset[Id]]()
    for number in range(12):
        pairing = pair_up(people, past, chance(number))
        met.update(together(pairing))
        past.remember(pairing.groups, pairing.left_out, pairing.over, {})
    assert max(met.values()) == 1
    assert pairing.groups == ()


def test_whoever_was_third_or_left_out_is_not_over_again_while_others_were_not() -> None:
    people, past = crowd(chance(4), 9), History()
    for number in range(4):
        pairing = pair_up(people, past, chance(number))
        past.remember(pairing.groups, pairing.left_out, pairing.over, {})
    assert sorted(past.over.values()) == [1, 1, 1, 1]


def test_of_those_who_may_be_left_out_it_is_not_the_one_left_out_last_time() -> None:
    past = bars((ADA, LEO), (ADA, MARA), (LEO, MARA))
    past.over, past.left_out_last = {"Leo": 1, "Mara": 1, "Ada": 5}, {"Leo", "Mara"}
    for seed in range(20):
        assert "Ada" in pair_up([ADA, LEO, MARA, NOOR], past, chance(seed)).left_out


def test_kim_who_asked_for_one_to_one_is_not_the_third() -> None:
    people = [replace(KIM, prefers="pair"), replace(ADA, prefers="trio"), LEO, MARA, replace(NOOR, prefers="pair")]
    for seed in range(20):
        pairing = pair_up(people, History(), chance(seed))
        assert pairing.over == "Ada"
        trio = next(group for group in pairing.groups if len(group) == 3)
        assert len({"Kim", "Noor"} & set(trio)) < 2


def test_the_seat_passes_on_when_nobody_can_take_the_first_one_over() -> None:
    past = bars((ADA, LEO), (ADA, MARA), (ADA, NOOR), (ADA, KIM))
    past.over = {"Leo": 1, "Mara": 1, "Noor": 1, "Kim": 1}
    pairing = pair_up([ADA, LEO, MARA, NOOR, KIM], past, chance(1))
    assert pairing.over == "Ada"
    assert pairing.left_out == ("Ada",)
    past.barred.discard(frozenset(("Ada", "Kim")))
    pairing = pair_up([ADA, LEO, MARA, NOOR, KIM], past, chance(1))
    assert pairing.over != "Ada"
    assert pairing.left_out == ()


def test_a_private_ask_is_worth_nothing_where_it_would_be_the_only_reason() -> None:
    asker = replace(KIM, private_asks=frozenset({"a-career-decision"}))
    helper = replace(SAM, offers=frozenset({"a-career-decision"}))
    found = worth([asker, helper], History(), rarity([asker, helper]))
    assert found.value[0, 1] == 0
    assert not found.reason[0, 1]


def test_help_both_ways_beats_help_one_way_beats_a_thread() -> None:
    asker = replace(LEO, offers=frozenset({"learning-a-language"}))
    helper = replace(ADA, asks=frozenset({"learning-a-language"}))
    people = [helper, asker, LEO, ADA, MARA, NOOR]
    values = worth([replace(person, id=str(number)) for number, person in enumerate(people)], History(), rarity(people))
    assert values.value[0, 1] == 50
    assert values.value[0, 2] == 30
    assert values.value[4, 5] == 1
    assert values.value[3, 4] == 0


def test_whoever_is_owed_most_gets_the_helper() -> None:
    asks = frozenset({"a-computer-problem"})
    people = [ADA, LEO, replace(KIM, asks=asks), SAM]
    for past in (History(weaker={"Kim": 1}), History(honest_last={"Kim"}), History(over={"Kim": 1})):
        assert frozenset(("Ada", "Kim")) in together(pair_up(people, past, chance(1)))
    assert frozenset(("Ada", "Leo")) in together(pair_up(people, History(weaker={"Leo": 1}), chance(1)))


def test_the_same_seed_gives_the_same_round_in_whatever_order_people_came() -> None:
    for size in (31, 500):
        people = crowd(chance(5), size)
        again = pair_up(people, History(), chance(9))
        assert pair_up(people, History(), chance(9)) == again
        assert seating(pair_up(people[::-1], History(), chance(9))) == seating(again)
        assert seating(pair_up(people, History(), chance(10))) != seating(again)


def test_a_hall_of_nine_hundred_and_ninety_nine_is_placed_whole_three_times() -> None:
    people, past = crowd(chance(6), 999), History()
    for number in range(3):
        pairing = pair_up(people, past, chance(number))
        past.remember(pairing.groups, pairing.left_out, pairing.over, {})
        assert pairing.left_out == ()
        assert Counter(map(len, pairing.groups)) == {2: 498, 3: 1}
        assert fields(people, pairing) == 0
    assert len(past.barred) == 3 * (498 + 3)


def test_everybody_in_a_large_hall_keeps_their_best_own_field_and_drawn_partners() -> None:
    people = crowd(chance(7), 500)
    of = worth(people, History(), rarity(people))
    first, second = candidates(of, 1)
    near = Counter([*first.tolist(), *second.tolist()])
    within = Counter([*first[of.same[first, second]].tolist(), *second[of.same[first, second]].tolist()])
    assert min(near.values()) >= 24
    assert min(within.values()) >= 8
    assert of.allowed[first, second].all()
    assert (first < second).all()


def test_two_halves_of_a_hall_without_a_common_language_are_each_placed() -> None:
    people = [
        replace(person, languages=frozenset({"en" if number < 201 else "de"}))
        for number, person in enumerate(crowd(chance(8), 402))
    ]
    assert most_meetings(worth(people, History(), rarity(people)), people) == 200
    assert len(pair_up(people, History(), chance(1)).left_out) == 2


def test_only_people_in_a_triangle_can_sit_in_a_trio() -> None:
    people = [ADA, LEO, MARA, NOOR, KIM]
    past = bars((ADA, MARA), (ADA, NOOR), (ADA, KIM), (LEO, KIM))
    assert corners(worth(people, past, rarity(people))) == [1, 2, 3, 4]


sums = st.integers(1, 3000).flatmap(
    lambda edges: st.integers(0, 10**9).flatmap(
        lambda earlier: st.tuples(
            st.just((edges, earlier)),
            *[
                st.tuples(
                    st.integers(0, 2 * edges),
                    st.integers(0, 1),
                    st.integers(0, earlier),
                    st.integers(0, 1),
                    st.integers(0, edges),
                    st.integers(0, edges),
                    st.integers(0, MOST_VALUE * edges),
                )
            ]
            * 2,
        )
    )
)


@settings(max_examples=300, deadline=None)
@given(sums)
def test_no_sum_of_lower_levels_ever_outweighs_a_higher_one(
    drawn: tuple[tuple[int, int], tuple[int, ...], tuple[int, ...]],
) -> None:
    bounds, one, other = drawn
    scale = Scale.of(*bounds)

    def weight(sums: tuple[int, ...]) -> int:
        last, pair, earlier, trio, across, reason, value = sums
        return int(scale.meeting(value, reason, across, earlier, 0) + scale.seat(trio, pair, last))

    assert (weight(one) > weight(other)) == (one > other)
    assert (weight(one) == weight(other)) == (one == other)
    assert max(weight(one), weight(other)) < scale.total


def test_the_greatest_sums_a_level_can_reach_stay_below_one_step_of_the_next() -> None:
    scale = Scale.of(7, 3)
    below = 0
    for step, most in (
        (1, MOST_VALUE * 7),
        (scale.reason, 7),
        (scale.across, 7),
        (scale.trio, 1),
        (scale.earlier, 3),
        (scale.pair, 1),
        (scale.last, 14),
    ):
        assert below < step
        below += step * most
    assert below < scale.total


def test_earlier_times_decide_even_where_weights_outgrow_the_machine() -> None:
    often = 2**60
    past = bars((ADA, LEO), (ADA, MARA), (LEO, MARA))
    past.over = {"Ada": often, "Leo": often + 1, "Mara": often + 1}
    pairing = pair_up([ADA, LEO, MARA, NOOR], past, chance(1))
    assert "Ada" in pairing.left_out
    assert len(pairing.groups) == 1


def test_weights_beyond_the_solver_are_refused() -> None:
    assert Scale.of(2500, 2**40).total < 2**126
    with pytest.raises(OverflowError):
        Scale.of(2500, 2**100)
