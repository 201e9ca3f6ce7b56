"""Why an order was not given."""

from telesales.agents.models import User
from telesales.campaigns.models import Campaign
from telesales.errors import ConflictError


class AgentGoneError(ConflictError):
    """The agent is on no floor any more."""

    code = "agent-gone"

    def __init__(self, agent: User) -> None:
        super().__init__()
        self.agent = agent


class AgentElsewhereError(ConflictError):
    """The agent works on another campaign than the page has shown."""

    code = "agent-elsewhere"

    def __init__(self, agent: User, campaign: Campaign) -> None:
        super().__init__()
        self.agent, self.campaign = agent, campaign
