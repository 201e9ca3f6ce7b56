"""A call on the floor."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from dialer.core.abandonment import CONNECT_SECONDS
from dialer.core.hopper import Result


class CallState(StrEnum):
    """Where a call is. An ended call leaves the floor."""

    RESERVED = "reserved"  # the job that places it is queued
    ORIGINATING = "originating"  # the carrier was asked
    RINGING = "ringing"
    ANSWERED = "answered"  # waits for an agent, or for the bridge
    CONNECTED = "connected"
    MESSAGE = "message"  # abandoned: hears the message
    ENDING = "ending"  # we hung up and wait for the carrier to say so


class Order(StrEnum):
    """The last thing that the carrier was told about a call; repeated until its effect is seen."""

    CONNECT = "connect"
    MESSAGE = "message"
    HANG_UP = "hang_up"
    WITHDRAW = "withdraw"


class CallResult(StrEnum):
    """What a call came to when no system result of the hopper says it."""

    TALKED = "talked"  # a person or machine was with an agent
    HUNG_UP_FIRST = "hung_up_first"  # answered, and gone before the two seconds were over
    REFUSED = "refused"  # a rule forbade it at the moment of dialing
    MISSED_INBOUND = "missed_inbound"
    HUNG_UP_WAITING = "hung_up_waiting"  # inbound: did not wait for an agent
    RELEASED = "released"  # certainly never placed


BEFORE_ANSWER = frozenset({CallState.RESERVED, CallState.ORIGINATING, CallState.RINGING})

# Less than the two seconds of the law: the message itself has to start within them.
PATIENCE_SECONDS = CONNECT_SECONDS - 0.1
# For so long people who ring us leave ready agents to calls that ring already: one for each agent is let ring as long
# as the law demands; of more calls than agents most are not answered, and the pacing rule counted with the risk.
PROMISED_SECONDS, RISKED_SECONDS = 15.0, 5.0
REQUEUE_SECONDS = 2.0
RECONCILE_SECONDS = 5.0
RINGING_CHECK_SECONDS = 45.0
TALK_CHECK_SECONDS = 10.0
REPEAT_SECONDS = 1.0
MEMORY_SECONDS = 60.0  # how long an ended call is remembered, so that a late event about it changes nothing


@dataclass(slots=True)
class Call:
    """One attempt in the air. `agent_id` is the agent who has it or is about to get it."""

    attempt_id: int
    state: CallState
    since: float
    reserved_at: float
    lead_id: int | None = None
    manual: bool = False  # dialed for one agent: nobody else may get it
    inbound: bool = False  # they rang us: in no figure of the law, and they wait longer than two seconds
    wait: float = 0.0  # inbound: for an agent, at most
    missed: bool = False  # inbound: nobody was free in time
    agent_id: int | None = None
    agent_paused: bool = False  # manual: the agent dialed from a pause and goes back to it
    answered_at: float | None = None
    human: bool = False
    connected_at: float | None = None
    over_at: float | None = None  # we hung up: the conversation ended here
    abandoned: bool = False
    opted_out: bool = False
    order: Order | None = None
    ordered_at: float = 0.0
    repeats: int = 0
    checked_at: float = 0.0

    def dump(self) -> dict[str, Any]:
        """Return JSON values without those that are as they begin."""
        return {name: value for name, value in asdict(self).items() if value != _BLANK[name]}

    @classmethod
    def load(cls, values: Mapping[str, Any]) -> "Call":
        """Inverse of `dump`."""
        order = values.get("order")
        return cls(
            **{**values, "state": CallState(values["state"]), "order": Order(order) if order else None}
        )

    @property
    def is_waiting(self) -> bool:
        """A person is on the line and nobody has been found yet."""
        return self.state is CallState.ANSWERED and self.agent_id is None


_BLANK: Mapping[str, Any] = {
    **asdict(Call(attempt_id=0, state=CallState.ENDING, since=0.0, reserved_at=0.0)),
    "attempt_id": None,
    "state": None,
    "since": None,
    "reserved_at": None,
}

_RESULT_OF_CAUSE: Mapping[str, str] = {
    "busy": Result.BUSY,
    "no_answer": Result.NO_ANSWER,
    "invalid": Result.INVALID,
    "congestion": Result.CONGESTION,
    "failed": Result.FAILED,
}


def result_of_cause(cause: str) -> str:
    """Result of a call that ended before anybody answered."""
    return _RESULT_OF_CAUSE.get(cause, Result.NO_ANSWER)


def next_check(call: Call) -> float:
    """When the floor has to look at the call again if nothing is heard of it."""
    match call.state:
        case CallState.RESERVED:
            return max(call.since, call.checked_at) + REQUEUE_SECONDS
        case CallState.ORIGINATING:
            return max(call.since, call.checked_at) + RECONCILE_SECONDS
        case CallState.RINGING:
            return max(call.since, call.checked_at) + RINGING_CHECK_SECONDS
        case CallState.ANSWERED if call.agent_id is None and call.inbound:
            moments = (call.since + seconds for seconds in (RISKED_SECONDS, PROMISED_SECONDS, call.wait))
            return min((at for at in moments if at > call.checked_at), default=call.since + call.wait)
        case CallState.ANSWERED if call.agent_id is None:
            return call.since + PATIENCE_SECONDS
        case CallState.CONNECTED | CallState.MESSAGE:
            return max(call.since, call.checked_at) + TALK_CHECK_SECONDS
    return call.ordered_at + REPEAT_SECONDS
