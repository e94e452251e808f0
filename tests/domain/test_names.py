"""Names and sentences: every script is welcome, nothing that could hide, climb or pretend gets through."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.errors import NotUnderstood
from service.domain.names import clean, clean_name, clean_sentence

NAMES = ["Ada", "Zoë", "محمد", "李雷", "Nguyễn Thị Hương", "👨‍👩‍👧‍👦", "Łukasz-Jan", "O'Brien", "क्षितिज", "A" * 40]


@pytest.mark.parametrize("name", NAMES)
def test_people_are_called_what_they_say(name: str) -> None:
    assert clean_name(name) == name


@pytest.mark.parametrize("typed", ["", "   ", "\u200b\u200b", "\u3164", "\t\r\n", "\u202e", "\u00ad", "\u0301"])
def test_a_name_of_nothing_is_asked_for_again(typed: str) -> None:
    with pytest.raises(NotUnderstood, match="call you"):
        clean_name(typed)


def test_forty_characters_as_people_count_them_fit_and_one_more_does_not() -> None:
    assert clean_name("é" * 40) == "é" * 40
    with pytest.raises(NotUnderstood, match="40"):
        clean_name("é" * 41)


@pytest.mark.parametrize("name", ["Organizer", "ADMIN", "  host ", "Ｔｈａｗ", "Thaw!"])
def test_nobody_can_be_called_like_the_host(name: str) -> None:
    with pytest.raises(NotUnderstood, match="host"):
        clean_name(name)


def test_direction_overrides_controls_and_towers_of_marks_are_taken_out() -> None:
    assert clean("Leo\u202edlrow\x00\x1b[31m\r\nMara", 40) == "Leodlrow[31m Mara"
    assert len(clean("a" + "\u0301" * 60, 40)) <= 5
    assert clean("\ud800Ada", 40) == "Ada"


def test_a_thank_you_is_kept_as_typed_up_to_its_length() -> None:
    assert clean_sentence("You   gave me\na new idea <3") == "You gave me a new idea <3"
    with pytest.raises(NotUnderstood, match="140"):
        clean_sentence("a" * 141)
    with pytest.raises(NotUnderstood, match="few words"):
        clean_sentence(" ")


@given(st.text(max_size=300))
def test_whatever_is_typed_is_cleaned_once_and_for_all(typed: str) -> None:
    cleaned = clean(typed, 300)
    assert clean(cleaned, 300) == cleaned
    cleaned.encode()
    assert "\x00" not in cleaned
    assert "\n" not in cleaned


def test_a_flood_of_marks_is_refused_before_it_is_read() -> None:
    with pytest.raises(NotUnderstood, match="too long"):
        clean("a" + "\u0345" * 15_000 + "\u0334" * 15_000, 40)
