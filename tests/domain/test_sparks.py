"""The sentence and the first question on the card: true, short, and silent about what was asked in private."""

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

import pytest

from service.domain.affinity import rarity
from service.domain.profiles import Id, Profile
from service.domain.sparks import WORDINGS, Spark, question, sentence, strike
from tests.domain.claims import SENTENCES, claims, is_true
from tests.domain.crowds import LABELS, PASSION_IDS, TOPIC_IDS, chance, drawn_room

CAREER = "a-career-decision"
WRITING = "a-second-pair-of-eyes-on-writing"
ADA = Profile("Ada", field="teaching", passions=frozenset({"singing"}), offers=frozenset({CAREER, WRITING}))
LEO = Profile("Leo", field="making-things", passions=frozenset({"singing"}), private_asks=frozenset({CAREER}))
SAM = Profile("Sam")


def label(answer: str) -> str:
    return LABELS.get(answer, answer)


def cards(group: Sequence[Profile], everyone: Sequence[Profile], seed: int = 1) -> dict[Id, Spark]:
    return strike(group, rarity(everyone), chance(seed))


def read(spark: Spark) -> tuple[str, str]:
    return sentence(spark, str(spark.about), label), question(spark, label)


def drawn_groups() -> list[tuple[list[Profile], list[Profile], int]]:
    """Two or three people each, the room they are from, and a seed."""
    groups = []
    for seed in range(1500):
        people, _past = drawn_room(chance(seed), 6)
        groups.append((people[: 2 + seed % 2], people, seed))
    return groups


def test_every_sentence_is_entailed_by_what_both_answered() -> None:
    seen = set()
    for group, people, seed in drawn_groups():
        for reader, spark in cards(group, people, seed).items():
            text = sentence(spark, str(spark.about), label)
            found = claims(text)
            assert [claim.kind for claim in found] == [spark.kind], text
            me = next(person for person in group if person.id == reader)
            partner = next((person for person in group if person.id == spark.about), SAM)
            assert is_true(found[0], me, partner), text
            seen.add((spark.kind, spark.wording))
    assert seen == {(kind, wording) for kind in SENTENCES for wording in range(WORDINGS)}


def test_the_checker_sees_through_a_sentence_that_is_not_so() -> None:
    for untrue in (
        "Leo asked about a career decision. You said you could help with that.",
        "You asked about a career decision. Leo offered exactly that.",
        "Only you see this: you asked about a career decision, and Leo offered a hand.",
        "You both cook, and your days look nothing alike.",
    ):
        (claim,) = claims(untrue)
        assert not is_true(claim, ADA, LEO), untrue
    (claim,) = claims("You both sing, and your days look nothing alike.")
    assert is_true(claim, ADA, LEO)
    assert not is_true(claim, ADA, replace(LEO, field="teaching"))
    assert not is_true(claim, ADA, replace(LEO, field=None))


def test_what_one_asks_in_private_changes_nobody_elses_card() -> None:
    silenced = 0
    for group, people, seed in drawn_groups():
        before = cards(group, people, seed)
        for asker in group:
            silent = replace(asker, asks=asker.open_asks, private_asks=frozenset())
            quiet = [silent if person is asker else person for person in people]
            after = cards(quiet[: len(group)], quiet, seed)
            for reader in group:
                if reader is not asker:
                    assert after[reader.id] == before[reader.id]
                    assert read(after[reader.id]) == read(before[reader.id])
            silenced += after[asker.id] != before[asker.id]
    assert silenced > 20


def test_a_helper_whose_partner_asks_in_private_always_has_another_reason() -> None:
    for group, people, seed in drawn_groups():
        struck = cards(group, people, seed)
        for spark in struck.values():
            if spark.kind == "private-help":
                assert struck[spark.about].kind in {"help-both", "help", "private-help", "thread"}


def test_noor_who_asked_in_private_reads_it_and_ada_who_helps_reads_of_singing() -> None:
    struck = cards([ADA, LEO], [ADA, LEO, SAM])
    assert struck["Leo"].kind == "private-help"
    assert "a career decision" in sentence(struck["Leo"], "Ada", label)
    assert struck["Ada"].kind == "thread"
    assert "career" not in " ".join(read(struck["Ada"]))


def test_sam_who_said_nothing_reads_an_honest_line_without_a_partner() -> None:
    for spark in cards([ADA, SAM], [ADA, SAM]).values():
        assert (spark.kind, spark.about, spark.gives, spark.gets, spark.thread) == ("honest", None, None, None, None)


