"""The agent's live state, as the floor tells it."""

from dataclasses import dataclass
from datetime import UTC, datetime

from dialer.core.floor.agent import AgentState
from telesales import clock
from telesales.calls import floor


@dataclass(frozen=True, slots=True)
class LiveState:
    """What an agent is doing now. `attempt_id` stays through wrap-up."""

    state: AgentState
    since: datetime
    campaign_id: int | None = None  # whose call it is or was; the agent may have been lent to it
    attempt_id: int | None = None
    pause_reason: str = ""
    pause_after_call: bool = False
    leaves_after_call: bool = False
    moves_to: int | None = None
    ordered_by: int | None = None  # a supervisor, who wanted the pause or the leaving
    home_id: int | None = None  # the campaign that the agent signed on to

    @property
    def is_signed_on(self) -> bool:
        """True from sign-on to sign-off."""
        return self.campaign_id is not None

    @property
    def is_sent_away(self) -> bool:
        """A supervisor's order waits for the end of the call; the agent cannot take it back."""
        return self.ordered_by is not None and (self.pause_after_call or self.leaves_after_call)


def live_state(agent_id: int) -> LiveState:
    """Return the live state of an agent; offline when nobody knows of one."""
    known = floor.agent_state(agent_id)
    if known is None:
        campaign_id = floor.campaign_of(agent_id)
        state = (
            AgentState.OFFLINE if campaign_id is None else AgentState.PAUSED
        )  # the floor has not seen it yet
        return LiveState(state, clock.now(), campaign_id, home_id=campaign_id)
    return LiveState(
        AgentState(known["state"]),
        datetime.fromtimestamp(known["since"], UTC),
        known["campaign_id"],
        known["attempt_id"],
        known["pause_reason"],
        known["next_pause"] is not None,
        known.get("leaves", False),
        known.get("moves_to"),
        known.get("ordered_by"),
        known.get("home") or known["campaign_id"],
    )
