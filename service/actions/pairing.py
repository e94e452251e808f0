"""Where meetings are made: loads who is free and who met, asks the matcher, writes what it says."""

from collections.abc import Mapping, Sequence
from itertools import combinations
from random import Random
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm.attributes import flag_modified
from sqlmodel import SQLModel, col, select

from service.actions.turn import Turn
from service.domain import affinity, signals, sparks
from service.domain.affinity import HONEST
from service.domain.delays import LATE_PAIRS_NEED
from service.domain.lifecycle import AVAILABLE, AttendeeState, move
from service.domain.matching import Pairing, pair_up
from service.domain.profiles import History, Id, Profile, profile
from service.domain.signals import Signal
from service.domain.sparks import Spark
from service.models import Answer, Attendee, Bar, Meeting, Pair, Round, Seat


def pair_everybody(turn: Turn, round_: Round) -> None:
    """Match all who are available at the start of a round."""
    people = turn.session.exec(
        select(Attendee)
        .where(Attendee.event_id == turn.event_id, col(Attendee.state).in_(AVAILABLE))
        .order_by(col(Attendee.id))
    ).all()
    pairing = _match(turn, round_, people)
    alone = {attendee.id: attendee for attendee in people if attendee.id in pairing.left_out}
    for attendee in alone.values():
        attendee.because = "left-over" if len(people) > 1 else "first-here"
        attendee.left_out_in = round_.number
    if pairing.over is not None:
        next(attendee for attendee in people if attendee.id == pairing.over).times_over += 1
    for attendee in alone.values():
        if attendee.id != pairing.over:
            attendee.times_over += 1


def pair_late(turn: Turn) -> None:
    """While a round has time left, match those who wait and have not found anybody in it."""
    round_ = running_round(turn)
    if round_ is None or round_.ends_at - turn.now <= LATE_PAIRS_NEED:
        return
    found = (
        select(Seat.attendee_id)
        .join(Meeting, col(Meeting.id) == Seat.meeting_id)
        .where(Meeting.round_id == round_.id, col(Meeting.found_at).is_not(None))
    )
    turn.session.flush()
    free = turn.session.exec(
        select(Attendee)
        .where(
            Attendee.event_id == turn.event_id,
            Attendee.state == AttendeeState.waiting,
            col(Attendee.id).not_in(found),
        )
        .order_by(col(Attendee.id))
    ).all()
    if len(free) > 1:
        _match(turn, round_, free)


def running_round(turn: Turn) -> Round | None:
    """The round that runs now, if one does."""
    query = select(Round).where(Round.event_id == turn.event_id, col(Round.ended_at).is_(None))
    return turn.session.exec(query).first()


def _match(turn: Turn, round_: Round, people: Sequence[Attendee]) -> Pairing:
    turn.session.flush()
    profiles = _profiles(turn, people)
    chance = Random(turn.rng.getrandbits(64))  # noqa: S311 not a secret
    pairing = pair_up(list(profiles.values()), _history(turn, round_, people), chance)
    rarity = affinity.rarity(list(profiles.values()))
    groups = [[profiles[who] for who in group] for group in pairing.groups]  # type: ignore[index]
    struck = [sparks.strike(group, rarity, chance) for group in groups]
    _write(turn, round_, people, struck, chance)
    return pairing


def _profiles(turn: Turn, people: Sequence[Attendee]) -> dict[int, Profile]:
    answers: dict[int, list[tuple[str, list[str], bool]]] = {attendee.id or 0: [] for attendee in people}
    query = select(Answer).join(Attendee, col(Attendee.id) == Answer.attendee_id)
    waiting = query.where(Attendee.event_id == turn.event_id, col(Attendee.state).in_(AVAILABLE))
    for answer in turn.session.exec(waiting).all():
        if answer.attendee_id in answers:
            answers[answer.attendee_id].append((answer.question, answer.chosen, answer.private))
    return {attendee_id: profile(attendee_id, given) for attendee_id, given in answers.items()}


def _history(turn: Turn, round_: Round, people: Sequence[Attendee]) -> History:
    met = turn.session.exec(select(Pair.low_id, Pair.high_id).where(Pair.event_id == turn.event_id)).all()
    bars = turn.session.exec(select(Bar.low_id, Bar.high_id).where(Bar.event_id == turn.event_id)).all()
    return History(
        barred={frozenset(two) for two in (*met, *bars)},
        over={attendee.id: attendee.times_over for attendee in people if attendee.times_over},
        left_out_last={attendee.id for attendee in people if attendee.left_out_in == round_.number - 1},
        weaker={attendee.id: attendee.times_honest for attendee in people if attendee.times_honest},
    )


def _write(
    turn: Turn, round_: Round, people: Sequence[Attendee], struck: Sequence[Mapping[Id, Spark]], chance: Random
) -> None:
    """Each of ``struck`` is a meeting: the spark of everybody in it."""
    by_id: dict[Id, Attendee] = {attendee.id: attendee for attendee in people}
    seats: list[SQLModel] = []
    pairs: list[SQLModel] = []
    for meeting_id, cards in zip(_meet(turn, round_, len(struck), chance), struck, strict=True):
        ids = sorted(by_id[who].id or 0 for who in cards)
        for who, spark in cards.items():
            _sit(turn, by_id[who], honest=spark.kind == HONEST)
            seats.append(Seat(meeting_id=meeting_id, attendee_id=by_id[who].id or 0, spark=spark.as_json()))
        for low, high in combinations(ids, 2):
            pairs.append(Pair(event_id=turn.event_id, low_id=low, high_id=high, meeting_id=meeting_id))
    turn.session.flush()
    _insert(turn, Seat, seats)
    _insert(turn, Pair, pairs)


def _meet(turn: Turn, round_: Round, count: int, chance: Random) -> list[int]:
    """Insert so many meetings and give their ids, in whatever order: they differ in nothing but their signal."""
    meetings = [
        Meeting(
            event_id=turn.event_id,
            round_id=round_.id or 0,
            colour=signal.colour,
            animal=signal.animal,
            spot=signal.spot,
            started_at=turn.now,
        )
        for signal in _signals(turn, round_, count, chance)
    ]
    if not meetings:
        return []
    statement = insert(Meeting).returning(col(Meeting.id))
    made = turn.session.scalars(statement, [_row(meeting) for meeting in meetings])
    return [meeting_id for meeting_id in made if meeting_id]


def _signals(turn: Turn, round_: Round, count: int, chance: Random) -> list[Signal]:
    query = select(Meeting.colour, Meeting.animal, Meeting.spot).where(Meeting.round_id == round_.id)
    taken = [Signal(*parts) for parts in turn.session.exec(query).all()]
    return signals.assign(count, taken, signals.spots_for(count + len(taken)), chance)


def _sit(turn: Turn, attendee: Attendee, honest: bool) -> None:
    move(attendee, AttendeeState.matched)
    attendee.because = "between"
    attendee.times_honest += honest
    for column in ("because", "times_honest"):
        flag_modified(attendee, column)  # rows that change alike are written together, however many
    turn.touch(attendee)


def _insert(turn: Turn, table: type[SQLModel], rows: Sequence[SQLModel]) -> None:
    """One statement for all rows; the session would send one for each."""
    if rows:
        turn.session.execute(insert(table), [_row(row) for row in rows])


def _row(row: SQLModel) -> dict[str, Any]:
    return row.model_dump(exclude={"id"})
