"""Who the simulated people are: read from a room file or invented. What they do with it is none of this module's."""

import csv
import io
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from random import Random

COLUMNS = ("id", "name", "field", "passions", "offers", "asks")


class BadRoom(ValueError):
    """A room file that cannot be read; the message is one plain sentence that names the line."""


@dataclass(frozen=True, slots=True)
class Role:
    """One person to play. Empty strings are answers not known; ``group`` is the word for who came together.

    ``tapping`` people take any offered answer instead of their own: they were invented, not read.
    """

    id: str
    name: str
    field: str = ""
    passion: str = ""
    offer: str = ""
    ask: str = ""
    private: bool = False
    group: str = ""
    tapping: bool = False

    def answer_to(self, question: str) -> str:
        """What this person says to a question of the default pack; empty for any other."""
        own = {"passion": self.passion, "field": self.field, "offer": self.offer, "ask": self.ask}
        return own.get(question, "")


def same(text: str) -> str:
    """A text as it is compared: trimmed, one space between words, normalised, case folded."""
    folded = unicodedata.normalize("NFC", text).casefold()
    return " ".join(unicodedata.normalize("NFC", folded).split())


def read_room(text: str) -> list[Role]:
    """Everybody in a room file, in its order. Raises BadRoom and reads nothing where a line is wrong."""
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff")), strict=True)
    try:
        header = [cell.strip().casefold() for cell in next(reader, [])]
        if "id" not in header:
            raise BadRoom("Line 1 has no column called id.")
        rows = [(reader.line_num, row) for row in reader if any(cell.strip() for cell in row)]
    except csv.Error as error:
        raise BadRoom(f"Line {reader.line_num} is not readable as CSV: {error}.") from error
    cells = [_cells(line, header, row) for line, row in rows]
    _refuse_twins([(line, row["id"]) for (line, _row), row in zip(rows, cells, strict=True)])
    if not cells:
        raise BadRoom("The file has a header, but nobody in it.")
    words = _groups(cells)
    return [replace(_role(row), group=words.get(same(row["id"]), "")) for row in cells]


def invent(count: int, seed: int = 0) -> list[Role]:
    """``count`` people who do not exist and tap whatever is offered; the same seed invents the same people."""
    rng = Random(f"room {seed}")  # noqa: S311 not a secret
    names = list(_NAMES)
    rng.shuffle(names)
    return [Role(f"p{index + 1}", _name(names, index), tapping=True) for index in range(count)]


def _cells(line: int, header: list[str], row: list[str]) -> dict[str, str]:
    if len(row) > len(header):
        raise BadRoom(f"Line {line} has {len(row)} cells, but the header has {len(header)}.")
    cells = dict.fromkeys(COLUMNS, "") | {"came_with": ""} | dict(zip(header, map(str.strip, row), strict=False))
    if not cells["id"]:
        raise BadRoom(f"Line {line} has no id.")
    return cells


def _refuse_twins(ids: Iterable[tuple[int, str]]) -> None:
    seen: dict[str, int] = {}
    for line, identifier in ids:
        if same(identifier) in seen:
            raise BadRoom(f"Line {line} repeats the id {identifier} of line {seen[same(identifier)]}.")
        seen[same(identifier)] = line


def _role(row: Mapping[str, str]) -> Role:
    ask = _first(row["asks"])
    return Role(
        id=row["id"],
        name=row["name"] or row["id"],
        field=row["field"],
        passion=_first(row["passions"]),
        offer=_first(row["offers"]),
        ask=ask.removeprefix("!").strip(),
        private=ask.startswith("!"),
    )


def _first(cell: str) -> str:
    return next((value.strip() for value in cell.split(";") if value.strip()), "")


def _groups(rows: list[dict[str, str]]) -> dict[str, str]:
    """One word for everybody who is tied to each other by came_with, directly or through others."""
    head: dict[str, str] = {}

    def find(one: str) -> str:
        while head.setdefault(one, one) != one:
            one = head[one]
        return one

    tied = set()
    for row in rows:
        for other in filter(None, map(same, row["came_with"].split(";"))):
            head[find(same(row["id"]))] = find(other)
            tied |= {same(row["id"]), other}
    return {one: f"together-{find(one)}" for one in tied}


def _name(names: list[str], index: int) -> str:
    turn, place = divmod(index, len(names))
    return names[place] if turn == 0 else f"{names[place]} {turn + 1}"


_NAMES = (
    *("Amara", "Anouk", "Aziz", "Beatriz", "Bo", "Chidi", "Dalia", "Dmitri", "Elif", "Emeka", "Esther", "Farah"),
    *("Finn", "Gita", "Hanna", "Hiro", "Ines", "Ivo", "Jamal", "Jana", "Kaito", "Katja", "Kofi", "Lena", "Lin"),
    *("Luca", "Maja", "Malik", "Marisol", "Mehdi", "Mina", "Nadia", "Nils", "Nkechi", "Olga", "Omar", "Paula"),
    *("Pim", "Quinn", "Rana", "Ravi", "Rosa", "Ruben", "Sana", "Selim", "Silvia", "Soren", "Tariq", "Tessa"),
    *("Thandi", "Tomas", "Uma", "Vera", "Viktor", "Wanda", "Xenia", "Yara", "Yusuf", "Zoe", "Zuri"),
)
