"""Commands for one node: each to the part that carries it out. One that came before changes nothing."""

import logging
from collections.abc import Mapping

from dialer.carriers.asterisk.bridging import Bridging
from dialer.carriers.asterisk.calls import Calls
from dialer.carriers.asterisk.legs import Legs
from dialer.carriers.asterisk.messages import Messages
from dialer.carriers.telephone import TelephoneCommand

log = logging.getLogger(__name__)


class Obedience:
    """Carries out commands."""

    def __init__(self, calls: Calls, legs: Legs, messages: Messages, bridging: Bridging) -> None:
        self._calls, self._legs = calls, legs
        self._messages, self._bridging = messages, bridging

    async def obey(self, fields: Mapping[str, str]) -> None:
        """Carry out one command."""
        match fields["command"]:
            case TelephoneCommand.OPEN_AGENT:
                await self._legs.open(int(fields["agent"]))
            case TelephoneCommand.CLOSE_AGENT:
                await self._legs.close(int(fields["agent"]))
            case _:
                await self._obey_for_call(fields)

    async def _obey_for_call(self, fields: Mapping[str, str]) -> None:
        call = await self._calls.find(int(fields["attempt"]))
        if call is None:
            return
        match fields["command"]:
            case "originate":
                await self._calls.originate(call)
            case "connect":
                await self._bridging.connect(call, int(fields["agent"]))
            case "play_message":
                await self._messages.play(call, fields["message"])
            case "hang_up":
                await self._calls.hang_up(call)
            case command:
                log.warning("unknown command %s", command)
