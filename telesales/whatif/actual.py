"""What happened since the simulated floor would have run, in the figures that it predicted.

The day it was asked is counted from that moment on, from facts; the days after it as they were rolled up. Several
questions are read at once, with as many statements as for one.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy import RowMapping, literal, union_all

from telesales.centre import service as centre
from telesales.extensions import db
from telesales.whatif.counting import (
    ONE_DAY,
    Statement,
    Stretch,
    first_sales,
    first_states,
    first_talks,
    placed_calls,
    whole_days,
)
from telesales.whatif.outcome import Prices

FEW_HOURS = 1.0  # of work
FEW_ANSWERED = 100
SUMS = ("agent_days", "days", "talk", "wrap_up", "ready", "paused", "calls", "sales")


@dataclass(frozen=True, slots=True)
class Actual:
    """A campaign's figures since a moment."""

    since: datetime
    first_call_at: datetime | None
    days: int  # on which somebody worked
    agents: float  # a day
    work_hours: float
    busy_hours: float  # talk and wrap-up
    talk_hours: float
    pause_hours: float
    calls: int
    answered: int
    abandoned: int
    talks: int
    sales: int

    @property
    def counted_from(self) -> datetime:
        """When the first call was placed that counts; before there is one, when it would."""
        return self.first_call_at or self.since

    @property
    def is_few(self) -> bool:
        """Too little to compare with."""
        return self.work_hours < FEW_HOURS or self.answered < FEW_ANSWERED

    @property
    def occupancy(self) -> float:
        """Talk and wrap-up over the work."""
        return self.busy_hours / self.work_hours

    @property
    def abandonment(self) -> float:
        """Abandoned over answered."""
        return self.abandoned / self.answered

    def an_hour(self, count: float) -> float:
        """So many for each hour of an agent's work."""
        return count / self.work_hours

    def cost_per_sale(self, prices: Prices) -> float | None:
        """Paid hours and connected minutes over sales, in minor units."""
        if not self.sales:
            return None
        paid = (self.work_hours + self.pause_hours) * prices.agent_hour
        return (paid + self.talk_hours * 60 * prices.thousand_minutes / 1000) / self.sales


def house_zone() -> ZoneInfo:
    """Where the centre is."""
    return ZoneInfo(centre.settings().time_zone)


def local_day(at: datetime) -> date:
    """The day in the centre's zone."""
    return at.astimezone(house_zone()).date()


def runs_from(asked_at: datetime, starts_on: date, zone: ZoneInfo) -> datetime:
    """When the floor of a question would have begun: when it was asked, or when its first day begins later."""
    return max(asked_at, _midnight(starts_on, zone))


def actual_since(campaign_id: int, since: datetime) -> Actual:
    """Read a campaign's figures from a moment on."""
    return actuals_since(campaign_id, [since])[since]


def actuals_since(campaign_id: int, moments: Collection[datetime]) -> dict[datetime, Actual]:
    """Read a campaign's figures from each of some moments on."""
    zone = house_zone()
    stretches = [_stretch(since, zone) for since in dict.fromkeys(moments)]
    if not stretches:
        return {}
    sums: dict[int, dict[str, float]] = {nth: dict.fromkeys(SUMS, 0.0) for nth in range(len(stretches))}
    for part in (whole_days, first_states, first_talks, first_sales):
        for row in _each(stretches, campaign_id, part):
            for name, value in row.items():
                sums[row["nth"]][name] = sums[row["nth"]].get(name, 0.0) + float(value or 0)
    calls = {row["nth"]: row for row in _each(stretches, campaign_id, placed_calls)}
    return {
        stretch.since: _actual(stretch.since, sums[nth], calls[nth]) for nth, stretch in enumerate(stretches)
    }


def _stretch(since: datetime, zone: ZoneInfo) -> Stretch:
    day = since.astimezone(zone).date()
    midnight = _midnight(day, zone)
    first_whole = day if midnight == since else day + ONE_DAY
    return Stretch(since, midnight, _midnight(first_whole, zone), first_whole)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time.min, zone).astimezone(UTC)


Part = Callable[[int, Stretch], Statement]


def _each(stretches: Collection[Stretch], campaign_id: int, part: Part) -> Sequence[RowMapping]:
    """One statement for all stretches."""
    found = [
        part(campaign_id, stretch).add_columns(literal(nth).label("nth"))
        for nth, stretch in enumerate(stretches)
    ]
    return db.session.execute(union_all(*found) if len(found) > 1 else found[0]).mappings().all()


def _actual(since: datetime, sums: Mapping[str, float], calls: RowMapping) -> Actual:
    work = sums["talk"] + sums["wrap_up"] + sums["ready"]
    days = round(sums["days"])
    return Actual(
        since=since,
        first_call_at=calls["first"],
        days=days,
        agents=sums["agent_days"] / days if days else 0.0,
        work_hours=work / 3600,
        busy_hours=(sums["talk"] + sums["wrap_up"]) / 3600,
        talk_hours=sums["talk"] / 3600,
        pause_hours=sums["paused"] / 3600,
        calls=calls["placed"],
        answered=int(calls["answered"] or 0),
        abandoned=int(calls["abandoned"] or 0),
        talks=round(sums["calls"]),
        sales=round(sums["sales"]),
    )
