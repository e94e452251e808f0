"""Codes: read however people type them, refused in plain words where they cannot be ours."""

import pytest

from service.domain.codes import ALPHABET, new_code, new_public_id, read_code, shown
from service.domain.errors import NotFound


@pytest.mark.parametrize("typed", ["ABCDEFGH", "abcdefgh", "ABCD-EFGH", " abcd efgh ", "ab-cd-ef-gh", "ABCD–EFGH"])
def test_a_code_is_read_without_regard_to_case_spaces_and_hyphens(typed: str) -> None:
    assert read_code(typed) == "ABCDEFGH"


@pytest.mark.parametrize("typed", ["ABCD-EFG0", "ABCD-EFGO", "1BCD-EFGH", "IBCDEFGH", "ABCDEFGL"])
def test_letters_that_look_alike_are_refused_in_plain_words(typed: str) -> None:
    with pytest.raises(NotFound, match="O, 0, I, 1 or L"):
        read_code(typed)


NONSENSE = [
    "",
    "ABCDEFG",
    "ABCDEFGHJ",
    "ABCDEFG٣",
    "ＡＢＣＤＥＦＧＨ",
    "../../etc",
    "' OR 1=1",
    "\x00" * 8,
    "A" * 10**6,
]


@pytest.mark.parametrize("typed", [*NONSENSE, "A" * 10**6], ids=range(len(NONSENSE) + 1))
def test_what_is_no_code_is_refused_in_plain_words(typed: str) -> None:
    with pytest.raises(NotFound, match="eight letters"):
        read_code(typed)


def test_new_codes_use_only_letters_that_cannot_be_mistaken() -> None:
    codes = {new_code() for _code in range(200)}
    assert len(codes) == 200
    assert all(read_code(code) == code for code in codes)
    assert not set("O0I1L") & set(ALPHABET)
    assert shown("ABCDEFGH") == "ABCD-EFGH"
    assert len(new_public_id()) == 10
