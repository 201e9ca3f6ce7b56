"""The telephones of people: what a page may ask a carrier for. A part of `dialer.ports`, imported from there.

Times are seconds since 1970 (UTC); numbers are E.164 strings; ids are plain integers.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class LineState(StrEnum):
    """How far the permanent leg between an agent's telephone and the carrier is."""

    OPENING = "opening"  # asked for; the carrier has not made the credentials yet
    OPEN = "open"  # the telephone may register with its credentials
    CONNECTED = "connected"  # the leg is up: a call can be bridged at once
    LOST = "lost"  # it was up and is gone; the carrier rings the telephone again when it registers


@dataclass(frozen=True, slots=True)
class Line:
    """An agent's (or supervisor's) telephone, as the carrier sees it."""

    agent_id: int
    state: LineState
    address: str = ""  # where the telephone registers: wss://…
    user: str = ""
    domain: str = ""  # of the SIP address


class Consulted(StrEnum):
    """How far a call to a third person is."""

    NOBODY = ""
    RINGING = "ringing"
    TALKING = "talking"  # with the agent alone, the callee is on hold
    MERGED = "merged"  # three-way


@dataclass(frozen=True, slots=True)
class Talk:
    """What the telephone does with a call that is bridged with its agent."""

    attempt_id: int
    campaign_id: int
    agent_id: int
    held: bool = False
    consulted: Consulted = Consulted.NOBODY
    number: str = ""  # of the third person
    recording: str = ""  # "", on, paused
    recording_again_at: float = 0.0  # when a paused recording goes on by itself


class SuperviseMode(StrEnum):
    """How a supervisor takes part in an agent's calls."""

    LISTEN = "listen"
    WHISPER = "whisper"  # the agent hears it, the callee does not
    BARGE = "barge"  # everybody hears everybody
    STOP = "stop"


@dataclass(frozen=True, slots=True)
class Supervision:
    """A supervisor takes part in an agent's calls."""

    supervisor_id: int
    agent_id: int
    mode: SuperviseMode


class CallNotOursError(Exception):
    """The carrier has no such call that is bridged with an agent."""


class Telephone(Protocol):
    """The side of a carrier that people use from a page (synchronous). What came of a command is told by push.

    Every method that asks for something raises CarrierUnavailableError when nobody runs the carrier, and every one that names
    an attempt raises CallNotOursError unless that call is bridged with an agent. Asked twice, done once. The caller
    has checked who asks, and that the number may be dialed.
    """

    def open_agent(self, agent_id: int, password: str, expires: float) -> None:
        """Let a telephone register as this agent until `expires`; again: with a new password, and calls go on.

        Only digests of the password leave this process.
        """
        ...

    def close_agent(self, agent_id: int) -> None:
        """Take the credentials away and hang the permanent leg up. Never raises for an agent who has none."""
        ...

    def find_line(self, agent_id: int) -> Line | None:
        """Return the agent's telephone; None when it was not opened, or is closed."""
        ...

    def find_talk(self, attempt_id: int) -> Talk | None:
        """Return what the telephone does with a call; None when it is not bridged."""
        ...

    def find_supervision(self, supervisor_id: int) -> Supervision | None:
        """Return whom a supervisor listens to, whispers to or joins; None for nobody."""
        ...

    def hold(self, attempt_id: int) -> None:
        """Give the callee music; agent and callee do not hear each other."""
        ...

    def resume(self, attempt_id: int) -> None:
        """Take the callee back from hold."""
        ...

    def send_digits(self, attempt_id: int, digits: str) -> None:
        """Send tones (0-9 * # A-D) to the callee's side."""
        ...

    def transfer(self, attempt_id: int, number: str) -> None:
        """Blind: ring the number for the callee; the agent's part is over (`call.ended`, cause transferred).

        Ask just after it was found out that the number may be rung: the carrier rings it within ten seconds or not at all.
        """
        ...

    def consult(self, attempt_id: int, number: str) -> None:
        """Put the callee on hold and ring a third person for the agent, within ten seconds or not at all."""
        ...

    def merge(self, attempt_id: int) -> None:
        """Join agent, callee and the consulted person."""
        ...

    def complete_transfer(self, attempt_id: int) -> None:
        """Warm: leave callee and consulted person together; the agent's part is over (cause transferred)."""
        ...

    def drop_consulted(self, attempt_id: int) -> None:
        """Let the third person go and take the callee back."""
        ...

    def pause_recording(self, attempt_id: int, seconds: float) -> None:
        """Record nothing until resumed, at most so many seconds."""
        ...

    def resume_recording(self, attempt_id: int) -> None:
        """Record again."""
        ...

    def drop_voicemail(self, attempt_id: int) -> None:
        """Leave the campaign's message on the machine after its tone; the agent's part is over (`call.ended`)."""
        ...

    def supervise(self, supervisor_id: int, agent_id: int, mode: SuperviseMode) -> None:
        """Take part in whatever calls the agent has, over the supervisor's own line, until stopped."""
        ...
