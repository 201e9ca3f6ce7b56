"""An agent on the floor."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any


class AgentState(StrEnum):
    """What an agent is doing."""

    READY = "ready"
    RESERVED = "reserved"  # a call is on the way to this agent
    ON_CALL = "on_call"
    WRAP_UP = "wrap_up"
    PAUSED = "paused"
    OFFLINE = "offline"


CALL_STATES = frozenset({AgentState.RESERVED, AgentState.ON_CALL})


@dataclass(slots=True)
class Agent:
    """One agent who is signed on. `attempt_id` stays through wrap-up: it is the call that is being written up."""

    agent_id: int
    state: AgentState
    since: float
    pause_reason: str = ""
    next_pause: str | None = None  # asked for during a call: pause after it, with this reason
    attempt_id: int | None = None
    step: int | None = None
    step_since: float = 0.0
    answered_at: float | None = None  # the call's, if it was taken for a person; late: not connected in time
    late: bool = False
    wrapped_up: bool = False  # the disposition was saved before the call was over
    leaves: bool = False  # signs off when the call is over
    moves_to: int | None = None  # and works on at this campaign
    ordered_by: int | None = None  # who asked for the pause or the leaving on the agent's behalf
    home: int = 0  # the campaign that the agent signed on to
    serves: tuple[int, ...] = ()  # campaigns whose calls the agent may take; empty: only the one signed on to

    @property
    def is_leaving(self) -> bool:
        """In a call or wrap-up, and to pause or sign off after it: not free when it is over."""
        return self.leaves or self.next_pause is not None

    @property
    def order(self) -> dict[str, int]:
        """Who sent the agent away, and where to; for facts."""
        found = {"by": self.ordered_by, "to": self.moves_to}
        return {name: value for name, value in found.items() if value is not None}

    def dump(self) -> dict[str, Any]:
        """Return JSON values."""
        return asdict(self)

    @classmethod
    def load(cls, values: Mapping[str, Any]) -> "Agent":
        """Inverse of `dump`."""
        serves = tuple(values.get("serves", ()))
        return cls(**{**values, "state": AgentState(values["state"]), "serves": serves})

    def view(self) -> dict[str, Any]:
        """What the agent's desk and the floor page see."""
        return {
            "id": self.agent_id,
            "state": self.state.value,
            "since": self.since,
            "step": self.step,
            "pause_reason": self.pause_reason if self.state is AgentState.PAUSED else "",
            "pause_after_call": self.next_pause is not None,
            "leaves_after_call": self.leaves,
            "moves_to": self.moves_to,
            "ordered_by": self.ordered_by,
            "attempt_id": self.attempt_id,
            "home": self.home,
        }
