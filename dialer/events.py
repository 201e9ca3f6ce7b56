"""What happens on a floor: the events that carriers, agents and the application send to the engine.

An event travels as flat strings in the Redis stream of its campaign and is never edited.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class EventKind(StrEnum):
    """Names of events; the part before the dot says who speaks."""

    # the place-call job and the carrier
    CALL_RESERVED = "call.reserved"  # an attempt row exists and its job is queued (manual and preview calls)
    CALL_PLACED = "call.placed"  # the carrier was asked
    CALL_REFUSED = "call.refused"  # a rule forbade it at the moment of dialing; data: reason
    CALL_RINGING = "call.ringing"
    CALL_ANSWERED = "call.answered"  # data: answer = human | machine
    CALL_CONNECTED = "call.connected"  # callee and agent hear each other
    CALL_MESSAGE_PLAYED = (
        "call.message_played"  # the message of an abandoned call was heard; data: seconds, message, sound
    )
    CALL_OPTED_OUT = "call.opted_out"  # the person pressed the key of the message: never again; data: key
    CALL_ENDED = "call.ended"  # data: cause (CallCause)
    CALL_CAME_IN = "call.came_in"  # somebody rings us; data: lead_id, wait (seconds that they may wait)
    # people; data: by, when a supervisor says it on the agent's behalf
    AGENT_SIGNED_ON = "agent.signed_on"
    AGENT_READY = "agent.ready"
    AGENT_PAUSED = "agent.paused"  # data: reason; during a call it takes effect after it
    AGENT_STEP = "agent.step"  # data: step (index in the script)
    AGENT_HANG_UP = "agent.hang_up"
    AGENT_WRAPPED_UP = (
        "agent.wrapped_up"  # the disposition is saved; data: machine, when no person was on the line
    )
    AGENT_SIGNED_OFF = (
        "agent.signed_off"  # data: after_call: nobody is cut off; to: the campaign to work on at
    )
    AGENT_LOST = "agent.lost"  # the desk has not been heard of
    # the application
    CAMPAIGN_STARTED = "campaign.started"
    CAMPAIGN_PAUSED = "campaign.paused"
    CAMPAIGN_FINISHED = "campaign.finished"
    CAMPAIGN_CHANGED = "campaign.changed"
    LEADS_ADDED = "leads.added"


class CallCause(StrEnum):
    """Why a call ended, as the carrier tells it."""

    CALLEE_HUNG_UP = "callee_hung_up"
    HUNG_UP = "hung_up"  # by us
    TRANSFERRED = "transferred"  # the callee talks with somebody else; our part is over
    BUSY = "busy"
    REJECTED = "rejected"  # the person, or the network on their behalf, does not want it
    NO_ANSWER = "no_answer"
    INVALID = "invalid"
    CONGESTION = "congestion"
    FAILED = "failed"  # the carrier never placed it, or lost it


class Answer(StrEnum):
    """Who picked up."""

    HUMAN = "human"
    MACHINE = "machine"


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened. `at` is seconds since 1970; `id` is the stream id, empty until it was posted."""

    kind: EventKind
    at: float
    campaign_id: int
    attempt_id: int | None = None
    agent_id: int | None = None
    data: Mapping[str, Any] = field(default_factory=dict)
    id: str = ""

    def to_fields(self) -> dict[str, str]:
        """Flat strings for XADD."""
        return {
            "kind": self.kind.value,
            "at": repr(self.at),
            "campaign": str(self.campaign_id),
            "attempt": "" if self.attempt_id is None else str(self.attempt_id),
            "agent": "" if self.agent_id is None else str(self.agent_id),
            "data": json.dumps(dict(self.data), separators=(",", ":")),
        }

    @classmethod
    def from_fields(cls, fields: Mapping[str, str], stream_id: str = "") -> "Event":
        """Inverse of `to_fields`."""
        return cls(
            kind=EventKind(fields["kind"]),
            at=float(fields["at"]),
            campaign_id=int(fields["campaign"]),
            attempt_id=int(fields["attempt"]) if fields["attempt"] else None,
            agent_id=int(fields["agent"]) if fields["agent"] else None,
            data=json.loads(fields["data"]),
            id=stream_id,
        )
