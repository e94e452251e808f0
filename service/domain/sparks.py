"""The true sentence and the first question on each card: the words only. What is true is decided in affinity."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from random import Random
from typing import Any

from service.domain.affinity import HELP, HELP_BOTH, PRIVATE_HELP, THREAD, Rarity, reasons
from service.domain.language import _
from service.domain.profiles import Id, Profile
from service.domain.questions import PASSIONS, TOPICS, slug

Label = Callable[[str], str]

WORDINGS = 3
_OWN = {option.value for option in (*PASSIONS, *TOPICS)} - {"finding-my-way-in-this-town"}
"""Answers whose words fit into a sentence as they are. Any other stands in quotation marks."""


@dataclass(frozen=True, slots=True)
class Spark:
    """What one reader's card says, before it has words.

    ``kind`` is the reason's kind and ``wording`` (0 to 2) which of its three forms; ``about`` is the partner it is true
    with, None for honest. ``gives`` is the topic the reader can help with, ``gets`` the topic the reader asked for,
    ``thread`` the shared passion. ``opens`` asks first, alike on all cards of a meeting. ``apart``: both fields are
    known and different.
    """

    kind: str
    wording: int
    about: Id | None
    gives: str | None
    gets: str | None
    thread: str | None
    opens: Id
    apart: bool = False

    def as_json(self) -> dict[str, Any]:
        """The spark as it is stored."""
        return asdict(self)

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Spark":
        """The spark from what was stored; names this version does not know are left aside."""
        return cls(**{part.name: stored[part.name] for part in fields(cls) if part.name in stored})


def strike(group: Sequence[Profile], rarity: Rarity, rng: Random) -> dict[Id, Spark]:
    """The spark of each person in a pair or trio. ``rarity`` is ``affinity.rarity`` of everybody in the round.

    Wording and opener are drawn once a group whatever was answered, so that nothing private shows in them.
    """
    opens, wording = group[rng.randrange(len(group))].id, rng.randrange(WORDINGS)
    return {
        reader: Spark(
            kind=reason.kind,
            wording=wording,
            about=reason.about,
            gives=reason.gives,
            gets=reason.gets,
            thread=reason.thread,
            opens=opens,
            apart=reason.apart,
        )
        for reader, reason in reasons(group, rarity).items()
    }


def sentence(spark: Spark, name: str, label: Label) -> str:
    """Why the reader meets ``name``, in one sentence; at most 120 characters where names and answers are short.

    ``label`` gives the words of a topic or passion in lower case.
    """
    words = _words(spark, label)
    if spark.kind == THREAD:
        return _thread(spark).format(both=_both(spark.thread or "", words["thread"]), **words)
    if spark.kind == HELP_BOTH:
        forms = _help_both()
    elif spark.kind == PRIVATE_HELP:
        forms = _private_help()
    elif spark.kind == HELP:
        forms = _helper() if spark.gives else _asker()
    else:
        forms = _honest()
    return forms[spark.wording].format(name=name, **words)


def question(spark: Spark, label: Label) -> str:
    """The first question to ask, about the partner. Whoever asked for help reads one about the help, and back."""
    words = _words(spark, label)
    if spark.gets:
        return _about_the_helper()[spark.wording].format(**words)
    if spark.gives:
        return _about_the_ask()[spark.wording].format(**words)
    if spark.thread:
        return _about_the_thread()[spark.wording].format(**words)
    return _about_the_days()[spark.wording]


def _words(spark: Spark, label: Label) -> dict[str, str]:
    answers = {"gives": spark.gives, "gets": spark.gets, "thread": spark.thread}
    return {part: _quoted(answer, label) for part, answer in answers.items() if answer}


def _quoted(answer: str, label: Label) -> str:
    return label(answer) if slug(answer) in _OWN else _("“{words}”").format(words=label(answer))


def _help_both() -> tuple[str, ...]:
    return (
        _("You could each help the other: you with {gives}, {name} with {gets}."),
        _("{name} can help with {gets}, and you can help with {gives}."),
        _("A swap worth making: you help with {gives}, {name} with {gets}."),
    )


def _helper() -> tuple[str, ...]:
    return (
        _("{name} would love a hand with {gives}, which you offered."),
        _("{name} asked about {gives}. You said you could help with that."),
        _("You offered a hand with {gives}, and {name} asked for just that."),
    )


def _asker() -> tuple[str, ...]:
    return (
        _("You asked about {gets}. {name} offered exactly that."),
        _("{name} offered a hand with {gets}, and you asked for just that."),
        _("You would love a hand with {gets}, which {name} offered."),
    )


def _private_help() -> tuple[str, ...]:
    return (
        _("Only you see this: you asked about {gets}, and {name} offered a hand."),
        _("Just for your eyes: {name} offered a hand with {gets}, which you asked about."),
        _("This line is yours alone: {name} can help with {gets}."),
    )


def _thread(spark: Spark) -> str:
    if spark.apart:
        return (
            _("{both}, and your days look nothing alike."),
            _("{both}. What fills your days is quite different."),
            _("Different days, one thing in common: {thread}."),
        )[spark.wording]
    return (
        _("{both}. That is a good place to start."),
        _("{both}, and that is one thing you share already."),
        _("Here is something you have in common: {thread}."),
    )[spark.wording]


def _honest() -> tuple[str, ...]:
    return (
        _("No clever reason this time. You haven't met, and that's enough."),
        _("Nothing clever to say here: you haven't met yet, and that will do."),
        _("Chance brought you here. You haven't met, and a hello is all it takes."),
    )


def _both(passion: str, words: str) -> str:
    forms = {
        "singing": _("You both sing"),
        "playing-music": _("You both play music"),
        "cooking": _("You both cook"),
        "walking-and-hills": _("You both like walking and hills"),
        "reading": _("You both read"),
        "making-by-hand": _("You both make things by hand"),
        "games": _("You both play games"),
        "growing-things": _("You both grow things"),
        "sport": _("You both like sport"),
        "pictures-and-film": _("You both like pictures and film"),
        "fixing-things": _("You both fix things"),
        "volunteering": _("You both volunteer"),
    }
    return forms.get(slug(passion)) or _("You both picked {passion}").format(passion=words)


def _about_the_helper() -> tuple[str, ...]:
    return (
        _("When did you first help somebody with {gets}?"),
        _("How did {gets} become something you can help with?"),
        _("What do you enjoy about helping with {gets}?"),
    )


def _about_the_ask() -> tuple[str, ...]:
    return (
        _("What have you tried so far with {gives}?"),
        _("What made {gives} come up for you just now?"),
        _("What would a good hand with {gives} look like to you?"),
    )


def _about_the_thread() -> tuple[str, ...]:
    return (
        _("What pulled you into {thread} the first time?"),
        _("What does {thread} give you that little else does?"),
        _("Who or what keeps you coming back to {thread}?"),
    )


def _about_the_days() -> tuple[str, ...]:
    return (
        _("What would surprise me about an ordinary Tuesday of yours?"),
        _("What made you start doing what you do?"),
        _("Which part of your week would you gladly show a visitor?"),
    )
