"""What each sentence on a card claims, read back from the sentence itself, to be held against people's answers."""

import re
from dataclasses import dataclass

from service.domain.profiles import Profile
from tests.domain.crowds import LABELS

TAPPED = {label: answer for answer, label in LABELS.items()}

BOTH = {
    "You both sing": "singing",
    "You both play music": "playing-music",
    "You both cook": "cooking",
    "You both like walking and hills": "walking-and-hills",
    "You both read": "reading",
    "You both make things by hand": "making-by-hand",
    "You both play games": "games",
    "You both grow things": "growing-things",
    "You both like sport": "sport",
    "You both like pictures and film": "pictures-and-film",
    "You both fix things": "fixing-things",
    "You both volunteer": "volunteering",
}

SENTENCES = {
    "help-both": (
        r"You could each help the other: you with (?P<gives>.+), (?P<name>\w+) with (?P<gets>.+)\.",
        r"(?P<name>\w+) can help with (?P<gets>.+), and you can help with (?P<gives>.+)\.",
        r"A swap worth making: you help with (?P<gives>.+), (?P<name>\w+) with (?P<gets>.+)\.",
    ),
    "help": (
        r"(?P<name>\w+) would love a hand with (?P<gives>.+), which you offered\.",
        r"(?P<name>\w+) asked about (?P<gives>.+)\. You said you could help with that\.",
        r"You offered a hand with (?P<gives>.+), and (?P<name>\w+) asked for just that\.",
        r"You asked about (?P<gets>.+)\. (?P<name>\w+) offered exactly that\.",
        r"(?P<name>\w+) offered a hand with (?P<gets>.+), and you asked for just that\.",
        r"You would love a hand with (?P<gets>.+), which (?P<name>\w+) offered\.",
    ),
    "private-help": (
        r"Only you see this: you asked about (?P<mine>.+), and (?P<name>\w+) offered a hand\.",
        r"Just for your eyes: (?P<name>\w+) offered a hand with (?P<mine>.+), which you asked about\.",
        r"This line is yours alone: (?P<name>\w+) can help with (?P<mine>.+)\.",
    ),
    "thread": (
        r"(?P<both>You both .+), and your days look nothing (?P<apart>alike)\.",
        r"(?P<both>You both .+)\. What fills your days is quite (?P<apart>different)\.",
        r"Different (?P<apart>days), one thing in common: (?P<thread>.+)\.",
        r"(?P<both>You both .+)\. That is a good place to start\.",
        r"(?P<both>You both .+), and that is one thing you share already\.",
        r"Here is something you have in common: (?P<thread>.+)\.",
    ),
    "honest": (
        r"No clever reason this time\. You haven't met, and that's enough\.",
        r"Nothing clever to say here: you haven't met yet, and that will do\.",
        r"Chance brought you here\. You haven't met, and a hello is all it takes\.",
    ),
}


@dataclass(frozen=True)
class Claim:
    """One sentence's kind, and its parts by what they say."""

    kind: str
    parts: dict[str, str]


def claims(text: str) -> list[Claim]:
    """Every way in which the sentence can be read; a good one has exactly one."""
    return [
        Claim(kind, match.groupdict())
        for kind, forms in SENTENCES.items()
        for form in forms
        if (match := re.fullmatch(form, text))
    ]


def is_true(claim: Claim, reader: Profile, partner: Profile) -> bool:
    """Whether what the two said entails the claim. Only what the reader asked may be private."""
    parts = dict(claim.parts)
    if parts.pop("name", partner.id) != partner.id:
        return False
    if parts.pop("apart", None) and (not reader.field or not partner.field or reader.field == partner.field):
        return False
    if both := parts.pop("both", None):
        parts["thread"] = LABELS[BOTH[both]]
    said = {
        "gives": reader.offers & (partner.asks - partner.private_asks),
        "gets": partner.offers & (reader.asks - reader.private_asks),
        "mine": partner.offers & reader.private_asks,
        "thread": reader.passions & partner.passions,
    }
    return all(TAPPED[words.strip("“”")] in said[part] for part, words in parts.items())
