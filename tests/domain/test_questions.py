"""The pack: five questions in order, an event's own answers, and how an answer is said in a sentence."""

from service.domain.questions import ORDER, field_phrase, following, pack, preceding, spoken


def test_the_name_comes_last_and_nothing_comes_after_it() -> None:
    assert ORDER == ("passion", "field", "offer", "ask", "name")
    assert [following(question) for question in ORDER] == ["field", "offer", "ask", "name", "name"]
    assert [preceding(question) for question in ORDER] == ["passion", "passion", "field", "offer", "ask"]


def test_everything_but_the_name_can_be_skipped() -> None:
    assert [question.name for question in pack({}).values() if question.skip is None] == ["name"]


def test_offers_and_asks_are_about_the_same_topics() -> None:
    questions = pack({})
    assert questions["offer"].options == questions["ask"].options
    assert len(questions["offer"].options) == len(questions["passion"].options) == 12
    assert len(questions["field"].options) == 11


def test_a_career_decision_is_private_beforehand() -> None:
    assert pack({})["ask"].private_for == {"a-career-decision"}


def test_an_event_may_have_its_own_answers_and_they_are_said_as_typed() -> None:
    own = {"field": ["Data Science", "UX"], "help": ["Java"]}
    questions = pack(own)
    assert [option.label for option in questions["field"].options] == ["Data Science", "UX"]
    assert questions["ask"].options[0].value == "java"
    assert spoken(own, "java") == "Java"
    assert field_phrase(own, "data-science") == "Data Science"


def test_what_fills_the_days_reads_as_a_phrase() -> None:
    assert field_phrase({}, "caring-for-people") == "spends the day caring for people"
    assert field_phrase({}, "numbers-and-data") == "spends the day with numbers and data"
    assert field_phrase({}, "in-between-things") == "is in between things"
    assert field_phrase({}, None) is None
