"""Days before the demo began, so that arrows and "most improved" have something to compare. Pure but for seeded chance."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

DAYS = 20
DAY_OFF = 0.12
WORK_SECONDS = 7 * 3600
TALKS_AN_HOUR = 24.0
SALES_A_TALK = 0.135


@dataclass(frozen=True, slots=True)
class PastDay:
    """One agent's day."""

    day: date
    calls: int
    sales: int
    amount_minor: int
    talk_seconds: int
    wrap_up_seconds: int
    ready_seconds: int
    paused_seconds: int


def past_days(key: str, *, skill: float, until: date, prices: list[int]) -> Iterator[PastDay]:
    """The days of one agent before `until`; the same person has always had the same days."""
    for back in range(DAYS, 0, -1):
        day = until - timedelta(days=back)
        rng = random.Random(f"{key}:{back}")
        if day.weekday() == 6 or rng.random() < DAY_OFF:
            continue
        yield _day(rng, day, skill=skill, prices=prices)


def _day(rng: random.Random, day: date, *, skill: float, prices: list[int]) -> PastDay:
    worked = round(WORK_SECONDS * rng.uniform(0.85, 1.1))
    calls = round(worked / 3600 * TALKS_AN_HOUR * rng.uniform(0.85, 1.15))
    chance = SALES_A_TALK * skill * rng.uniform(0.75, 1.25)
    sold = [rng.choice(prices) for _call in range(calls) if rng.random() < chance]
    talk = round(worked * rng.uniform(0.62, 0.74))
    wrap_up = round(worked * rng.uniform(0.09, 0.14))
    return PastDay(
        day=day,
        calls=calls,
        sales=len(sold),
        amount_minor=sum(sold),
        talk_seconds=talk,
        wrap_up_seconds=wrap_up,
        ready_seconds=worked - talk - wrap_up,
        paused_seconds=round(rng.uniform(2400, 4200)),
    )


FIGURES = tuple(PastDay.__dataclass_fields__)
