"""What agents do with a call that is bridged with them: hold, keys, a third person, transfer, the voicemail message."""

import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace

from dialer.carriers.asterisk import keys
from dialer.carriers.asterisk.ari import AriRefusedError
from dialer.carriers.asterisk.book import Call
from dialer.carriers.asterisk.calls import Calls
from dialer.carriers.asterisk.links import leave_bridge
from dialer.carriers.asterisk.recording import Recorder
from dialer.carriers.asterisk.third import Third, ThirdRefusedError, third_channel
from dialer.carriers.asterisk.voicemail import Voicemail
from dialer.carriers.talks import TalkFact
from dialer.carriers.telephone import TelephoneCommand
from dialer.events import CallCause
from dialer.ports import Consulted, Talk

log = logging.getLogger(__name__)
Fields = Mapping[str, str]
JOINED = (Consulted.TALKING, Consulted.MERGED)


class Talking:
    """Carries out the verbs of the `Telephone` port on one node. One that came before changes nothing."""

    def __init__(self, calls: Calls, third: Third, voicemail: Voicemail, recorder: Recorder) -> None:
        self._calls, self._third, self._voicemail, self._recorder = calls, third, voicemail, recorder
        self._switch, self._talks = calls.switch, calls.switch.talks

    async def obey(self, call: Call, fields: Fields) -> None:
        """Carry out one verb for a call that is bridged."""
        async with call.lock:
            talk = await self._talks.find_talk(call.attempt_id)
            if talk is None or call.state != keys.CONNECTED or call.why:
                return
            command = TelephoneCommand(fields["command"])
            try:
                await self.VERBS[command](self, call, talk, fields)
            except AriRefusedError as error:
                log.info("%s of call %s: %s", command, call.attempt_id, error)
                await self._talks.refuse(talk, command, "not_possible")
            except ThirdRefusedError as error:
                log.info("%s of call %s: %s", command, call.attempt_id, error)
                await self._talks.refuse(talk, command, error.why)

    # hold
    async def _hold(self, call: Call, talk: Talk, fields: Fields) -> None:
        if not talk.held:
            await self._third.give_music(call)
            await self._talks.write_talk(replace(talk, held=True), TalkFact.HELD)

    async def _resume(self, call: Call, talk: Talk, fields: Fields) -> None:
        if talk.consulted is Consulted.TALKING:
            await self._talks.refuse(talk, fields["command"], "consulting")
        elif talk.held:
            await self._third.take_back(call)
            await self._talks.write_talk(replace(talk, held=False), TalkFact.RESUMED)

    async def _send_digits(self, call: Call, talk: Talk, fields: Fields) -> None:
        digits = fields["digits"]
        await self._switch.ask(
            "POST", f"channels/{call.channel}/dtmf", dtmf=digits, between=100, duration=120
        )
        await self._talks.write_talk(talk, TalkFact.DIGITS_SENT, count=len(digits))

    # a third person
    async def _consult(self, call: Call, talk: Talk, fields: Fields) -> None:
        number = fields["number"]
        if talk.consulted is not Consulted.NOBODY:
            if talk.number != number:
                await self._talks.refuse(talk, fields["command"], "consulting")
            return
        await self._third.ring(call, number, float(fields.get("until", 0)))
        if not talk.held:
            await self._third.give_music(call)
        ringing = replace(talk, held=True, consulted=Consulted.RINGING, number=number)
        await self._talks.write_talk(ringing, TalkFact.CONSULTED, number=number)

    async def _merge(self, call: Call, talk: Talk, fields: Fields) -> None:
        if talk.consulted is Consulted.TALKING:
            await self._third.take_back(call)
            await self._talks.write_talk(
                replace(talk, held=False, consulted=Consulted.MERGED), TalkFact.MERGED
            )
        elif talk.consulted is not Consulted.MERGED:
            await self._talks.refuse(talk, fields["command"], "nobody_consulted")

    async def _drop_consulted(self, call: Call, talk: Talk, fields: Fields) -> None:
        if talk.consulted is not Consulted.NOBODY:
            alone = replace(talk, held=False, consulted=Consulted.NOBODY, number="")
            await self._talks.write_talk(alone, TalkFact.CONSULT_ENDED, why="dropped")
            await self._switch.try_to("DELETE", f"channels/{third_channel(call.attempt_id)}")
            await self._third.take_back(call)

    # the agent's part is over
    async def _transfer(self, call: Call, talk: Talk, fields: Fields) -> None:
        if talk.consulted is not Consulted.NOBODY:
            await self._talks.refuse(talk, fields["command"], "consulting")
            return
        number = fields["number"]
        await self._third.ring(call, number, float(fields.get("until", 0)))
        await self._third.give_music(call)
        await self._leave(call, talk, CallCause.TRANSFERRED, TalkFact.TRANSFERRED, how="blind", number=number)

    async def _complete_transfer(self, call: Call, talk: Talk, fields: Fields) -> None:
        if talk.consulted not in JOINED:
            await self._talks.refuse(talk, fields["command"], "nobody_consulted")
            return
        await self._third.join(call)
        how = {"how": "warm", "number": talk.number}
        await self._leave(call, talk, CallCause.TRANSFERRED, TalkFact.TRANSFERRED, **how)

    async def _drop_voicemail(self, call: Call, talk: Talk, fields: Fields) -> None:
        if talk.consulted is not Consulted.NOBODY:
            await self._talks.refuse(talk, fields["command"], "consulting")
            return
        if await self._leave(call, talk, CallCause.HUNG_UP, TalkFact.VOICEMAIL_DROPPED):
            await self._voicemail.begin(call)

    async def _leave(self, call: Call, talk: Talk, cause: CallCause, what: TalkFact, **data: str) -> bool:
        ended = call.ended(cause, **data)
        if not await self._calls.book.advance(call, (keys.CONNECTED,), keys.APART, ended, apart=what.value):
            return False
        await leave_bridge(self._switch, call)
        await self._recorder.stop(call)
        await self._talks.end_talk(talk, what, **data)
        return True

    # recording
    async def _pause_recording(self, call: Call, talk: Talk, fields: Fields) -> None:
        if not await self._recorder.pause(call, talk, float(fields["seconds"])):
            await self._talks.refuse(talk, fields["command"], "not_recording")

    async def _resume_recording(self, call: Call, talk: Talk, fields: Fields) -> None:
        await self._recorder.resume(call, talk)

    VERBS: Mapping[TelephoneCommand, Callable[["Talking", Call, Talk, Fields], Awaitable[None]]] = {
        TelephoneCommand.HOLD: _hold,
        TelephoneCommand.RESUME: _resume,
        TelephoneCommand.SEND_DIGITS: _send_digits,
        TelephoneCommand.CONSULT: _consult,
        TelephoneCommand.MERGE: _merge,
        TelephoneCommand.DROP_CONSULTED: _drop_consulted,
        TelephoneCommand.TRANSFER: _transfer,
        TelephoneCommand.COMPLETE_TRANSFER: _complete_transfer,
        TelephoneCommand.DROP_VOICEMAIL: _drop_voicemail,
        TelephoneCommand.PAUSE_RECORDING: _pause_recording,
        TelephoneCommand.RESUME_RECORDING: _resume_recording,
    }
