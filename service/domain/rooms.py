"""The room file: people as CSV text, read whole or refused by line number. No file is opened here."""

import csv
import io
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from service.domain.errors import NotUnderstood
from service.domain.language import _
from service.domain.profiles import Id, Profile
from service.domain.questions import IN_BETWEEN, slug

Row = Mapping[str, str]
"""One person's cells by column name."""


@dataclass(frozen=True, slots=True)
class RoomPerson:
    """One row: what the matcher sees, and what only this file knows. ``name`` may be empty."""

    profile: Profile
    name: str
    came_with: frozenset[Id]
    phone: bool


@dataclass(frozen=True, slots=True)
class Room:
    """Everybody in a room file, who came together, and the labels used, as first typed and in that order."""

    people: tuple[RoomPerson, ...]
    bars: frozenset[frozenset[Id]]
    fields: tuple[str, ...]
    passions: tuple[str, ...]
    topics: tuple[str, ...]


def read(text: str) -> Room:
    """The room in ``text``. Raises NotUnderstood with the number of the first bad line; nothing is half read."""
    rows = list(_rows(text))
    ids = _ids(rows)
    people = tuple(_person(line, row, ids) for line, row in rows)
    return Room(
        people=people,
        bars=frozenset(frozenset((person.profile.id, other)) for person in people for other in person.came_with),
        fields=_labels([row.get("field", "")] for _line, row in rows),
        passions=_labels(_listed(row, "passions") for _line, row in rows),
        topics=_labels([*_listed(row, "offers"), *map(_bare, _listed(row, "asks"))] for _line, row in rows),
    )


def value(label: str) -> str:
    """What a label is compared by: trimmed, in one Unicode form, without regard to case."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", label.strip()).casefold())


def _rows(text: str) -> Iterator[tuple[int, Row]]:
    """Each row that says anything, with the line it begins on."""
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
    header: list[str] = []
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader, None)
        except csv.Error:
            raise _bad(line, _("this is not readable as CSV")) from None
        if cells is None:
            break
        if not any(cell.strip() for cell in cells):
            continue
        if header:
            yield line, _row(line, header, cells)
        else:
            header = _header(line, cells)
    if not header:
        raise _bad(1, _("the header is missing"))


def _header(line: int, cells: Sequence[str]) -> list[str]:
    names = [value(cell) for cell in cells]
    if "id" not in names:
        raise _bad(line, _("the header has no column “id”"))
    twice = next((name for name in names if name and names.count(name) > 1), None)
    if twice:
        raise _bad(line, _("the column “{column}” is there twice").format(column=twice))
    return names


def _row(line: int, header: Sequence[str], cells: Sequence[str]) -> Row:
    if len(cells) > len(header):
        raise _bad(line, _("there are more cells than columns"))
    return {name: cell.strip() for name, cell in zip(header, cells, strict=False)}


def _ids(rows: Iterable[tuple[int, Row]]) -> dict[str, str]:
    """How each id is written, by what it is compared by."""
    ids: dict[str, str] = {}
    for line, row in rows:
        if not row["id"]:
            raise _bad(line, _("the id is missing"))
        if value(row["id"]) in ids:
            raise _bad(line, _("the id “{id}” is there twice").format(id=row["id"]))
        ids[value(row["id"])] = row["id"]
    return ids


def _person(line: int, row: Row, ids: Mapping[str, str]) -> RoomPerson:
    asks = _listed(row, "asks")
    phone = _one_of(line, row, "phone", ("yes", "no")) != "no"
    field = value(row.get("field", ""))
    private = _values(_bare(ask) for ask in asks if ask.startswith("!"))
    profile = Profile(
        id=row["id"],
        field=None if slug(field) == IN_BETWEEN else field or None,
        passions=_values(_listed(row, "passions")),
        offers=_values(_listed(row, "offers")),
        asks=_values(ask for ask in asks if not ask.startswith("!")) - private,
        private_asks=private,
        values=_values(_listed(row, "values")),
        languages=_values(_listed(row, "languages")),
        phone=phone,
        prefers=_one_of(line, row, "prefers", ("pair", "trio")),
    )
    return RoomPerson(profile, row.get("name", ""), _came_with(line, row, ids), phone)


def _came_with(line: int, row: Row, ids: Mapping[str, str]) -> frozenset[Id]:
    others = _listed(row, "came_with")
    unknown = next((other for other in others if value(other) not in ids), None)
    if unknown is not None:
        raise _bad(line, _("nobody has the id “{id}”").format(id=unknown))
    return frozenset(ids[value(other)] for other in others) - {row["id"]}


def _one_of(line: int, row: Row, column: str, allowed: tuple[str, str]) -> str | None:
    said = value(row.get(column, ""))
    if said and said not in allowed:
        raise _bad(line, _("“{column}” is either {first} or {second}").format(
            column=column, first=allowed[0], second=allowed[1]
        ))  # fmt: skip
    return said or None


def _listed(row: Row, column: str) -> list[str]:
    return [part.strip() for part in row.get(column, "").split(";") if _bare(part)]


def _bare(ask: str) -> str:
    return ask.strip().removeprefix("!").strip()


def _values(labels: Iterable[str]) -> frozenset[str]:
    return frozenset(value(label) for label in labels)


def _labels(lists: Iterable[Iterable[str]]) -> tuple[str, ...]:
    found: dict[str, str] = {}
    for label in (label for labels in lists for label in labels if label):
        found.setdefault(value(label), label)
    return tuple(found.values())


def _bad(line: int, why: str) -> NotUnderstood:
    return NotUnderstood(_("Line {line}: {why}.").format(line=line, why=why))
