"""An agent in a call, with everything that a desk shows."""

from dataclasses import dataclass

from telesales.agents.models import User
from telesales.calls.models import CallAttempt
from telesales.campaigns.models import Campaign
from telesales.tenancy.scope import every_client
from tests.factories_calls import (
    make_attempt,
    make_called_lead,
    make_calling_agent,
    make_calling_campaign,
    make_on_floor,
)


@dataclass
class DeskScene:
    """Who sits where. The ids can be read without a client scope."""

    agent: User
    campaign: Campaign
    attempt: CallAttempt
    agent_id: int = 0
    campaign_id: int = 0
    attempt_id: int = 0

    def __post_init__(self) -> None:
        self.agent_id, self.campaign_id, self.attempt_id = self.agent.id, self.campaign.id, self.attempt.id


def make_desk_call(
    *, state: str = "on_call", lead: dict | None = None, agent: dict | None = None, **campaign
) -> DeskScene:
    """An agent who is on a call of a campaign with a script and a product."""
    with every_client():
        person = make_calling_agent(**(agent or {}))
        work = make_calling_campaign(person, **campaign)
        attempt = make_attempt(person, campaign=work, lead=make_called_lead(work, **(lead or {})))
        make_on_floor(person, work, state, attempt)
        return DeskScene(person, work, attempt)
