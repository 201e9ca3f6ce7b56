"""How far campaigns have come today. Sales and live agents are known above: those domains say it here."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from telesales.campaigns import queries
from telesales.campaigns.models import Campaign


@dataclass(frozen=True, slots=True)
class Today:
    """Sales of the day, agents signed on now, calls in the air now."""

    sales: int = 0
    signed_on: int = 0
    calls: int = 0


@dataclass(frozen=True, slots=True)
class Progress:
    """One campaign's day against its goal, and its leads."""

    today: Today
    goal: int  # of all its agents together, for the day
    people: int
    leads: queries.LeadCounts


Provider = Callable[[Sequence[int]], Mapping[int, Today]]
_providers: list[Provider] = []


def register(provider: Provider) -> None:
    """Let a higher domain say what happened today. Registering the same function again changes nothing."""
    if provider not in _providers:
        _providers.append(provider)


def progress_of(campaigns: Sequence[Campaign]) -> dict[int, Progress]:
    """Progress by campaign id."""
    ids = [campaign.id for campaign in campaigns]
    days: dict[int, Today] = {}
    for provider in _providers:
        days |= provider(ids)
    counts = queries.lead_counts(ids)
    return {campaign.id: _progress(campaign, days, counts) for campaign in campaigns}


def _progress(
    campaign: Campaign, days: Mapping[int, Today], counts: Mapping[int, queries.LeadCounts]
) -> Progress:
    agents = queries.agents_of(campaign)
    return Progress(
        today=days.get(campaign.id, Today()),
        goal=sum(agent.daily_goal or campaign.daily_goal for agent in agents),
        people=len(agents),
        leads=counts.get(campaign.id, queries.LeadCounts()),
    )
