"""What a form sent, checked before anything is done with it: text only, each field once, nothing unreadable."""

from collections.abc import Iterator, Mapping
from typing import Annotated

from fastapi import Depends, Request
from starlette.exceptions import HTTPException

from service.domain.errors import NotUnderstood
from service.domain.language import _

MAX_FIELDS = 20


class Posted(Mapping[str, tuple[str, ...]]):
    """The fields of one form by name."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        self._fields = dict(fields)

    def text(self, name: str) -> str:
        """A field's text, empty if it was not sent."""
        return self._fields.get(name, "")

    def number(self, name: str) -> int:
        """A field's whole number. Raises NotUnderstood if it is none, or absurdly large."""
        text = self.text(name)
        if not (text.isascii() and text.isdigit() and len(text) < 10):
            raise NotUnderstood(_("That is not a number of ours."))
        return int(text)

    def __getitem__(self, name: str) -> tuple[str, ...]:
        return (self._fields[name],)

    def __iter__(self) -> Iterator[str]:
        return iter(self._fields)

    def __len__(self) -> int:
        return len(self._fields)


async def read_form(request: Request) -> Posted:
    """The posted form. Raises NotUnderstood for files, repeated fields and text that is not UTF-8."""
    try:
        form = await request.form(max_files=0, max_fields=MAX_FIELDS)
    except (UnicodeDecodeError, LookupError, ValueError) as error:
        raise NotUnderstood(_("That form could not be read. Go back and try again.")) from error
    except HTTPException as error:
        if error.status_code == 400:
            raise NotUnderstood(_("That form could not be read. Go back and try again.")) from error
        raise
    fields: dict[str, str] = {}
    for name, value in form.multi_items():
        if not isinstance(value, str) or name in fields or not _readable(name + value):
            raise NotUnderstood(_("That form could not be read. Go back and try again."))
        fields[name] = value
    return Posted(fields)


Form = Annotated[Posted, Depends(read_form)]


def _readable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
