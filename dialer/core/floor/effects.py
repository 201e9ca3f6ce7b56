"""What the floor asks to be done after an event. The engine carries it out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Connect:
    """Bridge an answered call with an agent."""

    attempt_id: int
    agent_id: int


@dataclass(frozen=True, slots=True)
class PlayMessage:
    """Nobody is free: play the message, then hang up. `inbound`: the one for people who rang us."""

    attempt_id: int
    inbound: bool = False


@dataclass(frozen=True, slots=True)
class HangUp:
    """End a call that the carrier has."""

    attempt_id: int


@dataclass(frozen=True, slots=True)
class Withdraw:
    """End a call that the carrier may never have been asked for: forbid it, else hang up."""

    attempt_id: int


@dataclass(frozen=True, slots=True)
class Requeue:
    """The place-call job did not come: queue it again (it is safe to run twice)."""

    attempt_id: int


@dataclass(frozen=True, slots=True)
class Reconcile:
    """Nothing was heard of a call for long: ask the carrier what it knows. `state` is what the floor believes."""

    attempt_id: int
    state: str


@dataclass(frozen=True, slots=True)
class Fact:
    """Something to be recorded for good. `source` names it once and for all: recorded twice, it counts once."""

    kind: str
    at: float
    source: str
    attempt_id: int | None = None
    agent_id: int | None = None
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Push:
    """A message for the browsers that listen to a topic."""

    topic: str
    event: str
    data: Mapping[str, Any]


Effect = Connect | PlayMessage | HangUp | Withdraw | Requeue | Reconcile | Fact | Push
Command = Connect | PlayMessage | HangUp | Withdraw | Requeue | Reconcile
