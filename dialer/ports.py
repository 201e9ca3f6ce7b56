"""What the dialer needs from outside, as Protocols. `telesales.dialing` and `dialer.carriers` fulfil them.

Times are seconds since 1970 (UTC); numbers are E.164 strings; ids are plain integers.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, Protocol

from dialer.core.abandonment import Counts, Measure
from dialer.telephones import CallNotOursError as CallNotOursError
from dialer.telephones import Consulted as Consulted
from dialer.telephones import Line as Line
from dialer.telephones import LineState as LineState
from dialer.telephones import SuperviseMode as SuperviseMode
from dialer.telephones import Supervision as Supervision
from dialer.telephones import Talk as Talk
from dialer.telephones import Telephone as Telephone


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
    inbound_message: str = ""  # what a person hears who rang us and found nobody
    measure: Measure = field(default_factory=Measure)  # whose law counts abandoned people, in which time zone
    calls_per_second: int = 0  # placed at most; 0: no cap
    in_hours: bool = True  # False: leads wait, but none of them may be called at this hour
    priority: int = 5  # among campaigns that share agents: 1 is dialed first, 9 last
    world: str = ""  # how fast time runs and who answers: what was learned in another one is wrong here


@dataclass(frozen=True, slots=True)
class Reservation:
    """An attempt row in state `reserved`."""

    attempt_id: int
    lead_id: int
    number: str


@dataclass(frozen=True, slots=True)
class RecordingPlan:
    """The call is to be recorded. A carrier that cannot play the announcement records nothing."""

    announcement: str = ""  # played to the callee before anything is recorded; empty: nothing has to be said


OTHERS_NUMBERS = (
    "others_numbers"  # of a profile: numbers of other clients, never shown when the own one rests
)


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
    recording: RecordingPlan | None = None  # None: nothing is recorded
    allowed_at: float | None = None  # when every rule was looked at; the order holds for seconds


@dataclass(frozen=True, slots=True)
class Refusal:
    """A rule forbade the call at the moment of dialing."""

    attempt_id: int
    campaign_id: int
    rule: str
    reason: str


@dataclass(frozen=True, slots=True)
class RingingIn:
    """Somebody rings a number that we show. `call_id` is the carrier's own name of the call."""

    carrier: str
    call_id: str
    number: str  # whose call it is: E.164, or as it is written in the country of `dialed`; empty when it is withheld
    dialed: str
    at: float


@dataclass(frozen=True, slots=True)
class TakeOrder:
    """What a carrier is told of a call that rings in: from now on `attempt_id` names it."""

    attempt_id: int
    campaign_id: int
    call_id: str
    at: float  # when it rang in
    lead_id: int | None
    wait_seconds: float  # for an agent, at most
    profile: Mapping[str, Any]  # carrier-specific, from the campaign
    recording: RecordingPlan | None = None  # None: nothing is recorded


class InboundCalls(Protocol):
    """The application's side of people who ring us (synchronous, used by the job)."""

    def take(self, call: RingingIn) -> TakeOrder | None:
        """Write the attempt of a call, once for each call of a carrier. None: no campaign takes it."""
        ...


class CallTaker(Protocol):
    """The side of a carrier to which people ring (synchronous, used by the job). Idempotent.

    The carrier announces the call (`dialer.carriers.announcing`) again and again until it is taken or refused, lets
    the person hear music from then on, if not before, and keeps the call when its process is restarted.
    """

    def take_call(self, order: TakeOrder) -> None:
        """Give the call its attempt and post `call.came_in`, both or neither; then `call.ended` if it has gone."""
        ...

    def refuse_call(self, call_id: str) -> None:
        """Hang up: nobody takes it."""
        ...


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

    def list_floors(self) -> Sequence[tuple[int, ...]]:
        """Ids of campaigns that are running or still have agents or calls; those that share agents stand together."""
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
    """The file can never be kept: it is no WAV of 16-bit mono sound, or the call has another one for this side."""


class UnknownCallError(UnreadableRecordingError):
    """No call has this number now: perhaps the database is an older copy. Try again for a while."""


class RecordingShelf(Protocol):
    """Where a carrier's recordings go (synchronous, fulfilled by `telesales.recordings.shelf`)."""

    def keep(self, attempt_id: int, side: RecordingSide, started_at: float, wav_path: Path) -> None:
        """Encrypt and store one side of a call, write its row, then delete the file.

        Idempotent by attempt and side; whoever dies at any line, the file is deleted only when both are safe.
        A paused recording goes on with silence (in Asterisk: mute, not pause), so that seconds in the file
        are seconds of the call. Raises ShelfUnavailableError, UnreadableRecordingError.
        """
        ...

    def plan_of(self, attempt_id: int) -> RecordingPlan | None:
        """What an order said, or would have said: for people who ring us, and for calls found after a restart."""
        ...


class CallLog(Protocol):
    """Facts of past calls."""

    def answered_by_slot(self, campaign_id: int, since: float) -> Mapping[int, Counts]:
        """Count answered calls of a campaign by quarter of an hour (since 1970, UTC)."""
        ...

    def unsettled_attempts(self, campaign_id: int) -> Iterable[tuple[int, str, float]]:
        """(attempt id, state, since) of attempts that are not ended, for recovery."""
        ...
