"""What happened since a question was asked, in the figures that it predicted."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy import case, func, select

from dialer.ports import DialingMode
from telesales.calls.daily import DailyResult
from telesales.calls.models import CallAttempt, CallDirection, CallResult
from telesales.centre import service as centre
from telesales.extensions import db
from telesales.whatif.measuring import FATE_OF
from telesales.whatif.outcome import Prices

FEW_HOURS = 1.0  # of work
FEW_ANSWERED = 100
BY_PEOPLE = [result for result, fate in FATE_OF.items() if fate == "human"]


@dataclass(frozen=True, slots=True)
class Actual:
    """A campaign's figures since a day, that day included."""

    since: date
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


def local_day(at: datetime) -> date:
    """The day in the centre's zone."""
    return at.astimezone(ZoneInfo(centre.settings().time_zone)).date()


def actual_since(campaign_id: int, since: date) -> Actual:
    """Read a campaign's figures from a day on."""
    sums = _days(campaign_id, since)
    calls, answered, abandoned = _calls(campaign_id, since)
    work = sums["talk"] + sums["wrap_up"] + sums["ready"]
    days = sums["days"]
    return Actual(
        since=since,
        days=days,
        agents=sums["agent_days"] / days if days else 0.0,
        work_hours=work / 3600,
        busy_hours=(sums["talk"] + sums["wrap_up"]) / 3600,
        talk_hours=sums["talk"] / 3600,
        pause_hours=sums["paused"] / 3600,
        calls=calls,
        answered=answered,
        abandoned=abandoned,
        talks=sums["calls"],
        sales=sums["sales"],
    )


def _days(campaign_id: int, since: date) -> dict[str, int]:
    row = db.session.execute(
        select(
            func.count(DailyResult.id).label("agent_days"),
            func.count(func.distinct(DailyResult.day)).label("days"),
            func.sum(DailyResult.talk_seconds).label("talk"),
            func.sum(DailyResult.wrap_up_seconds).label("wrap_up"),
            func.sum(DailyResult.ready_seconds).label("ready"),
            func.sum(DailyResult.paused_seconds).label("paused"),
            func.sum(DailyResult.calls).label("calls"),
            func.sum(DailyResult.sales).label("sales"),
        ).where(
            DailyResult.campaign_id == campaign_id,
            DailyResult.day >= since,
            DailyResult.talk_seconds + DailyResult.wrap_up_seconds + DailyResult.ready_seconds > 0,
        )
    ).one()
    return {name: int(value or 0) for name, value in row._mapping.items()}


def _calls(campaign_id: int, since: date) -> tuple[int, int, int]:
    """Calls that the dialer placed, answered by a person, and abandoned; those by hand or from outside are not foreseen."""
    zone = ZoneInfo(centre.settings().time_zone)
    start = datetime.combine(since, time.min, zone).astimezone(UTC)
    answered = CallAttempt.result.in_(BY_PEOPLE)
    placed, people, lost = db.session.execute(
        select(
            func.count(CallAttempt.id),
            func.sum(case((answered, 1), else_=0)),
            func.sum(case((CallAttempt.result == CallResult.ABANDONED, 1), else_=0)),
        ).where(
            CallAttempt.campaign_id == campaign_id,
            CallAttempt.reserved_at >= start,
            CallAttempt.originating_at.is_not(None),
            CallAttempt.mode != DialingMode.MANUAL,
            CallAttempt.direction == CallDirection.OUTBOUND,
        )
    ).one()
    return placed, int(people or 0), int(lost or 0)
