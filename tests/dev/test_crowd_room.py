"""How the crowd reads a room file, and whom it invents."""

import pytest

from service.dev.crowd.room import BadRoom, Role, invent, read_room

HEADER = "id,name,field,passions,offers,asks,came_with"


def test_the_first_value_counts_an_empty_name_becomes_the_id_and_unknown_columns_are_ignored() -> None:
    text = "id,name,passions,asks,shoe\r\nada,, singing ; reading,! a career decision,38\r\n\r\nleo,Leo,,,\r\n"
    assert read_room("\ufeff" + text) == [
        Role("ada", "ada", passion="singing", ask="a career decision", private=True),
        Role("leo", "Leo"),
    ]


def test_people_who_came_together_share_one_word_however_they_are_tied() -> None:
    rows = ["ada,,,,,,leo", "leo,,,,,,", "mara,,,,,,Ada", "noor,,,,,,sam", "sam,,,,,,noor", "kim,,,,,,"]
    groups = {role.id: role.group for role in read_room("\n".join([HEADER, *rows]))}
    assert groups["ada"] == groups["leo"] == groups["mara"] != ""
    assert groups["noor"] == groups["sam"] != groups["ada"]
    assert groups["kim"] == ""


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "Line 1 has no column called id"),
        ("name\nAda", "Line 1 has no column called id"),
        (HEADER, "nobody in it"),
        ("id,name\nada,Ada\n,Leo", "Line 3 has no id"),
        ("id,name\nada,Ada\nleo,Leo,late", "Line 3 has 3 cells, but the header has 2"),
        ("id\nada\nleo\nADA ", "Line 4 repeats the id ADA of line 2"),
        ('id,name\nada,"Ada', "Line 2 is not readable as CSV"),
    ],
)
def test_a_bad_room_file_is_named_by_its_line(text: str, complaint: str) -> None:
    with pytest.raises(BadRoom, match=complaint):
        read_room(text)


def test_invented_people_are_the_same_for_the_same_seed_and_all_have_their_own_name() -> None:
    people = invent(200, seed=3)
    assert people == invent(200, seed=3)
    assert people != invent(200, seed=4)
    assert len({person.name for person in people}) == len({person.id for person in people}) == 200
    assert all(person.tapping for person in people)
