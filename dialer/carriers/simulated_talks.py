"""Telephones of the simulated carrier: every verb changes what is shown and recorded, and nothing is heard.

A third person answers at once.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Any

from dialer import clock
from dialer.carriers.talks import TalkBook, TalkFact
from dialer.carriers.telephone import TelephoneCommand
from dialer.events import CallCause
from dialer.ports import Consulted, Line, LineState, SuperviseMode, Supervision, Talk

EndCall = Callable[[CallCause], Awaitable[bool]]
Fields = Mapping[str, str]


class Talks:
    """Carries out what people ask of their telephones."""

    def __init__(self, book: TalkBook) -> None:
        self._book = book

    async def begin(
        self, attempt_id: int, campaign_id: int, agent_id: int, *, recorded: bool = False
    ) -> None:
        """A call was bridged with an agent; what is said of recording it makes no sound."""
        if await self._book.find_talk(attempt_id) is None:
            talk = Talk(attempt_id, campaign_id, agent_id)
            await self._book.write_talk(talk, TalkFact.BEGUN)
            if recorded:
                await self._book.write_talk(replace(talk, recording="on"), TalkFact.RECORDING_STARTED)

    async def over(self, attempt_id: int) -> None:
        """A call has ended."""
        talk = await self._book.find_talk(attempt_id)
        if talk is not None:
            await self._book.end_talk(talk)

    async def obey_person(self, fields: Fields) -> None:
        """Carry out a command that names no call."""
        agent_id = int(fields["agent"])
        match fields["command"]:
            case TelephoneCommand.OPEN_AGENT:
                await self._book.write_line(Line(agent_id, LineState.CONNECTED))
            case TelephoneCommand.CLOSE_AGENT:
                await self._book.close_line(agent_id)
            case TelephoneCommand.SUPERVISE:
                mode = SuperviseMode(fields["mode"])
                supervision = Supervision(int(fields["supervisor"]), agent_id, mode)
                await self._book.write_supervision(supervision)

    async def obey(self, attempt_id: int, fields: Fields, end_call: EndCall) -> None:
        """Carry out a command for a call that is bridged; a command that came before changes nothing."""
        talk = await self._book.find_talk(attempt_id)
        if talk is None:
            return
        command = TelephoneCommand(fields["command"])
        if command in self.ENDINGS:
            await self._finish(talk, command, fields, end_call)
            return
        await self.CHANGES[command](self, talk, fields)

    async def _finish(self, talk: Talk, command: TelephoneCommand, fields: Fields, end_call: EndCall) -> None:
        cause, what, data = self.ENDINGS[command]
        if command is TelephoneCommand.TRANSFER:
            data = {**data, "number": fields["number"]}
        if command is TelephoneCommand.COMPLETE_TRANSFER:
            if talk.consulted not in (Consulted.TALKING, Consulted.MERGED):
                await self._book.refuse(talk, command, "nobody_consulted")
                return
            data = {**data, "number": talk.number}
        if await end_call(cause):
            await self._book.end_talk(talk, what, **data)

    async def _hold(self, talk: Talk, fields: Fields) -> None:
        if not talk.held:
            await self._book.write_talk(replace(talk, held=True), TalkFact.HELD)

    async def _resume(self, talk: Talk, fields: Fields) -> None:
        if talk.consulted is Consulted.TALKING:
            await self._book.refuse(talk, fields["command"], "consulting")
        elif talk.held:
            await self._book.write_talk(replace(talk, held=False), TalkFact.RESUMED)

    async def _send_digits(self, talk: Talk, fields: Fields) -> None:
        await self._book.write_talk(talk, TalkFact.DIGITS_SENT, count=len(fields["digits"]))

    async def _consult(self, talk: Talk, fields: Fields) -> None:
        if talk.consulted is not Consulted.NOBODY:
            if talk.number != fields["number"]:
                await self._book.refuse(talk, fields["command"], "consulting")
            return
        number = fields["number"]
        ringing = replace(talk, held=True, consulted=Consulted.RINGING, number=number)
        await self._book.write_talk(ringing, TalkFact.CONSULTED, number=number)
        answered = replace(ringing, consulted=Consulted.TALKING)
        await self._book.write_talk(answered, TalkFact.CONSULT_ANSWERED)

    async def _merge(self, talk: Talk, fields: Fields) -> None:
        if talk.consulted is Consulted.TALKING:
            merged = replace(talk, held=False, consulted=Consulted.MERGED)
            await self._book.write_talk(merged, TalkFact.MERGED)
        elif talk.consulted is not Consulted.MERGED:
            await self._book.refuse(talk, fields["command"], "nobody_consulted")

    async def _drop_consulted(self, talk: Talk, fields: Fields) -> None:
        if talk.consulted is not Consulted.NOBODY:
            alone = replace(talk, held=False, consulted=Consulted.NOBODY, number="")
            await self._book.write_talk(alone, TalkFact.CONSULT_ENDED, why="dropped")

    async def _pause_recording(self, talk: Talk, fields: Fields) -> None:
        seconds = float(fields["seconds"])
        if not talk.recording:
            await self._book.refuse(talk, fields["command"], "not_recording")
            return
        paused = replace(talk, recording="paused", recording_again_at=clock.now() + seconds)
        await self._book.write_talk(paused, TalkFact.RECORDING_PAUSED, seconds=seconds)

    async def _resume_recording(self, talk: Talk, fields: Fields) -> None:
        if talk.recording == "paused":
            on = replace(talk, recording="on", recording_again_at=0.0)
            await self._book.write_talk(on, TalkFact.RECORDING_RESUMED)

    CHANGES: Mapping[TelephoneCommand, Callable[["Talks", Talk, Fields], Awaitable[None]]] = {
        TelephoneCommand.HOLD: _hold,
        TelephoneCommand.RESUME: _resume,
        TelephoneCommand.SEND_DIGITS: _send_digits,
        TelephoneCommand.CONSULT: _consult,
        TelephoneCommand.MERGE: _merge,
        TelephoneCommand.DROP_CONSULTED: _drop_consulted,
        TelephoneCommand.PAUSE_RECORDING: _pause_recording,
        TelephoneCommand.RESUME_RECORDING: _resume_recording,
    }
    ENDINGS: Mapping[TelephoneCommand, tuple[CallCause, TalkFact, dict[str, Any]]] = {
        TelephoneCommand.TRANSFER: (CallCause.TRANSFERRED, TalkFact.TRANSFERRED, {"how": "blind"}),
        TelephoneCommand.COMPLETE_TRANSFER: (CallCause.TRANSFERRED, TalkFact.TRANSFERRED, {"how": "warm"}),
        TelephoneCommand.DROP_VOICEMAIL: (CallCause.HUNG_UP, TalkFact.VOICEMAIL_DROPPED, {}),
    }
