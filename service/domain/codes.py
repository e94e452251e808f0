"""The code of an event: eight letters that cannot be mistaken for each other when read aloud or typed."""

import secrets

from service.domain.errors import NotFound
from service.domain.language import _

ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
LENGTH = 8
LOOKALIKES = frozenset("O0I1L")
IGNORED = str.maketrans("", "", " -‐‑‒–—\t\u00a0")


def new_code() -> str:
    """A fresh code; one in 31^8."""
    return "".join(secrets.choice(ALPHABET) for _letter in range(LENGTH))


def new_public_id() -> str:
    """Ten characters for addresses. Knowing them opens nothing."""
    return "".join(secrets.choice("abcdefghjkmnpqrstuvwxyz23456789") for _letter in range(10))


def read_code(typed: str) -> str:
    """A code as people type it: any case, with spaces or hyphens. Raises NotFound in plain words otherwise."""
    code = typed.translate(IGNORED).upper()
    if LOOKALIKES & set(code) and set(code) <= set(ALPHABET) | LOOKALIKES:
        raise NotFound(_("Our codes have no O, 0, I, 1 or L in them. Look at the code once more."))
    if len(code) != LENGTH or not set(code) <= set(ALPHABET):
        raise NotFound(_("That is not a code of ours. A code has eight letters, like ABCD-EFGH."))
    return code


def shown(code: str) -> str:
    """A code as it is printed: ABCD-EFGH."""
    return f"{code[:4]}-{code[4:]}"
