"""What the floor page knows before the first push: people, steps of the script, past decisions, results of the day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import url_for
from sqlalchemy import select

from telesales import clock
from telesales.agents.models import User
from telesales.calls.daily import DailyResult
from telesales.calls.floor import floor_snapshot
from telesales.campaigns import queries
from telesales.campaigns.models import Campaign
from telesales.campaigns.progress import Today
from telesales.centre import service as centre
from telesales.dialing.decisions.chart import Point, chart_points
from telesales.dialing.decisions.queries import Window, latest_decisions
from telesales.extensions import db
from telesales.scripting.service import current_version, read_version

DECISIONS_SHOWN = 60  # some of them placed nothing and are not news
CHART_LENGTH = timedelta(minutes=15)
ONE_DAY = timedelta(days=1)
IN_THE_AIR = ("reserved", "originating", "ringing", "answered", "connected", "message", "ending")


def people_of(campaign: Campaign) -> dict[int, dict[str, Any]]:
    """Names of everybody who may appear on the floor, by id."""
    return {agent.id: _person(agent) for agent in queries.agents_of(campaign)}


def _person(agent: User) -> dict[str, Any]:
    return {
        "name": agent.name,
        "latin": agent.latin_name,
        "team": agent.team.name if agent.team else "",
        "simulated": agent.is_simulated,
    }


def neighbours_of(campaign: Campaign) -> dict[int, dict[str, str]]:
    """Campaigns that share agents with this one, as far as the reader may see them: names and pages by id."""
    return {
        other.id: {
            "name": other.name,
            "url": url_for("dialing.show_floor", campaign_id=other.id),
            "priority": str(other.priority),
        }
        for other in queries.neighbours_of(campaign)
    }


def steps_of(campaign: Campaign) -> list[str]:
    """Titles of the script's steps by their index."""
    version = current_version(campaign.script_id) if campaign.script_id else None
    return [step.title for step in read_version(version).steps] if version else []


def last_decisions(campaign_id: int) -> list[dict[str, Any]]:
    """The latest pacing decisions, newest first."""
    return [
        {"at": row.at.timestamp(), "calls": row.calls, "reason": row.reason, "estimates": row.estimates}
        for row in latest_decisions(campaign_id, DECISIONS_SHOWN)
    ]


def points_of(campaign_id: int) -> list[Point]:
    """The last quarter of an hour for the charts."""
    now = clock.now()
    return chart_points(Window(campaign_id, now - CHART_LENGTH, now))


@dataclass(frozen=True, slots=True)
class Results:
    """A campaign's day so far."""

    sales: int = 0
    calls: int = 0
    talk_seconds: int = 0
    wrap_up_seconds: int = 0
    ready_seconds: int = 0

    @property
    def busy_seconds(self) -> int:
        """Talking and writing up."""
        return self.talk_seconds + self.wrap_up_seconds

    @property
    def worked_seconds(self) -> int:
        """Signed on and not on a break."""
        return self.busy_seconds + self.ready_seconds

    @property
    def occupancy(self) -> float | None:
        """Share of the worked time in which agents were busy."""
        return self.busy_seconds / self.worked_seconds if self.worked_seconds else None

    @property
    def sales_per_hour(self) -> float | None:
        """Sales for each hour that an agent worked."""
        return self.sales * 3600 / self.worked_seconds if self.worked_seconds else None


FIGURES = ("sales", "calls", "talk_seconds", "wrap_up_seconds", "ready_seconds")


def results_today(campaign_ids: Sequence[int]) -> dict[int, Results]:
    """Today's results by campaign; today is each agent's own date."""
    sums: dict[int, dict[str, int]] = {}
    for row, user in _rows_about_now(campaign_ids):
        if row.day != today_of(user):
            continue
        total = sums.setdefault(row.campaign_id, dict.fromkeys(FIGURES, 0))
        for name in FIGURES:
            total[name] += getattr(row, name)
    return {campaign_id: Results(**total) for campaign_id, total in sums.items()}


def _rows_about_now(campaign_ids: Sequence[int]) -> Sequence[tuple[DailyResult, User]]:
    utc_day = clock.now().date()
    days = (utc_day - ONE_DAY, utc_day, utc_day + ONE_DAY)
    found = db.session.execute(
        select(DailyResult, User)
        .join(User, User.id == DailyResult.user_id)
        .where(DailyResult.campaign_id.in_(campaign_ids), DailyResult.day.in_(days))
    )
    return [(row, user) for row, user in found]


def today_of(user: User) -> date:
    """The date where the person is."""
    return clock.now().astimezone(ZoneInfo(user.time_zone or centre.settings().time_zone)).date()


def calls_in_the_air(snapshot: Mapping[str, Any] | None) -> int:
    """Calls that are not over."""
    calls = (snapshot or {}).get("calls", {})
    return sum(calls.get(state, 0) for state in IN_THE_AIR)


def today_of_campaigns(campaign_ids: Sequence[int]) -> dict[int, Today]:
    """What `campaigns.progress` asks: sales of the day, agents and calls now."""
    results = results_today(campaign_ids)
    pictures = {campaign_id: floor_snapshot(campaign_id) for campaign_id in campaign_ids}
    return {
        campaign_id: Today(
            sales=results.get(campaign_id, Results()).sales,
            signed_on=len((picture or {}).get("agents", ())),
            calls=calls_in_the_air(picture),
        )
        for campaign_id, picture in pictures.items()
    }
