"""From answers to a profile, and what is remembered between rounds."""

from service.domain.profiles import History, Id, Profile, profile


def test_ada_is_what_she_answered() -> None:
    answers = [
        ("passion", ["singing", "games"], False),
        ("field", ["teaching"], False),
        ("offer", ["thinking-out-loud"], False),
        ("ask", ["a-computer-problem"], False),
    ]
    assert profile("Ada", answers) == Profile(
        "Ada",
        field="teaching",
        passions=frozenset({"singing", "games"}),
        offers=frozenset({"thinking-out-loud"}),
        asks=frozenset({"a-computer-problem"}),
    )


def test_what_noor_asked_in_private_is_no_open_ask() -> None:
    noor = profile("Noor", [("ask", ["a-career-decision"], True)])
    assert noor.asks == frozenset()
    assert noor.private_asks == {"a-career-decision"}


def test_an_ask_made_both_ways_stays_private() -> None:
    both = frozenset({"a-career-decision"})
    assert Profile("Noor", asks=both, private_asks=both).open_asks == frozenset()


def test_a_stranger_who_skipped_everything_is_only_an_id() -> None:
    assert profile("stranger", []) == Profile("stranger")
    assert profile("stranger", [("field", [], False), ("ask", [], False)]) == Profile("stranger")


def test_being_in_between_things_is_a_field_not_known() -> None:
    assert profile("Sam", [("field", ["in-between-things"], False)]).field is None


def test_a_round_is_remembered() -> None:
    past = History()
    kinds: dict[Id, str] = {"Ada": "help", "Leo": "help", "Mara": "honest", "Noor": "thread", "Kim": "thread"}
    past.remember([("Ada", "Leo"), ("Mara", "Noor", "Kim")], ["Sam"], "Kim", kinds)
    met = [("Ada", "Leo"), ("Mara", "Noor"), ("Mara", "Kim"), ("Noor", "Kim")]
    assert past.barred == {frozenset(two) for two in met}
    assert past.over == {"Kim": 1, "Sam": 1}
    assert past.left_out_last == {"Sam"}
    assert past.weaker == {"Mara": 1}
    assert past.honest_last == {"Mara"}


def test_the_next_round_replaces_what_was_newest_and_adds_to_what_is_counted() -> None:
    past = History(over={"Kim": 1}, left_out_last={"Sam"}, weaker={"Mara": 1}, honest_last={"Mara", "Sam"})
    past.remember([("Mara", "Kim")], ["Leo"], "Leo", {"Mara": "help", "Kim": "honest"})
    assert past.over == {"Kim": 1, "Leo": 1}
    assert past.left_out_last == {"Leo"}
    assert past.weaker == {"Mara": 1, "Kim": 1}
    assert past.honest_last == {"Kim", "Sam"}
