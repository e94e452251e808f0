"""The room file: read whole, or refused by the line that is wrong."""

import pytest

from service.domain.errors import NotUnderstood
from service.domain.profiles import Profile
from service.domain.rooms import Room, read

FULL = """id,name,field,passions,offers,asks,values,languages,came_with,phone,prefers
a,Ada,Teaching,Singing;Games,thinking out loud,a computer problem;!a career decision,we laughed,en;de,l,yes,trio
l,Leo,teaching ,SINGING,A Computer Problem,,,,,no,pair
s,,,,,,,,,,
"""


def refusal(text: str) -> str:
    with pytest.raises(NotUnderstood) as refused:
        read(text)
    return refused.value.sentence


def test_ada_is_read_as_she_was_written() -> None:
    ada = read(FULL).people[0]
    assert ada.name == "Ada"
    assert ada.came_with == {"l"}
    assert ada.phone
    assert ada.profile == Profile(
        "a",
        field="teaching",
        passions=frozenset({"singing", "games"}),
        offers=frozenset({"thinking out loud"}),
        asks=frozenset({"a computer problem"}),
        private_asks=frozenset({"a career decision"}),
        values=frozenset({"we laughed"}),
        languages=frozenset({"en", "de"}),
        prefers="trio",
    )


def test_leo_without_a_phone_shares_what_was_written_in_another_case() -> None:
    ada, leo, _sam = (person.profile for person in read(FULL).people)
    assert not leo.phone
    assert leo.prefers == "pair"
    assert leo.field == ada.field
    assert leo.passions < ada.passions
    assert leo.offers == ada.asks


def test_a_stranger_is_known_by_an_id_alone() -> None:
    stranger = read(FULL).people[2]
    assert stranger.profile == Profile("s")
    assert stranger.name == ""
    assert read("id\nx\n").people[0].profile == Profile("x")


def test_labels_are_told_once_as_first_typed_and_in_order() -> None:
    room = read(FULL)
    assert room.fields == ("Teaching",)
    assert room.passions == ("Singing", "Games")
    assert room.topics == ("thinking out loud", "a computer problem", "a career decision")


def test_people_who_came_together_are_barred_however_it_is_written() -> None:
    assert read(FULL).bars == {frozenset({"a", "l"})}
    assert read("id,came_with\na,b;a\nb, A ;\n").bars == {frozenset({"a", "b"})}


def test_an_accent_typed_in_two_ways_is_one_passion() -> None:
    composed, decomposed = read("id,passions\na,caf\u00e9\nb, CAFE\u0301 \n").people
    assert composed.profile.passions == decomposed.profile.passions


def test_an_ask_made_both_ways_is_private() -> None:
    profile = read("id,asks\na,Writing;! writing\n").people[0].profile
    assert not profile.asks
    assert profile.private_asks == {"writing"}


def test_being_in_between_things_is_a_field_not_known() -> None:
    room = read("id,field\na,In between things\n")
    assert room.people[0].profile.field is None
    assert room.fields == ("In between things",)


@pytest.mark.parametrize(
    "text",
    [
        "\ufeffid,name\na,Ada\n",
        "id,name\r\na,Ada\r\n",
        "id,name\ra,Ada\r",
        "id,name\na,Ada",
        " ID , Name \n a , Ada \n",
        "\n\nid,name\n\n , \na,Ada\n\n",
        "name,shoe size,id\nAda,38,a\n",
        "id,name,,\na,Ada,,\n",
        'id,name\n"a","Ada"\n',
    ],
)
def test_a_file_from_any_program_reads_alike(text: str) -> None:
    (ada,) = read(text).people
    assert (ada.profile, ada.name) == (Profile("a"), "Ada")


def test_a_short_row_leaves_the_rest_unknown() -> None:
    assert read("id,name,field\na\n").people[0].profile == Profile("a")


def test_a_header_alone_is_an_empty_room() -> None:
    assert read("id\n") == Room((), frozenset(), (), (), ())


@pytest.mark.parametrize(
    ("text", "line", "why"),
    [
        ("", 1, "header"),
        ("name\nAda\n", 1, "id"),
        ("id,name,Name\n", 1, "name"),
        ("id,name\na,Ada\n,Leo\n", 3, "missing"),
        ("id\na\nb\n\nA \n", 5, "twice"),
        ("id,name\na,Ada,teaching\n", 2, "more cells"),
        ("id,came_with\na,b\nb,stranger\n", 3, "stranger"),
        ("id,phone\na,yes\nb,maybe\n", 3, "phone"),
        ("id,prefers\na,solo\n", 2, "prefers"),
        ('id,name\n"a\n",Ada\n\nb,"Leo\n', 5, "CSV"),
        ('id,name\na,"Ada" L\n', 2, "CSV"),
        ('id,name,phone\na,"A\nda",yes\nb,Leo,perhaps\n', 4, "phone"),
    ],
)
def test_a_bad_row_is_named_by_its_line(text: str, line: int, why: str) -> None:
    sentence = refusal(text)
    assert sentence.startswith(f"Line {line}: ")
    assert why in sentence
    assert sentence.endswith(".")


def test_whoever_came_with_somebody_further_down_is_understood() -> None:
    assert read("id,came_with\na,c\nb,\nc,\n").bars == {frozenset({"a", "c"})}
