"""What the dialer needs from outside, as Protocols. `telesales.dialing` and `dialer.carriers` fulfil them.

Times are seconds since 1970 (UTC); numbers are E.164 strings; ids are plain integers.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, Protocol

from dialer.core.abandonment import Counts, Measure


class DialingMode(StrEnum):
    """How calls meet agents."""

    MANUAL = "manual"
    PROGRESSIVE = "progressive"
    PREDICTIVE = "predictive"


@dataclass(frozen=True, slots=True)
class CampaignSettings:
    """What the engine must know of a campaign; read again at every campaign event."""

    campaign_id: int
    client_id: int
    name: str
    running: bool
    mode: DialingMode
    ring_seconds: int
    wrap_up_seconds: int
    abandonment_limit: float  # share of answered people, 0.03 = 3 %
    max_lines: int
    carrier: str
    message: str  # what an abandoned person hears
    measure: Measure = field(default_factory=Measure)  # whose law counts abandoned people, in which time zone
    calls_per_second: int = 0  # placed at most; 0: no cap
    in_hours: bool = True  # False: leads wait, but none of them may be called at this hour
    world: str = ""  # how fast time runs and who answers: what was learned in another one is wrong here


@dataclass(frozen=True, slots=True)
class Reservation:
    """An attempt row in state `reserved`."""

    attempt_id: int
    lead_id: int
    number: str


@dataclass(frozen=True, slots=True)
class PlaceOrder:
    """What a carrier is asked to do. `attempt_id` makes it idempotent: asked twice, dialed once."""

    attempt_id: int
    campaign_id: int
    number: str
    caller_id: str
    ring_seconds: int
    profile: Mapping[str, Any]  # carrier-specific, from the campaign
    carrier: str = "simulated"


@dataclass(frozen=True, slots=True)
class Refusal:
    """A rule forbade the call at the moment of dialing."""

    attempt_id: int
    campaign_id: int
    rule: str
    reason: str


class CallPlacer(Protocol):
    """The side of a carrier that the place-call job uses (synchronous)."""

    def place_call(self, order: PlaceOrder) -> None:
        """Ask the network to dial. Idempotent by attempt id. Raises CarrierUnavailableError."""
        ...


class CarrierUnavailableError(Exception):
    """The carrier cannot be reached; the call was not placed."""


@dataclass(frozen=True, slots=True)
class CarrierCall:
    """What a carrier still knows of an attempt."""

    attempt_id: int
    campaign_id: int
    state: str  # queued ringing answered connected ended


class CallControl(Protocol):
    """The side of a carrier that the engine uses (asynchronous). Every command is idempotent by attempt id."""

    async def connect(self, attempt_id: int, agent_id: int) -> None:
        """Bridge an answered call with an agent; answers with `call.connected`."""
        ...

    async def play_message(self, attempt_id: int, message: str) -> None:
        """Play a message, then hang up; answers with `call.message_played` and `call.ended`."""
        ...

    async def hang_up(self, attempt_id: int) -> None:
        """End a call in any state; answers with `call.ended`."""
        ...

    async def find_call(self, attempt_id: int) -> CarrierCall | None:
        """Say what is known of an attempt; None when the carrier never heard of it."""
        ...

    async def forbid(self, attempt_id: int) -> bool:
        """Make sure that an attempt is never placed. True when it was not placed before and never will be."""
        ...


class Campaigns(Protocol):
    """The application's side, seen by the engine and the jobs (synchronous, called in a thread by the engine)."""

    def list_active(self) -> Sequence[int]:
        """Ids of campaigns that are running or still have agents or calls."""
        ...

    def settings(self, campaign_id: int) -> CampaignSettings | None:
        """Return the current settings, None for an unknown campaign."""
        ...

    def list_similar(self, campaign_id: int) -> Sequence[int]:
        """Ids of campaigns whose calls may be like this one's, the most similar first."""
        ...

    def reserve_leads(
        self, campaign_id: int, count: int, *, decision: Mapping[str, Any]
    ) -> Sequence[Reservation]:
        """Claim up to `count` callable leads and write their attempt rows in state `reserved`."""
        ...

    def claim_attempt(self, attempt_id: int) -> PlaceOrder | Refusal | None:
        """Move `reserved` to `originating` after every rule was checked again. None: someone else has it."""
        ...

    def release_attempt(self, attempt_id: int, *, reason: str) -> None:
        """The call was certainly never placed and never will be: the lead may be dialed again."""
        ...


class RecordingSide(StrEnum):
    """Whose voice a recording holds."""

    CALLEE = "callee"
    AGENT = "agent"
    MIXED = "mixed"


class ShelfUnavailableError(Exception):
    """The recording could not be kept now: its file stays in the spool, try again later."""


class UnreadableRecordingError(Exception):
    """The file is no WAV of 16-bit mono sound, or belongs to no call: it stays in the spool for a person to look at."""


class RecordingShelf(Protocol):
    """Where a carrier's recordings go (synchronous, fulfilled by `telesales.recordings.shelf`)."""

    def keep(self, attempt_id: int, side: RecordingSide, started_at: float, wav_path: Path) -> None:
        """Encrypt and store one side of a call, write its row, then delete the file.

        Idempotent by attempt and side; whoever dies at any line, the file is deleted only when both are safe.
        A paused recording goes on with silence (in Asterisk: mute, not pause), so that seconds in the file
        are seconds of the call. Raises ShelfUnavailableError, UnreadableRecordingError.
        """
        ...


class CallLog(Protocol):
    """Facts of past calls."""

    def answered_by_slot(self, campaign_id: int, since: float) -> Mapping[int, Counts]:
        """Count answered calls of a campaign by quarter of an hour (since 1970, UTC)."""
        ...

    def unsettled_attempts(self, campaign_id: int) -> Iterable[tuple[int, str, float]]:
        """(attempt id, state, since) of attempts that are not ended, for recovery."""
        ...


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
        """Let a telephone register as this agent until `expires`; again: with a new password, and calls go on."""
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
        """Blind: ring the number for the callee; the agent's part is over (`call.ended`, cause transferred)."""
        ...

    def consult(self, attempt_id: int, number: str) -> None:
        """Put the callee on hold and ring a third person for the agent."""
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
