"""What a simulated agent makes of a callee, and how long everything takes. Pure but for seeded chance; seconds of life."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dialer.carriers.behaviour import Callee, draw_lognormal
from scripts.script import Answer, Field, FieldType, Outcome, Script, Step
from scripts.ways import way_to
from telesales.calls.rules import DispositionCode

KEEN, PATIENT = 0.7, 0.25  # interest from which somebody buys, or at least listens
SHARE_OF_TALK = 0.9  # an agent gets through the script before the callee has had enough
LONGEST_WAY = 25  # steps; after so many only the shortest way is taken
BREAK_AFTER_CALL = 1 / 45
BREAK_SECONDS = (180.0, 480.0)
WRITE_UP_SECONDS = (14.0, 7.0)  # mean, deviation
SHORT_WRITE_UP_SECONDS = (5.0, 2.0)  # a machine leaves nothing to write
END_OF_CALL = {
    DispositionCode.SALE: Outcome.SALE,
    DispositionCode.CALLBACK: Outcome.CALLBACK,
    DispositionCode.NOT_INTERESTED: Outcome.NOT_INTERESTED,
    DispositionCode.DO_NOT_CALL: Outcome.DO_NOT_CALL,
    DispositionCode.WRONG_PERSON: Outcome.WRONG_PERSON,
}
TURNS_AWAY = (DispositionCode.NOT_INTERESTED, DispositionCode.CALLBACK)
Odds = Sequence[tuple[DispositionCode, float]]


@dataclass(frozen=True, slots=True)
class Aim:
    """How a call will end if the callee stays on the line."""

    code: DispositionCode
    is_short: bool = False
    listens: int = 0  # answers on the way to a sale before the callee turns away

    def heads_for(self, taken: int) -> DispositionCode:
        """Where the talk goes after so many answers."""
        return DispositionCode.SALE if taken < self.listens else self.code


def odds_of(callee: Callee, skill: float) -> Odds:
    """What may come of a callee, with weights."""
    if callee.interest >= KEEN:
        return (
            (DispositionCode.SALE, 0.62 * skill),
            (DispositionCode.CALLBACK, 0.2),
            (DispositionCode.NOT_INTERESTED, 0.2),
        )
    if callee.interest >= PATIENT:
        return (
            (DispositionCode.SALE, 0.03 * skill),
            (DispositionCode.CALLBACK, 0.15),
            (DispositionCode.NOT_INTERESTED, 0.82),
        )
    return (
        (DispositionCode.NOT_INTERESTED, 0.81),
        (DispositionCode.NO_CONVERSATION, 0.1),
        (DispositionCode.WRONG_PERSON, 0.07),
        (DispositionCode.DO_NOT_CALL, 0.02),
    )


def aim(rng: random.Random, callee: Callee, *, skill: float) -> Aim:
    """Decide what a call will come to."""
    if callee.mood == "machine":
        return Aim(DispositionCode.MACHINE, is_short=True)
    odds = odds_of(callee, skill)
    code = rng.choices([code for code, _ in odds], [weight for _, weight in odds])[0]
    listens = rng.randint(2, 7) if callee.interest >= PATIENT and code in TURNS_AWAY else 0
    return Aim(code, is_short=code is DispositionCode.NO_CONVERSATION, listens=listens)


def cut_short(aim_: Aim, *, is_over: bool) -> DispositionCode:
    """What a call came to when it ended: a sale only where the script came to its end."""
    if is_over or aim_.code is not DispositionCode.SALE:
        return aim_.code
    return DispositionCode.CALLBACK


def next_answer(
    rng: random.Random, script: Script, step: Step, code: DispositionCode, *, taken: int
) -> Answer | None:
    """An answer that leads towards the outcome, mostly by a short way; None at an end."""
    outcome = END_OF_CALL.get(code)
    ways = {answer.key: _steps_to(script, answer, outcome) for answer in step.answers}
    open_ = [(answer, way) for answer in step.answers if (way := ways[answer.key]) is not None]
    if not open_:
        return rng.choice(step.answers) if step.answers else None
    shortest = min(way for _, way in open_)
    if taken >= LONGEST_WAY:
        return next(answer for answer, way in open_ if way == shortest)
    weights = [1 / (1 + way - shortest) ** 2 for _, way in open_]
    return rng.choices([answer for answer, _ in open_], weights)[0]


def _steps_to(script: Script, answer: Answer, outcome: Outcome | None) -> int | None:
    if outcome is None:
        return 1
    way = way_to(script, outcome, start=answer.goes_to)
    return None if way is None else len(way) + 1


def steps_left(script: Script, step: Step, aim_: Aim, *, taken: int) -> int:
    """How many answers are still to come, at least."""
    outcome = END_OF_CALL.get(aim_.code)
    way = way_to(script, outcome, start=step.key) if outcome else None
    return max(1, aim_.listens - taken) + (len(way) if way else 0)


def step_seconds(rng: random.Random, *, left: int, until_hang_up: float) -> float:
    """How long to stay at a step so that the rest fits into the callee's patience."""
    return max(1.5, SHARE_OF_TALK * until_hang_up / (left + 1) * rng.uniform(0.75, 1.15))


def write_up_seconds(rng: random.Random, aim_: Aim) -> float:
    """How long an agent writes after a call."""
    mean, deviation = SHORT_WRITE_UP_SECONDS if aim_.is_short else WRITE_UP_SECONDS
    return max(1.0, draw_lognormal(rng, mean, deviation))


def wants_break(rng: random.Random) -> bool:
    """Now and then everybody needs a coffee."""
    return rng.random() < BREAK_AFTER_CALL


def break_seconds(rng: random.Random) -> float:
    """How long a break is."""
    return rng.uniform(*BREAK_SECONDS)


def typed_value(rng: random.Random, field: Field, lead: Mapping[str, str], today: str) -> str:
    """What an agent writes into a field of the script."""
    match field.type:
        case FieldType.CHOICE:
            return rng.choice(field.choices).key
        case FieldType.YES_NO:
            return rng.choice(("yes", "no"))
        case FieldType.NUMBER:
            return str(rng.randrange(1, 6))
        case FieldType.MONEY:
            return f"{rng.randrange(55, 190)}.00"
        case FieldType.DATE:
            return today
        case FieldType.PHONE:
            return lead["number"]
        case FieldType.EMAIL:
            return "customer@example.com"
    return lead["name"]
