"""The wall's picture of the standings, as plain values."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from flask_babel import force_locale
from sqlalchemy import select

from telesales import clock
from telesales.agents.models import Team
from telesales.campaigns.models import Campaign
from telesales.centre import service as centre
from telesales.extensions import db
from telesales.standings import wording
from telesales.standings.queries import recent
from telesales.standings.queries.awards import Winner, winners_of
from telesales.standings.queries.day import DayStandings, places_before, today_standings
from telesales.standings.queries.scope import Scope
from telesales.standings.queries.totals import AgentTotals
from telesales.standings.rules.days import local_date
from telesales.standings.rules.goals import Progress, team_progress
from telesales.standings.rules.kinds import AwardKind
from telesales.standings.rules.ranking import Placed
from telesales.tenancy.models import Client
from telesales.tenancy.scope import current_scope

EVERYTHING = Scope()
TOP_SHOWN = 3


def board_snapshot(scope: Scope = EVERYTHING, *, locale: str | None = None) -> dict[str, Any]:
    """Return everything that a whiteboard shows of today, inside the client's wall that the caller has set.

    JSON values; names in the person's own order.
    """
    with force_locale(locale or centre.settings().locale or "en"):
        return _snapshot(today_standings(scope))


def _snapshot(standings: DayStandings) -> dict[str, Any]:
    now = clock.now()
    before = places_before(standings, now - recent.COMPARED_WITH)
    progress = {entry.item.user_id: standings.progress_of(entry.item) for entry in standings.placed}
    return {
        "as_of": now.isoformat(),
        "day": today_of_centre().isoformat(),
        "title": _title(standings.scope),
        "rows": [
            _row(entry, standings.currency, progress[entry.item.user_id], before)
            for entry in standings.placed
        ],
        "team": _team(standings, list(progress.values())),
        "awards": list(_awards(standings)),
        "ticker": _ticker(standings),
        "demo": any(entry.item.is_demo for entry in standings.placed),
    }


def today_of_centre() -> date:
    """Return the date on the centre's wall."""
    return local_date(clock.now(), centre.settings().time_zone)


def _title(scope: Scope) -> str:
    wall = current_scope()
    if scope.campaign_ids is not None and len(scope.campaign_ids) == 1:
        query = select(Campaign.name).where(Campaign.id == scope.campaign_ids[0])
    elif scope.team_id is not None:
        query = select(Team.name).where(Team.id == scope.team_id)
    elif wall is not None and wall.client_id is not None:
        query = select(Client.name).where(Client.id == wall.client_id)
    else:
        return centre.settings().name
    return db.session.scalar(query) or ""


def _row(
    entry: Placed[AgentTotals], currency: str, progress: Progress, before: dict[int, int]
) -> dict[str, Any]:
    totals = entry.item
    return {
        "user_id": totals.user_id,
        "name": totals.name,
        "latin_name": totals.latin_name,
        "rank": entry.place,
        "previous_rank": before.get(totals.user_id),
        "sales": totals.sales,
        "amount_minor": totals.amounts.get(currency, 0),
        "currency": currency,
        "goal": totals.goal,
        "gap": progress.gap,
        "per_hour": _rounded(totals.per_hour),
    }


def _team(standings: DayStandings, members: list[Progress]) -> dict[str, Any]:
    team = team_progress(members)
    return {
        "sales": team.sales,
        "goal": team.goal,
        "amount_minor": sum(entry.item.amounts.get(standings.currency, 0) for entry in standings.placed),
        "currency": standings.currency,
        "pace_needed_per_hour": _rounded(team.pace_needed),
        "per_hour": _rounded(team.per_hour),
    }


def _awards(standings: DayStandings) -> Iterator[dict[str, Any]]:
    top_shown = 0
    for winner in winners_of(standings, standings.improvements()):
        top_shown += winner.kind is AwardKind.TOP
        entry = standings.find(winner.user_id)
        if entry is not None and top_shown <= TOP_SHOWN:
            yield _award(winner, entry.item)


def _award(winner: Winner, totals: AgentTotals) -> dict[str, Any]:
    return {
        "kind": winner.kind.value,
        "name": totals.name,
        "latin_name": totals.latin_name,
        "text": wording.award_text(winner.kind, winner.figures),
        "figures": {**winner.figures, "place": winner.place},
    }


def _ticker(standings: DayStandings) -> list[dict[str, Any]]:
    campaigns = recent.campaigns_at_work(standings.scope, standings.days)
    return [
        {
            "at": sale.at.isoformat(),
            "name": sale.name,
            "product": sale.product,
            "amount_minor": sale.amount_minor,
            "currency": sale.currency,
        }
        for sale in recent.latest_sales(standings.scope, standings.days, campaigns)
    ]


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 2)
