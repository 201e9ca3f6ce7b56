"""One agent's own numbers of today."""

from dataclasses import dataclass
from datetime import date

from telesales import clock
from telesales.agents.models import User
from telesales.calls import floor
from telesales.campaigns.queries import campaigns_of_agent
from telesales.commissions.outlook import Ahead, bands_ahead
from telesales.commissions.queries import earned
from telesales.money import Money
from telesales.standings.queries import history, recent
from telesales.standings.queries.day import DayStandings, places_before, today_standings
from telesales.standings.queries.scope import Scope, resolved
from telesales.standings.rules.days import local_date
from telesales.standings.rules.goals import Progress


@dataclass(frozen=True, slots=True)
class MyNumbers:
    """What the desk shows below the call. `place` is 0 before there is any work today."""

    day: date
    progress: Progress
    calls: int
    talk_s: int
    place: int
    is_shared: bool
    people: int
    moved: int  # places up since an hour ago
    earned: list[Money]
    ahead: list[Ahead]


def my_numbers(user: User) -> MyNumbers:
    """Return today's numbers of an agent, on the agent's own day."""
    standings = today_standings(Scope())
    day = local_date(clock.now(), resolved(user.time_zone))
    own = standings.find(user.id)
    past = history.load_past(Scope(), standings.days, user_id=user.id).get(user.id)
    totals = own.item if own else None
    return MyNumbers(
        day=day,
        progress=Progress(
            sales=totals.sales if totals else 0,
            goal=totals.goal if totals else _goal_of(user),
            signed_in_s=totals.signed_in_s if totals else 0,
            usual_s=history.usual_day_of(past),
        ),
        calls=totals.calls if totals else 0,
        talk_s=totals.talk_s if totals else 0,
        place=own.place if own else 0,
        is_shared=own.is_shared if own else False,
        people=len(standings.placed),
        moved=_moved(standings, user.id, own.place) if own else 0,
        earned=earned(user.id, day, day),
        ahead=_ahead(user, day),
    )


def _goal_of(user: User) -> int:
    if user.daily_goal is not None:
        return user.daily_goal
    return max((campaign.daily_goal for campaign in campaigns_of_agent(user)), default=0)


def _moved(standings: DayStandings, user_id: int, place: int) -> int:
    before = places_before(standings, clock.now() - recent.COMPARED_WITH)
    return before.get(user_id, place) - place


def _ahead(user: User, day: date) -> list[Ahead]:
    """The next bands of the campaign that the agent works on now, or could work on."""
    now_on = floor.campaign_of(user.id)
    campaigns = [campaign.id for campaign in campaigns_of_agent(user)[:3]] if now_on is None else [now_on]
    return [ahead for campaign_id in campaigns for ahead in bands_ahead(user.id, campaign_id, day)]
