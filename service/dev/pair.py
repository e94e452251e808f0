"""What ``thaw pair`` prints: a room file matched round by round, without a server. No rule of matching lives here."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from random import Random
from time import perf_counter
from typing import Any

from service.domain import affinity, rooms, sparks
from service.domain.language import _, ngettext
from service.domain.matching import Pairing, pair_up
from service.domain.profiles import History, Id, Profile
from service.domain.sparks import Spark

HELPFUL = {affinity.HELP_BOTH, affinity.HELP, affinity.PRIVATE_HELP}


@dataclass(frozen=True, slots=True)
class RoundTold:
    """One round as it is printed; ``same_field``, ``with_reason`` and ``help`` count groups."""

    number: int
    groups: list[list[Id]]
    left_out: list[Id]
    same_field: int
    with_reason: int
    help: int
    seconds: float


def rehearse(text: str, rounds: int, seed: int) -> dict[str, Any]:
    """``rounds`` rounds with the people of a room file, all of them present throughout.

    Same text and seed, same result but for ``seconds``. A trio names last who was over. Raises NotUnderstood.
    """
    room = rooms.read(text)
    history = History(barred=set(room.bars))
    rng = Random(seed)  # noqa: S311 not a secret
    told, reasons = [], []
    for number in range(1, rounds + 1):
        round_, cards = _round(room, history, rng, number)
        told.append(asdict(round_))
        reasons += _reasons(room, number, round_.groups, cards)
    return {"people": len(room.people), "rounds": told, "reasons": reasons}


def told(result: dict[str, Any]) -> str:
    """The result of ``rehearse`` in plain text for people."""
    lines = [ngettext("{count} person", "{count} people", result["people"]).format(count=result["people"])]
    texts = {(reason["round"], reason["to"]): reason["text"] for reason in result["reasons"]}
    for round_ in result["rounds"]:
        lines += ["", _heading(round_)]
        for group in round_["groups"]:
            lines.append("  " + ", ".join(str(person) for person in group))
            lines += [
                _("    to {id}: {text}").format(id=person, text=texts[round_["number"], person]) for person in group
            ]
        if round_["left_out"]:
            left_out = ", ".join(str(person) for person in round_["left_out"])
            lines.append(_("  left out: {ids}").format(ids=left_out))
    return "\n".join(lines)


def _round(room: rooms.Room, history: History, rng: Random, number: int) -> tuple[RoundTold, dict[Id, Spark]]:
    """Match everybody once and add what happened to ``history``."""
    people = [person.profile for person in room.people]
    began = perf_counter()
    pairing = pair_up(people, history, rng)
    cards = _struck(people, pairing, rng)
    seconds = perf_counter() - began
    history.remember(pairing.groups, pairing.left_out, pairing.over, {to: card.kind for to, card in cards.items()})
    return _counted(people, pairing, cards, number, seconds), cards


def _struck(people: list[Profile], pairing: Pairing, rng: Random) -> dict[Id, Spark]:
    rarity = affinity.rarity(people)
    known = {person.id: person for person in people}
    cards: dict[Id, Spark] = {}
    for group in pairing.groups:
        cards |= sparks.strike([known[person] for person in group], rarity, rng)
    return cards


def _counted(people: list[Profile], pairing: Pairing, cards: dict[Id, Spark], number: int, seconds: float) -> RoundTold:
    known = {person.id: person for person in people}
    kinds = [{cards[person].kind for person in group} for group in pairing.groups]
    return RoundTold(
        number=number,
        groups=[list(group) for group in pairing.groups],
        left_out=list(pairing.left_out),
        same_field=sum(affinity.same_field([known[person] for person in group]) for group in pairing.groups),
        with_reason=sum(affinity.HONEST not in found for found in kinds),
        help=sum(not found.isdisjoint(HELPFUL) for found in kinds),
        seconds=round(seconds, 6),
    )


def _reasons(room: rooms.Room, number: int, groups: Iterable[list[Id]], cards: dict[Id, Spark]) -> list[dict[str, Any]]:
    names = {person.profile.id: person.name or str(person.profile.id) for person in room.people}
    words = {rooms.value(label): label.lower() for label in (*room.passions, *room.topics)}
    return [
        {
            "round": number,
            "group": index,
            "to": person,
            "kind": cards[person].kind,
            "text": sparks.sentence(cards[person], names.get(cards[person].about, ""), words.__getitem__),
        }
        for index, group in enumerate(groups)
        for person in group
    ]


def _heading(round_: dict[str, Any]) -> str:
    return _(
        "Round {number}: {groups} meetings, {same_field} within one field, {with_reason} with a reason, "
        "{help} with help, {seconds:.3f} s"
    ).format(**{**round_, "groups": len(round_["groups"])})
