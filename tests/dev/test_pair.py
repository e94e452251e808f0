"""What ``thaw pair`` prints, from a room file to rounds and reasons."""

import json
import os
import subprocess
import sys
from typing import Any

import pytest

from service.dev.pair import rehearse, told
from service.domain.errors import NotUnderstood
from service.domain.questions import FIELDS, PASSIONS, TOPICS
from tests.domain.crowds import chance

EVENING = """id,name,field,passions,offers,asks,came_with,phone,prefers
ada,Ada,Teaching,Singing,Making sense of numbers,Speaking in public,,yes,
leo,Leo,Studying,Singing,Speaking in public,Making sense of numbers,,yes,
mara,Mara,Teaching,Cooking,Photos and design,!A career decision,,yes,
noor,,Making things,Cooking,A career decision,,,no,
"""


def invented(size: int) -> str:
    """A room file of people who do not exist."""
    rng = chance(size)
    rows = ["id,name,field,passions,offers,asks,came_with"]
    for number in range(size):
        passions, offers = (";".join(o.label for o in rng.sample(kinds, 2)) for kinds in (PASSIONS, TOPICS))
        asks = rng.choice(("", "!")) + rng.choice(TOPICS).label
        friend = f"guest {number - 1}" if number % 10 == 9 else ""
        rows.append(f"guest {number},Kim {number},{rng.choice(FIELDS).label},{passions},{offers},{asks},{friend}")
    return "\n".join(rows)


def without_seconds(result: dict[str, Any]) -> dict[str, Any]:
    for round_ in result["rounds"]:
        assert round_.pop("seconds") >= 0
    return result


def test_the_result_has_the_shape_that_programs_rely_on() -> None:
    result = json.loads(json.dumps(rehearse(EVENING, 2, 1)))
    assert list(result) == ["people", "rounds", "reasons"]
    assert list(result["rounds"][0]) == [
        "number", "groups", "left_out", "same_field", "with_reason", "help", "seconds"
    ]  # fmt: skip
    assert all(list(reason) == ["round", "group", "to", "kind", "text"] for reason in result["reasons"])
    assert result["people"] == 4
    assert [round_["number"] for round_ in result["rounds"]] == [1, 2]


def test_ada_and_leo_read_why_they_meet_by_name() -> None:
    result = rehearse(EVENING, 1, 1)
    to = {reason["to"]: reason for reason in result["reasons"]}
    assert to["ada"]["kind"] == to["leo"]["kind"] == "help-both"
    assert "Leo" in to["ada"]["text"]
    assert "making sense of numbers" in to["ada"]["text"]
    assert "Ada" in to["leo"]["text"]
    assert to["ada"]["group"] == to["leo"]["group"]


def test_mara_reads_of_her_private_ask_and_noor_reads_of_cooking() -> None:
    to = {reason["to"]: reason for reason in rehearse(EVENING, 1, 1)["reasons"]}
    assert to["mara"]["kind"] == "private-help"
    assert "a career decision" in to["mara"]["text"]
    assert to["noor"]["kind"] == "thread"
    assert "Noor" not in to["mara"]["text"]
    assert "noor" in to["mara"]["text"]


def test_mara_and_noor_who_came_together_wait_until_somebody_else_comes() -> None:
    alone = rehearse("id,came_with\nmara,noor\nnoor,\n", 2, 1)["rounds"]
    assert [(round_["groups"], round_["left_out"]) for round_ in alone] == [([], ["mara", "noor"])] * 2
    (met,) = rehearse("id,came_with\nmara,noor\nnoor,\nsam,\n", 1, 1)["rounds"][0]["groups"]
    assert "sam" in met


def test_somebody_without_a_name_is_called_by_their_id() -> None:
    texts = [reason["text"] for reason in rehearse("id,offers,asks\nnoor,x,\nmara,,x\n", 1, 1)["reasons"]]
    assert any("noor" in text for text in texts)
    assert any("mara" in text for text in texts)


@pytest.mark.parametrize("size", [0, 1, 2, 3, 10, 31, 60, 401])
def test_three_rounds_repeat_nobody_and_place_everybody(size: int) -> None:
    result = rehearse(invented(size), 3, 7)
    friends = {frozenset((f"guest {number - 1}", f"guest {number}")) for number in range(9, size, 10)}
    met = [
        frozenset((one, two))
        for round_ in result["rounds"]
        for group in round_["groups"]
        for place, one in enumerate(group)
        for two in group[place + 1 :]
    ]
    assert len(set(met)) == len(met)
    assert not friends & set(met)
    assert result["people"] == size
    for round_ in result["rounds"]:
        placed = [person for group in round_["groups"] for person in group]
        assert len(placed) + len(round_["left_out"]) == size == len({*placed, *round_["left_out"]})
        assert not round_["left_out"] or size < 10


def test_groups_are_counted_by_what_their_cards_say() -> None:
    result = rehearse(invented(31), 3, 3)
    fields = {row.split(",")[0]: row.split(",")[2] for row in invented(31).splitlines()[1:]}
    for round_ in result["rounds"]:
        kinds = [
            [
                reason["kind"]
                for reason in result["reasons"]
                if (reason["round"], reason["group"]) == (round_["number"], index)
            ]
            for index in range(len(round_["groups"]))
        ]
        worlds = [{fields[person] for person in group} for group in round_["groups"]]
        assert [len(group) for group in round_["groups"]] == [len(found) for found in kinds]
        assert round_["with_reason"] == sum("honest" not in found for found in kinds)
        assert round_["help"] == sum(any("help" in kind for kind in found) for found in kinds)
        assert round_["same_field"] == sum(len(w) == 1 and w != {"In between things"} for w in worlds)


def test_the_same_seed_prints_the_same_in_every_process_but_for_the_seconds() -> None:
    script = (
        "import json; from tests.dev.test_pair import *\n"
        "print(json.dumps([without_seconds(rehearse(invented(size), 2, 5)) for size in (31, 450)]))"
    )
    printed = [
        subprocess.run(
            [sys.executable, "-c", script],
            env={**os.environ, "PYTHONHASHSEED": salt},
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for salt in ("1", "2")
    ]
    assert printed[0] == printed[1]
    assert json.loads(printed[0])[0] == without_seconds(rehearse(invented(31), 2, 5))


def test_another_seed_prints_other_rounds() -> None:
    one, other = (rehearse(invented(31), 1, seed)["rounds"][0]["groups"] for seed in (1, 2))
    assert one != other


def test_people_read_rounds_groups_reasons_and_who_is_left_out() -> None:
    text = told(rehearse(EVENING + "sam,Sam,,,,,,no,\n", 2, 1))
    assert text.startswith("5 people\n")
    assert "Round 1: 2 meetings" in text
    assert "Round 2:" in text
    assert "to ada: " in text
    alone = told(rehearse("id\nsam\n", 1, 1))
    assert alone.startswith("1 person\n")
    assert "left out: sam" in alone


def test_a_bad_file_prints_no_round_at_all() -> None:
    with pytest.raises(NotUnderstood, match="Line 3"):
        rehearse("id,phone\nada,yes\nleo,often\n", 3, 1)
