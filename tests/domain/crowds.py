"""People drawn at random for the domain's tests, and the chance they are drawn with."""

from random import Random

from service.domain.profiles import History, Profile
from service.domain.questions import FIELDS, PASSIONS, TOPICS

NAMES = ("Ada", "Leo", "Mara", "Noor", "Kim", "Sam", "Ivo", "Ruth")
TOPIC_IDS = tuple(option.value for option in TOPICS)
PASSION_IDS = tuple(option.value for option in PASSIONS)
FIELD_IDS = tuple(option.value for option in FIELDS[:10])
LABELS = {option.value: option.label.lower() for option in (*PASSIONS, *TOPICS)}


def chance(seed: int) -> Random:
    """Randomness that can be had again."""
    return Random(seed)  # noqa: S311 tests need no secrets


def few(rng: Random, among: tuple[str, ...], most: int) -> frozenset[str]:
    """Up to ``most`` of them."""
    return frozenset(rng.sample(among, rng.randint(0, most)))


def drawn_room(rng: Random, size: int) -> tuple[list[Profile], History]:
    """Up to eight people of the cast with every trait that matters, few answers to share, and a past."""
    people = [_drawn(rng, NAMES[number]) for number in range(size)]
    return people, _drawn_past(rng, [person.id for person in people])


def crowd(rng: Random, size: int) -> list[Profile]:
    """Many people as an event has them: everybody with a field, two passions, two offers and mostly one ask."""
    people = []
    for number in range(1, size + 1):
        offers = frozenset(rng.sample(TOPIC_IDS, 2))
        asks = frozenset([rng.choice([topic for topic in TOPIC_IDS if topic not in offers])])
        people.append(
            Profile(
                number,
                field=rng.choice(FIELD_IDS),
                passions=frozenset(rng.sample(PASSION_IDS, 2)),
                offers=offers,
                asks=asks if rng.random() < 0.85 else frozenset(),
            )
        )
    return people


def _drawn(rng: Random, name: str) -> Profile:
    return Profile(
        name,
        field=rng.choice((None, *FIELD_IDS[:3], FIELD_IDS[0])),
        passions=few(rng, PASSION_IDS[:4], 2),
        offers=few(rng, TOPIC_IDS[:4], 2),
        asks=few(rng, TOPIC_IDS[:4], 1),
        private_asks=few(rng, TOPIC_IDS[:4], 1) if rng.random() < 0.4 else frozenset(),
        languages=few(rng, ("en", "de"), 2) if rng.random() < 0.5 else frozenset(),
        phone=rng.random() > 0.2,
        prefers=rng.choice((None, None, None, "pair", "trio")),
        place=rng.choice((None, None, None, None, None, None, "A", "B")),
    )


def _drawn_past(rng: Random, ids: list[object]) -> History:
    barred = rng.choice((0, 0.1, 0.3, 0.6))
    past = History(
        barred={
            frozenset((one, two)) for number, one in enumerate(ids) for two in ids[:number] if rng.random() < barred
        }
    )
    for one in ids if rng.random() < 0.7 else ():
        past.over.update({one: rng.randint(1, 2)} if rng.random() < 0.4 else {})
        past.weaker.update({one: rng.randint(1, 3)} if rng.random() < 0.3 else {})
        past.left_out_last.update([one] if rng.random() < 0.2 else [])
        past.honest_last.update([one] if rng.random() < 0.15 else [])
    return past
