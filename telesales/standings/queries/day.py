"""One day's standings: places, goals, the first sale, the most improved."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from telesales import clock
from telesales.centre import service as centre
from telesales.standings.queries import history, recent
from telesales.standings.queries.scope import OwnDays, Scope, own_days, same_day
from telesales.standings.queries.totals import AgentTotals, agent_totals, main_currency, score
from telesales.standings.rules.days import FirstSale, Span, first_sales
from telesales.standings.rules.goals import Progress
from telesales.standings.rules.improvement import Ruling, most_improved
from telesales.standings.rules.kinds import Metric
from telesales.standings.rules.ranking import Placed, ranked


@dataclass(frozen=True)
class DayStandings:
    """Everybody who worked that day, by place."""

    scope: Scope
    days: OwnDays
    currency: str
    placed: list[Placed[AgentTotals]]

    @cached_property
    def past(self) -> dict[int, tuple[date, history.Past]]:
        """Earlier days of everybody; read when somebody asks."""
        return history.load_past(self.scope, self.days)

    def progress_of(self, totals: AgentTotals) -> Progress:
        """Return somebody's way to the goal of the day."""
        usual = history.usual_day_of(self.past.get(totals.user_id))
        return Progress(totals.sales, totals.goal, totals.signed_in_s, usual)

    def find(self, user_id: int) -> Placed[AgentTotals] | None:
        """Return somebody's place, if there is one."""
        return next((entry for entry in self.placed if entry.item.user_id == user_id), None)

    def first_sales(self) -> list[FirstSale]:
        """Return who sold first by their own clock."""
        house = centre.settings().time_zone
        return first_sales(
            FirstSale(entry.item.user_id, entry.item.first_sale_at, entry.item.time_zone or house)
            for entry in self.placed
            if entry.item.first_sale_at is not None
        )

    def improvements(self) -> Ruling:
        """Compare everybody with the own earlier days."""
        since = self.days.first - history.LOOK_BACK
        return most_improved(history.records_of(self.past, since=since))


def today_standings(scope: Scope) -> DayStandings:
    """Return the standings of everybody's own today."""
    return _standings(scope, own_days(Span.TODAY, clock.now()))


def standings_of(scope: Scope, day: date) -> DayStandings:
    """Return the standings of a date."""
    return _standings(scope, same_day(day))


def _standings(scope: Scope, days: OwnDays) -> DayStandings:
    totals = agent_totals(scope, days)
    currency = main_currency(totals, centre.settings().currency)
    placed = ranked(totals, lambda entry: score(entry, Metric.SALES, currency))
    return DayStandings(scope, days, currency, placed)


def places_before(standings: DayStandings, since: datetime) -> dict[int, int]:
    """Return the places of those who had sold at an earlier moment of today, by agent."""
    campaigns = recent.campaigns_at_work(standings.scope, standings.days)
    gained = recent.gains_since(standings.scope, standings.days, campaigns, since=since)
    sales: dict[int, int] = {}
    amounts: dict[int, int] = {}
    for gain in gained:
        sales[gain.user_id] = sales.get(gain.user_id, 0) + gain.sales
        if gain.currency == standings.currency:
            amounts[gain.user_id] = gain.amount_minor
    had_sold = [
        entry.item for entry in standings.placed if entry.item.sales > sales.get(entry.item.user_id, 0)
    ]
    before = ranked(
        had_sold,
        lambda item: (
            item.sales - sales.get(item.user_id, 0),
            item.amounts.get(standings.currency, 0) - amounts.get(item.user_id, 0),
        ),
    )
    return {entry.item.user_id: entry.place for entry in before}
