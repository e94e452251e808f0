"""What counts as a disagreement, what fails a run, and what the report says."""

from service.dev.crowd.page import screen_of
from service.dev.crowd.report import Report, spread
from service.dev.crowd.rounds import disagreements
from service.dev.crowd.sight import Card, Sight

REQUIRED = {
    *("people", "joined", "answered", "rounds", "cards_expected", "cards_received", "cards_with_reason"),
    *("card_ms", "join_ms", "disagreements", "errors"),
}


def _card(number: int, *partners: int, meeting: str = "1", signal: str = "yellow-fox") -> Card:
    return Card(number, meeting, partners, signal, "help", 0.0)


def test_two_who_name_each_other_agree_and_so_do_three() -> None:
    assert disagreements({1: _card(1, 2), 2: _card(2, 1)}) == []
    assert disagreements({1: _card(1, 2, 3), 2: _card(2, 1, 3), 3: _card(3, 1, 2)}) == []


def test_one_wrong_partner_is_one_disagreement_however_many_it_touches() -> None:
    shown = {
        1: _card(1, 3, meeting="1"),
        2: _card(2, 1, meeting="1"),
        3: _card(3, 4, meeting="2"),
        4: _card(4, 3, meeting="2"),
    }
    assert disagreements(shown) == ["Number 2 is to meet number 1, who is to meet number 3."]


def test_a_partner_outside_the_crowd_is_nobody_we_can_ask() -> None:
    assert disagreements({1: _card(1, 99)}) == []


def test_the_same_pair_with_two_meetings_or_two_signs_disagrees() -> None:
    assert len(disagreements({1: _card(1, 2), 2: _card(2, 1, meeting="2")})) == 1
    assert disagreements({1: _card(1, 2), 2: _card(2, 1, signal="red-owl")}) == [
        "Numbers 1 and 2 are to meet, but not by the same sign."
    ]


def test_who_is_named_but_told_that_there_is_nobody_disagrees() -> None:
    shown = {1: _card(1, 2), 2: None}
    assert disagreements(shown) == ["Number 1 is to meet number 2, who is told that there is nobody."]


def test_the_report_for_programs_has_every_figure_that_was_promised() -> None:
    report = Report(3, card_ms=[1.0, 2.0, 3.04], disagreed=["Numbers 1 and 2 …"])
    figures = report.as_json()
    assert figures.keys() >= REQUIRED
    assert figures["card_ms"] == {"p50": 2.0, "p95": 3.0, "p99": 3.0, "max": 3.0}
    assert figures["join_ms"] == {"p50": None, "p95": None, "p99": None, "max": None}
    assert figures["disagreements"] == 1


def test_percentiles_are_values_that_were_measured() -> None:
    assert spread(range(1, 101)) == {"p50": 50, "p95": 95, "p99": 99, "max": 100}


def test_a_run_fails_by_an_error_a_disagreement_or_a_card_nobody_explained() -> None:
    assert not Report(2, cards_expected=3, cards_received=2, told_why=1).failed
    assert Report(2, cards_expected=3, cards_received=2).failed
    assert Report(2, errors=["Ada …"]).failed
    assert Report(2, disagreed=["Numbers 1 and 2 …"]).failed


def test_the_report_for_people_names_the_first_troubles_and_counts_the_rest() -> None:
    told = Report(20, errors=[f"Phone {number} fell." for number in range(15)]).told()
    assert "Phone 11 fell." in told
    assert "Phone 12 fell." not in told
    assert "and 3 more" in told
    assert told.endswith("Something went wrong.")
    assert Report(1).told().endswith("Nothing went wrong.")


def _seen(sight: Sight, version: int, known: int, **marks: str) -> bool:
    said = {"data-state": "waiting"} | {f"data-{name}": value for name, value in marks.items()}
    attributes = "".join(f' {name}="{value}"' for name, value in said.items())
    return sight.take(screen_of(f'<main id="screen" data-version="{version}"{attributes}></main>'), known)


def _matched(meeting: str, partners: str, number: str = "3", state: str = "matched") -> dict[str, str]:
    card = {"state": state, "meeting": meeting, "partners": partners, "number": number}
    return card | {"signal": "sky-owl", "spot": "A", "reason": "help"}


def test_a_screen_overtaken_by_a_newer_one_is_ignored_but_one_that_goes_back_is_an_error() -> None:
    complaints: list[str] = []
    sight = Sight(complaints.append, lambda _number: None)
    assert _seen(sight, 7, 0)
    assert not _seen(sight, 6, 5)
    assert sight.version == 7
    assert complaints == []
    assert not _seen(sight, 6, 7)
    assert complaints == ["saw its screen go back from version 7 to 6"]


def test_nobody_is_given_the_same_partner_or_another_number_of_their_own() -> None:
    complaints: list[str] = []
    sight = Sight(complaints.append, lambda _number: None)
    _seen(sight, 1, 0, **_matched("1", "4,5"))
    _seen(sight, 2, 0, **_matched("1", "4", state="talking"))
    assert complaints == []
    assert [card.partners for card in sight.cards] == [(4,)]
    assert sight.memory.met == {"1"}
    _seen(sight, 3, 0, **_matched("2", "4"))
    _seen(sight, 4, 0, **_matched("3", "6", number="8"))
    assert complaints == ["was given number 4 a second time", "was suddenly called number 8"]
