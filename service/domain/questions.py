"""The default pack: what is asked, in which order, with which answers. Ids are stored, words are looked up."""

from dataclasses import dataclass

from service.domain.language import N_, _


@dataclass(frozen=True, slots=True)
class Option:
    """One answer that can be tapped: ``value`` is stored, ``label`` is read."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Question:
    """One question of a pack, as it is put to an attendee.

    ``name`` is its id (passion, field, offer, ask, name); ``skip`` is what the button says
    that leaves it empty, or None where it cannot be left empty.
    """

    name: str
    title: str
    hint: str
    options: tuple[Option, ...]
    skip: str | None
    private_for: frozenset[str] = frozenset()


ORDER = ("passion", "field", "offer", "ask", "name")
IN_BETWEEN = "in-between-things"
PRIVATE_TOPICS = frozenset({"a-career-decision"})


def slug(label: str) -> str:
    """The id of a default option: its English words joined by hyphens."""
    return "-".join(label.casefold().split())


def _options(*labels: str) -> tuple[Option, ...]:
    return tuple(Option(slug(label), label) for label in labels)


PASSIONS = _options(
    N_("Singing"),
    N_("Playing music"),
    N_("Cooking"),
    N_("Walking and hills"),
    N_("Reading"),
    N_("Making by hand"),
    N_("Games"),
    N_("Growing things"),
    N_("Sport"),
    N_("Pictures and film"),
    N_("Fixing things"),
    N_("Volunteering"),
)
FIELDS = _options(
    N_("Caring for people"),
    N_("Teaching"),
    N_("Making things"),
    N_("Fixing and running things"),
    N_("Words and stories"),
    N_("Numbers and data"),
    N_("Looking things up"),
    N_("Selling and serving"),
    N_("Organising people"),
    N_("Studying"),
    N_("In between things"),
)
TOPICS = _options(
    N_("A second pair of eyes on writing"),
    N_("Making sense of numbers"),
    N_("Speaking in public"),
    N_("Forms and paperwork"),
    N_("A computer problem"),
    N_("Learning a language"),
    N_("Finding my way in this town"),
    N_("Starting something new"),
    N_("A career decision"),
    N_("Photos and design"),
    N_("Cooking for a crowd"),
    N_("Thinking out loud"),
)


def pack(own: dict[str, list[str]]) -> dict[str, Question]:
    """The default pack by question name; ``own`` replaces the answers to field, passion or help by an event's own."""
    passions = _own(own.get("passion")) or _told(PASSIONS)
    fields = _own(own.get("field")) or _told(FIELDS)
    topics = _own(own.get("help")) or _told(TOPICS)
    return {
        question.name: question
        for question in (
            Question("passion", _("What can you lose an hour in?"), "", passions, _("Skip this one")),
            Question("field", _("What fills your days?"), "", fields, _("Skip this one")),
            Question(
                "offer",
                _("What could you help a stranger with in ten minutes?"),
                _("Most useful answers are small ones."),
                topics,
                _("Skip this one"),
            ),
            Question(
                "ask",
                _("What would you be glad of a hand with?"),
                _("People say yes far more often than we expect."),
                topics,
                _("Nothing today"),
                PRIVATE_TOPICS,
            ),
            Question("name", _("What should people call you?"), "", (), None),
        )
    }


def following(question: str) -> str:
    """The question after this one; the last one follows itself."""
    return ORDER[min(ORDER.index(question) + 1, len(ORDER) - 1)]


def preceding(question: str) -> str:
    """The question before this one; the first one precedes itself."""
    return ORDER[max(ORDER.index(question) - 1, 0)]


def spoken(own: dict[str, list[str]], value: str) -> str:
    """An answer's words inside a sentence: our own start small, an event's own stand as typed."""
    options = {option.value: option.label for question in pack(own).values() for option in question.options}
    label = options.get(value, value)
    typed = {label for labels in own.values() for label in labels}
    return label if label in typed else label[:1].lower() + label[1:]


def field_phrase(own: dict[str, list[str]], value: str | None) -> str | None:
    """How a card says what fills somebody's days, or None where they did not say."""
    if value is None:
        return None
    if own.get("field"):
        return spoken(own, value)
    if value == IN_BETWEEN:
        return _("is in between things")
    if value in {"words-and-stories", "numbers-and-data"}:
        return _("spends the day with {field}").format(field=spoken(own, value))
    return _("spends the day {field}").format(field=spoken(own, value))


def _own(labels: list[str] | None) -> tuple[Option, ...]:
    return tuple(Option(slug(label), label) for label in dict.fromkeys(labels or ()))


def _told(options: tuple[Option, ...]) -> tuple[Option, ...]:
    return tuple(Option(option.value, _(option.label)) for option in options)
