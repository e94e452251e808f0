"""The one place where words are looked up in a gettext catalogue. No locale is chosen anywhere else."""

import gettext as _gettext

_catalogue: _gettext.NullTranslations = _gettext.NullTranslations()


def _(message: str) -> str:
    """The message in the reader's language; English is the source text itself."""
    return _catalogue.gettext(message)


def N_(message: str) -> str:
    """Marks a message that is looked up later, where it is shown."""
    return message


def ngettext(one: str, many: str, count: int) -> str:
    """The form of the message that goes with ``count``."""
    return _catalogue.ngettext(one, many, count)
