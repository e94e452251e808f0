"""What two or three people could be to each other."""

from dataclasses import replace

from service.domain.affinity import Reason, may_meet, rarity, reasons, same_field
from service.domain.profiles import History, Profile
from service.domain.worth import worth
from tests.domain.crowds import chance, drawn_room

ADA = Profile("Ada", field="teaching", offers=frozenset({"writing"}), passions=frozenset({"singing", "games"}))
LEO = Profile("Leo", field="studying", asks=frozenset({"writing"}), passions=frozenset({"singing", "games"}))
KIM = Profile("Kim", field="studying", passions=frozenset({"games"}))
SAM = Profile("Sam", passions=frozenset({"games"}))
NOOR = Profile("Noor", field="making-things", private_asks=frozenset({"writing"}))
ROOM = rarity([ADA, LEO, KIM, SAM, NOOR])


def test_leo_asked_for_what_ada_offers() -> None:
    assert reasons([ADA, LEO], ROOM) == {
        "Ada": Reason("help", "Leo", gives="writing"),
        "Leo": Reason("help", "Ada", gets="writing"),
    }


def test_help_that_flows_both_ways_is_one_reason() -> None:
    ada, leo = replace(ADA, asks=frozenset({"numbers"})), replace(LEO, offers=frozenset({"numbers"}))
    assert reasons([ada, leo], rarity([ada, leo])) == {
        "Ada": Reason("help-both", "Leo", gives="writing", gets="numbers"),
        "Leo": Reason("help-both", "Ada", gives="numbers", gets="writing"),
    }


def test_the_rarer_of_two_shared_passions_is_the_thread() -> None:
    found = reasons([ADA, replace(LEO, asks=frozenset())], ROOM)
    assert found["Ada"] == Reason("thread", "Leo", thread="singing", apart=True)
    assert found["Leo"] == Reason("thread", "Ada", thread="singing", apart=True)


def test_the_topic_that_fewest_offer_is_named() -> None:
    two = frozenset({"a", "b"})
    helper, asker, another = Profile("Ada", offers=two), Profile("Leo", asks=two), Profile("Kim", offers=frozenset("a"))
    assert reasons([helper, asker], rarity([helper, asker, another]))["Leo"].gets == "b"


def test_two_of_one_field_have_no_thread_and_an_unknown_field_is_not_called_different() -> None:
    assert reasons([LEO, KIM], ROOM) == {"Leo": Reason("honest"), "Kim": Reason("honest")}
    assert reasons([KIM, SAM], ROOM)["Kim"] == Reason("thread", "Sam", thread="games", apart=False)


def test_noor_reads_of_her_private_ask_only_where_ada_reads_something_else() -> None:
    assert reasons([ADA, NOOR], ROOM) == {"Ada": Reason("honest"), "Noor": Reason("honest")}
    singer = replace(NOOR, passions=frozenset({"singing"}))
    assert reasons([ADA, singer], ROOM) == {
        "Ada": Reason("thread", "Noor", thread="singing", apart=True),
        "Noor": Reason("private-help", "Ada", gets="writing"),
    }


def test_a_private_ask_comes_after_open_help() -> None:
    noor = replace(NOOR, asks=frozenset({"numbers"}))
    ada = replace(ADA, offers=frozenset({"writing", "numbers"}))
    assert reasons([ada, noor], rarity([ada, noor]))["Noor"] == Reason("help", "Ada", gets="numbers")


def test_two_private_asks_that_fit_each_other_stay_unsaid() -> None:
    one = Profile("Noor", offers=frozenset({"writing"}), private_asks=frozenset({"numbers"}))
    other = Profile("Mara", offers=frozenset({"numbers"}), private_asks=frozenset({"writing"}))
    assert {reason.kind for reason in reasons([one, other], rarity([one, other])).values()} == {"honest"}


def test_in_a_trio_each_has_a_reason_with_one_of_the_others() -> None:
    found = reasons([ADA, LEO, SAM], ROOM)
    assert found["Ada"] == Reason("help", "Leo", gives="writing")
    assert found["Leo"] == Reason("help", "Ada", gets="writing")
    assert found["Sam"] == Reason("thread", "Ada", thread="games")


def test_in_a_trio_a_private_ask_needs_a_helper_whose_reason_may_be_with_the_third() -> None:
    assert reasons([ADA, LEO, NOOR], ROOM)["Noor"] == Reason("private-help", "Ada", gets="writing")
    assert reasons([ADA, replace(LEO, asks=frozenset(), passions=frozenset()), NOOR], ROOM)["Noor"] == Reason("honest")


def test_a_passion_is_worth_more_the_fewer_share_it() -> None:
    people = [Profile(number, passions=frozenset({"games"} if number < 20 else {"singing"})) for number in range(100)]
    people[50] = Profile(50, passions=frozenset({"cooking"}))
    room = rarity(people)
    assert [room.points(passion) for passion in ("games", "singing", "cooking")] == [2, 1, 15]


def test_one_field_is_one_only_if_all_of_it_is_known() -> None:
    assert same_field([LEO, KIM])
    assert not same_field([LEO, ADA])
    assert not same_field([SAM, replace(SAM, id="Ivo")])
    assert not same_field([LEO, KIM, SAM])
    assert not same_field([LEO, KIM, ADA])


def test_people_may_meet_who_have_a_language_a_place_and_a_phone_between_them() -> None:
    for seed in range(200):
        people, _past = drawn_room(chance(seed), 6)
        of = worth(people, History(), rarity(people))
        for row, one in enumerate(people):
            for column, other in enumerate(people):
                assert of.allowed[row, column] == (one is not other and may_meet(one, other))


def test_worth_and_cards_agree_on_who_has_a_reason() -> None:
    for seed in range(200):
        people, past = drawn_room(chance(seed), 6)
        room = rarity(people)
        of = worth(people, past, room)
        for row, one in enumerate(people):
            for column, other in enumerate(people[:row]):
                kinds = {reason.kind for reason in reasons([one, other], room).values()}
                assert of.reason[row, column] == ("honest" not in kinds)
                assert (of.value[row, column] >= 30) == (not kinds.isdisjoint({"help-both", "help", "private-help"}))