def test_both_cards_say_who_asks_first_and_either_may() -> None:
    openers = set()
    for seed in range(30):
        struck = cards([ADA, LEO], [ADA, LEO], seed)
        assert struck["Ada"].opens == struck["Leo"].opens
        openers.add(struck["Ada"].opens)
    assert openers == {"Ada", "Leo"}


@pytest.mark.parametrize("wording", range(WORDINGS))
def test_helper_and_asker_ask_each_other_about_the_same_topic(wording: int) -> None:
    helper = Spark("help", wording, "Leo", WRITING, None, None, "Ada")
    asker = Spark("help", wording, "Ada", None, WRITING, None, "Ada")
    for spark in (helper, asker):
        assert label(WRITING) in question(spark, label)
        assert question(spark, label).endswith("?")
    assert question(helper, label) != question(asker, label)


def test_three_wordings_of_each_reason_are_three_sentences() -> None:
    said: dict[str, set[str]] = defaultdict(set)
    for kind, gives, gets, thread in (
        ("help-both", TOPIC_IDS[0], TOPIC_IDS[1], None),
        ("help", TOPIC_IDS[0], None, None),
        ("help", None, TOPIC_IDS[0], None),
        ("private-help", None, TOPIC_IDS[0], None),
        ("thread", None, None, "singing"),
        ("honest", None, None, None),
    ):
        for wording in range(WORDINGS):
            spark = Spark(kind, wording, "Leo", gives, gets, thread, "Ada")
            said[f"{kind} {gives}"].add(sentence(spark, "Leo", label))
            said[f"question {kind} {gives}"].add(question(spark, label))
    assert {len(texts) for texts in said.values()} == {WORDINGS}


def test_every_sentence_fits_the_card_for_a_name_of_ten_letters() -> None:
    answers: list[tuple[str, str | None, str | None, str | None]] = [
        *(("help-both", gives, gets, None) for gives in TOPIC_IDS for gets in TOPIC_IDS if gives != gets),
        *(("help", topic, None, None) for topic in TOPIC_IDS),
        *(("help", None, topic, None) for topic in TOPIC_IDS),
        *(("private-help", None, topic, None) for topic in TOPIC_IDS),
        *(("thread", None, None, passion) for passion in PASSION_IDS),
        ("honest", None, None, None),
    ]
    texts = [
        sentence(Spark(kind, wording, "x", gives, gets, thread, "Ada", apart), "Maximilian", label)
        for kind, gives, gets, thread in answers
        for wording in range(WORDINGS)
        for apart in (False, True)
    ]
    longest = max(texts, key=len)
    assert len(longest) <= 120, longest


def test_an_answer_of_the_hosts_own_stands_as_it_was_typed() -> None:
    both = Spark("thread", 0, "Leo", None, None, "sourdough", "Ada", apart=True)
    assert sentence(both, "Leo", label) == "You both picked “sourdough”, and your days look nothing alike."
    assert question(both, label) == "What pulled you into “sourdough” the first time?"
    asked = Spark("help", 0, "Leo", None, "finding-my-way-in-this-town", None, "Ada")
    assert sentence(asked, "Leo", label) == "You asked about “finding my way in this town”. Leo offered exactly that."


def test_words_in_braces_are_only_words() -> None:
    spark = Spark("help", 0, "Leo", "{name}", None, None, "Ada")
    assert sentence(spark, "{gives}", label) == "{gives} would love a hand with “{name}”, which you offered."
    assert sentence(Spark("thread", 0, "Leo", None, None, "{0}", "Ada"), "Leo", label).startswith(
        "You both picked “{0}”"
    )


def test_a_stored_spark_comes_back_as_it_was() -> None:
    for spark in (
        Spark("help", 2, 41, WRITING, None, None, 40),
        Spark("thread", 0, "b", None, None, "singing", "a", True),
    ):
        assert Spark.from_json(json.loads(json.dumps(spark.as_json()))) == spark


def test_a_spark_stored_by_an_older_or_newer_thaw_can_be_read() -> None:
    stored = Spark("honest", 1, None, None, None, None, 7).as_json()
    del stored["apart"]
    assert Spark.from_json({**stored, "quote": "something new"}) == Spark("honest", 1, None, None, None, None, 7)


def test_the_same_chance_strikes_the_same_sparks() -> None:
    assert cards([ADA, LEO], [ADA, LEO, SAM], 5) == cards([ADA, LEO], [ADA, LEO, SAM], 5)
