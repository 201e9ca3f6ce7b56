"""The leaderboard, and an agent's own numbers."""

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from flask import render_template, request
from flask.typing import ResponseReturnValue

from telesales import clock
from telesales.access.guard import current_user, requires
from telesales.access.roles import LEADERS, STAFF, Role
from telesales.agents.queries import list_teams
from telesales.campaigns.queries import list_campaigns
from telesales.centre import service as centre
from telesales.extensions import row_id
from telesales.push import topics
from telesales.standings.queries import recent
from telesales.standings.queries.day import DayStandings, places_before, today_standings
from telesales.standings.queries.mine import my_numbers
from telesales.standings.queries.scope import Scope, own_days
from telesales.standings.queries.totals import AgentTotals, agent_totals, main_currency, score
from telesales.standings.rules.days import Span
from telesales.standings.rules.goals import Progress, team_progress
from telesales.standings.rules.kinds import Metric
from telesales.standings.rules.ranking import Placed, ranked, visible_to
from telesales.standings.views.blueprint import bp

TOP_FOR_AGENTS = 10
Choice = TypeVar("Choice", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the reader has chosen."""

    span: Span
    metric: Metric
    campaign_id: int | None
    team_id: int | None

    @property
    def scope(self) -> Scope:
        """Whose results."""
        campaigns = None if self.campaign_id is None else (self.campaign_id,)
        return Scope(campaigns, self.team_id)


@bp.get("")
@requires(*STAFF)
def show_leaderboard() -> ResponseReturnValue:
    """Everybody for leaders; the top and one's own neighbours for others."""
    wanted = Wanted(
        _chosen(Span, "span", Span.TODAY),
        _chosen(Metric, "metric", Metric.SALES),
        request.args.get("campaign", type=row_id),
        request.args.get("team", type=row_id),
    )
    totals = agent_totals(wanted.scope, own_days(wanted.span, clock.now()))
    currency = main_currency(totals, centre.settings().currency)
    placed = ranked(totals, lambda entry: score(entry, wanted.metric, currency))
    today = today_standings(wanted.scope) if wanted.span is Span.TODAY else None
    return render_template(
        "standings/show_leaderboard.html",
        wanted=wanted,
        placed=_visible(placed),
        hidden=len(placed) - len(_visible(placed)),
        currency=currency,
        before=_places_before(today, wanted.metric),
        progress=_progress(today),
        team=team_progress(list(_progress(today).values())) if today else None,
        topic=topics.standings(current_user().client_id),
        campaigns=[(campaign.id, campaign.name) for campaign in list_campaigns()],
        teams=[(team.id, team.name) for team in list_teams()],
    )


@bp.get("/mine")
@requires(Role.AGENT)
def show_mine() -> ResponseReturnValue:
    """The line at the foot of the desk."""
    return render_template("standings/mine.html", mine=my_numbers(current_user()))


def _chosen(choices: type[Choice], name: str, default: Choice) -> Choice:
    try:
        return choices(request.args.get(name, default.value))
    except ValueError:
        return default


def _visible(placed: list[Placed[AgentTotals]]) -> list[Placed[AgentTotals]]:
    user = current_user()
    if user.role in LEADERS:
        return placed
    return visible_to(placed, TOP_FOR_AGENTS, is_me=lambda entry: entry.user_id == user.id)


def _places_before(today: DayStandings | None, metric: Metric) -> dict[int, int]:
    if today is None or metric is not Metric.SALES:
        return {}
    return places_before(today, clock.now() - recent.COMPARED_WITH)


def _progress(today: DayStandings | None) -> dict[int, Progress]:
    if today is None:
        return {}
    return {entry.item.user_id: today.progress_of(entry.item) for entry in today.placed}
