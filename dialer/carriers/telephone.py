"""What people ask of a telephone, as commands in the stream of a carrier: their names and fields.

| command | fields |
|---|---|
| `agent.open` | agent, expires (seconds since 1970), and the digests of the password that the carrier wants |
| `agent.close` | agent |
| `hold` `resume` `merge` `complete_transfer` `drop_consulted` `resume_recording` `drop_voicemail` | attempt |
| `send_digits` | attempt, digits |
| `transfer` `consult` | attempt, number, until (when it may be rung no more, seconds since 1970) |
| `pause_recording` | attempt, seconds |
| `supervise` | supervisor, agent, mode |

Every command has the field `command`. A carrier deletes an entry once it is carried out. No password is ever in a command: Redis keeps
what was deleted in its append-only file until that is written anew.
"""

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import cast

import redis

from dialer import clock, live
from dialer.carriers import talks
from dialer.ports import CallNotOursError, CarrierUnavailableError, Line, SuperviseMode, Supervision, Talk

# A third person is rung so long after somebody was asked whether that may be, or not at all.
ALLOWED_SECONDS = 10.0


class TelephoneCommand(StrEnum):
    """Names of commands."""

    OPEN_AGENT = "agent.open"
    CLOSE_AGENT = "agent.close"
    HOLD = "hold"
    RESUME = "resume"
    SEND_DIGITS = "send_digits"
    TRANSFER = "transfer"
    CONSULT = "consult"
    MERGE = "merge"
    COMPLETE_TRANSFER = "complete_transfer"
    DROP_CONSULTED = "drop_consulted"
    PAUSE_RECORDING = "pause_recording"
    RESUME_RECORDING = "resume_recording"
    DROP_VOICEMAIL = "drop_voicemail"
    SUPERVISE = "supervise"


Digests = Callable[[int, str], Mapping[str, str]]  # of an agent's password

# keys: commands, heartbeat of the carrier; args: name, value, …
SEND = """
if redis.call('EXISTS', KEYS[2]) == 0 then return 0 end
redis.call('XADD', KEYS[1], '*', unpack(ARGV))
return 1
"""


class StreamTelephone:
    """The telephone of a carrier that reads its commands from a stream (see `dialer.ports.Telephone`)."""

    def __init__(self, client: redis.Redis, carrier: str, digests: Digests) -> None:
        self._client, self._digests = client, digests
        self._send_script = client.register_script(SEND)
        self._keys = [live.carrier_commands(carrier), live.alive_key("carrier", carrier)]
        self._carrier = carrier

    def open_agent(self, agent_id: int, password: str, expires: float) -> None:
        """Let a telephone register as this agent."""
        digests = self._digests(agent_id, password)
        self._send(TelephoneCommand.OPEN_AGENT, agent=agent_id, expires=repr(expires), **digests)

    def close_agent(self, agent_id: int) -> None:
        """Take the credentials away."""
        self._send(TelephoneCommand.CLOSE_AGENT, agent=agent_id)

    def find_line(self, agent_id: int) -> Line | None:
        """Return the agent's telephone."""
        return talks.read_line(self._get(live.line_key(agent_id)))

    def find_talk(self, attempt_id: int) -> Talk | None:
        """Return what the telephone does with a call."""
        return talks.read_talk(self._get(live.talk_key(attempt_id)))

    def find_supervision(self, supervisor_id: int) -> Supervision | None:
        """Return whose calls a supervisor takes part in."""
        return talks.read_supervision(self._get(live.supervision_key(supervisor_id)))

    def hold(self, attempt_id: int) -> None:
        """Give the callee music."""
        self._ask(TelephoneCommand.HOLD, attempt_id)

    def resume(self, attempt_id: int) -> None:
        """Take the callee back from hold."""
        self._ask(TelephoneCommand.RESUME, attempt_id)

    def send_digits(self, attempt_id: int, digits: str) -> None:
        """Send tones."""
        self._ask(TelephoneCommand.SEND_DIGITS, attempt_id, digits=digits)

    def transfer(self, attempt_id: int, number: str) -> None:
        """Ring the number for the callee."""
        self._ask(TelephoneCommand.TRANSFER, attempt_id, number=number, until=_soon())

    def consult(self, attempt_id: int, number: str) -> None:
        """Ring a third person for the agent."""
        self._ask(TelephoneCommand.CONSULT, attempt_id, number=number, until=_soon())

    def merge(self, attempt_id: int) -> None:
        """Join all three."""
        self._ask(TelephoneCommand.MERGE, attempt_id)

    def complete_transfer(self, attempt_id: int) -> None:
        """Leave callee and consulted person together."""
        self._ask(TelephoneCommand.COMPLETE_TRANSFER, attempt_id)

    def drop_consulted(self, attempt_id: int) -> None:
        """Let the third person go."""
        self._ask(TelephoneCommand.DROP_CONSULTED, attempt_id)

    def pause_recording(self, attempt_id: int, seconds: float) -> None:
        """Record nothing for a while."""
        self._ask(TelephoneCommand.PAUSE_RECORDING, attempt_id, seconds=repr(float(seconds)))

    def resume_recording(self, attempt_id: int) -> None:
        """Record again."""
        self._ask(TelephoneCommand.RESUME_RECORDING, attempt_id)

    def drop_voicemail(self, attempt_id: int) -> None:
        """Leave the campaign's message."""
        self._ask(TelephoneCommand.DROP_VOICEMAIL, attempt_id)

    def supervise(self, supervisor_id: int, agent_id: int, mode: SuperviseMode) -> None:
        """Take part in the agent's calls."""
        self._send(TelephoneCommand.SUPERVISE, supervisor=supervisor_id, agent=agent_id, mode=mode.value)

    def _get(self, key: str) -> str | None:
        return cast("str | None", self._client.get(key))

    def _ask(self, command: TelephoneCommand, attempt_id: int, **facts: str) -> None:
        if self.find_talk(attempt_id) is None:
            raise CallNotOursError(attempt_id)
        self._send(command, attempt=attempt_id, **facts)

    def _send(self, command: TelephoneCommand, **facts: str | int) -> None:
        fields = [text for pair in ({"command": command.value} | facts).items() for text in pair]
        if not self._send_script(keys=self._keys, args=fields):
            raise CarrierUnavailableError(f"the carrier {self._carrier} is not running")


def _soon() -> str:
    return repr(clock.now() + ALLOWED_SECONDS)
