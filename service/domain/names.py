"""What people type, made safe to show: names and sentences. No HTML here; templates escape."""

import unicodedata

import regex

from service.domain.errors import NotUnderstood
from service.domain.language import _

NAME_LENGTH = 40
SENTENCE_LENGTH = 140
CODE_POINTS = 10
"""Code points a counted character may have on average: room for every emoji family, none for a flood."""
MARKS_PER_LETTER = 4
"""Combining marks a letter may carry: enough for every script, too few to climb over other lines."""

VISIBLE, MARK = regex.compile(r"[\p{L}\p{N}\p{S}\p{P}]"), regex.compile(r"\p{M}")
UNSEEN = regex.compile(r"[\p{C}\p{Zl}\p{Zp}]")
"""By regex, whose tables are newer than Python's own: last year's emoji is somebody's name."""
JOINERS = {"\u200c", "\u200d"}
BLANKS = {"\u115f", "\u1160", "\u2800", "\u3164", "\uffa0"}
"""Letters that look like nothing at all."""
HOSTLY = frozenset({"organizer", "organiser", "host", "admin", "administrator", "moderator", "staff", "thaw"})
LOOKALIKES = str.maketrans("аеһімнотѕԁԝɡıαεζημντιο013457@$", "aehimhotsdwgiaezhmntiooieastas")
"""Letters of other scripts, and signs, that pass for the Latin letters of a hostly name."""


def clean_name(typed: str) -> str:
    """The name to call somebody by, 1–40 characters as people count them. Raises NotUnderstood with what to do."""
    name = clean(typed, NAME_LENGTH)
    if not VISIBLE.search(name):
        raise NotUnderstood(_("Tell us what people should call you."))
    if too_long(name, NAME_LENGTH):
        raise NotUnderstood(_("That is long for a name. Use up to 40 characters."))
    if _folded(name) in HOSTLY:
        raise NotUnderstood(_("That name would be taken for the host's. Use the one people call you."))
    return name


def clean_sentence(typed: str) -> str:
    """A short sentence as typed, up to 140 characters. Raises NotUnderstood if empty or too long."""
    sentence = clean(typed, SENTENCE_LENGTH)
    if not sentence:
        raise NotUnderstood(_("Write a few words first, or skip this one."))
    if too_long(sentence, SENTENCE_LENGTH):
        raise NotUnderstood(_("That is too long. Use up to 140 characters."))
    return sentence


def clean(typed: str, most: int) -> str:
    """One line of text without control characters, direction overrides, blanks in disguise and towers of marks.

    Raises NotUnderstood at once for more than ``most`` characters could need.
    """
    if len(typed) > most * CODE_POINTS:  # first of all: normalising takes the square of a flood's length
        raise NotUnderstood(_("That is too long. Use up to {count} characters.").format(count=most))
    text = unicodedata.normalize("NFC", typed)
    kept = "".join(" " if letter.isspace() else letter for letter in text if _shows(letter) or letter.isspace())
    short = "".join(_without_tower(cluster) for cluster in regex.findall(r"\X", kept))
    return " ".join(short.split()).strip("".join(JOINERS))


def too_long(text: str, most: int) -> bool:
    """Whether people would count more than ``most`` characters (grapheme clusters)."""
    return len(text) > most * CODE_POINTS or len(regex.findall(r"\X", text)) > most


def _shows(letter: str) -> bool:
    if letter in JOINERS:
        return True
    return letter not in BLANKS and not UNSEEN.match(letter)


def _without_tower(cluster: str) -> str:
    marks = 0
    kept = []
    for letter in cluster:
        marks = marks + 1 if _is_mark(letter) else 0
        if marks <= MARKS_PER_LETTER:
            kept.append(letter)
    return "".join(kept)


def _is_mark(letter: str) -> bool:
    return bool(MARK.match(letter))


def _folded(name: str) -> str:
    """A name as the eye takes it: without what cannot be seen, and in Latin letters where they look alike."""
    letters = unicodedata.normalize("NFKC", name).casefold().translate(LOOKALIKES)
    seen = "".join(letter for letter in letters if not _is_mark(letter) and letter not in JOINERS)
    return seen.strip(" .!-_")
