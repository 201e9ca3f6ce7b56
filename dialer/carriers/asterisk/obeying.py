"""Commands for one node: each to the part that carries it out. One that came before changes nothing."""

import logging
from collections.abc import Mapping

from dialer.carriers.asterisk.bridging import Bridging
from dialer.carriers.asterisk.callers import Callers
from dialer.carriers.asterisk.calls import Calls
from dialer.carriers.asterisk.legs import Legs
from dialer.carriers.asterisk.messages import Messages
from dialer.carriers.asterisk.supervising import Supervising
from dialer.carriers.asterisk.talking import Talking
from dialer.carriers.telephone import TelephoneCommand
from dialer.ports import SuperviseMode

log = logging.getLogger(__name__)


class Obedience:
    """Carries out commands."""

    def __init__(
        self,
        legs: Legs,
        bridging: Bridging,
        *,
        calls: Calls,
        messages: Messages,
        talking: Talking,
        supervising: Supervising,
        callers: Callers,
    ) -> None:
        self._callers = callers
        self._calls, self._legs = calls, legs
        self._messages, self._bridging = messages, bridging
        self._talking, self._supervising = talking, supervising

    async def obey(self, fields: Mapping[str, str]) -> None:
        """Carry out one command."""
        match fields["command"]:
            case TelephoneCommand.OPEN_AGENT:
                await self._legs.open(int(fields["agent"]))
            case TelephoneCommand.CLOSE_AGENT:
                await self._legs.close(int(fields["agent"]))
            case TelephoneCommand.SUPERVISE:
                mode = SuperviseMode(fields["mode"])
                await self._supervising.supervise(int(fields["supervisor"]), int(fields["agent"]), mode)
            case "refuse":
                await self._callers.refuse(fields["call"])
            case _:
                await self._obey_for_call(fields)

    async def _obey_for_call(self, fields: Mapping[str, str]) -> None:
        call = await self._calls.find(int(fields["attempt"]))
        if call is None:
            return
        if call.is_inbound and fields["command"] != "hang_up":
            await self._callers.welcome(call)  # whichever command is first
        match fields["command"]:
            case "welcome":
                pass
            case "originate":
                await self._calls.originate(call)
            case "connect":
                await self._bridging.connect(call, int(fields["agent"]))
            case "play_message":
                await self._messages.play(call, fields["message"])
            case "hang_up":
                await self._calls.hang_up_for_floor(call)
            case command if command in Talking.VERBS:
                await self._talking.obey(call, fields)
            case command:
                log.warning("unknown command %s", command)
