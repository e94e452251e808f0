"""What a form sent, checked before anything is done with it: text only, each field once, nothing unreadable."""

import asyncio
from collections.abc import Iterator, Mapping
from typing import Annotated

from fastapi import Depends, Request
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.types import Message, Receive

from service.domain.errors import NotUnderstood
from service.domain.language import _

MAX_FIELDS = 20
MAX_BYTES = 64 * 1024
"""Of a whole body. Nothing but read_form reads one, so this is the limit of the service."""
PATIENCE = 10.0
"""Seconds in which a whole form must have come."""
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


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
    """The posted form. Raises NotUnderstood for files, repeated fields and what is no text; 413 if it is too long."""
    if not _is_form(request.headers.get("content-type", FORMS[0]).lower()):
        raise NotUnderstood(_("That form could not be read. Go back and try again."))
    bounded = Request(request.scope, _bounded(request))
    try:
        async with asyncio.timeout(PATIENCE):
            form = await bounded.form(max_files=0, max_fields=MAX_FIELDS)
    except (UnicodeDecodeError, LookupError, ValueError, TimeoutError, ClientDisconnect) as error:
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


def _is_form(content_type: str) -> bool:
    """Whether it is one of a form's two kinds, in UTF-8: reading some other encodings takes far too long."""
    kind, _semicolon, rest = content_type.partition(";")
    charset = rest.partition("charset=")[2].partition(";")[0].strip(' "')
    return kind.strip() in FORMS and charset in ("", "utf-8", "utf8")


def _bounded(request: Request) -> Receive:
    left = MAX_BYTES

    async def receive() -> Message:
        nonlocal left
        message = await request.receive()
        left -= len(message.get("body", b""))
        if left < 0 or int(request.headers.get("content-length", 0)) > MAX_BYTES:
            raise HTTPException(413)
        return message

    return receive


def _readable(text: str) -> bool:
    """Whether every database can keep it: PostgreSQL knows no NUL, neither knows half a character."""
    if "\0" in text:
        return False
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
