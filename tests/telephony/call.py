"""One SIP call, as the person or the telephone at its end lives through it."""

import asyncio
from typing import TYPE_CHECKING, Any

from tests.telephony.rtp import WAIT_SECONDS, Media
from tests.telephony.sip import Dialog, Message, sdp, uri_of, user_of

if TYPE_CHECKING:
    from tests.telephony.agent import UserAgent

RESEND_SECONDS = (0.5, 1.0, 2.0, 4.0)
PROVISIONAL = 200


class Call:
    """One call. `ended` says that it is over, `why` how: bye, cancelled, hung up, rejected or closed."""

    def __init__(
        self, agent: "UserAgent", dialog: Dialog, number: str, invite: Message | None = None
    ) -> None:
        self.agent, self.dialog, self.number, self.invite = agent, dialog, number, invite
        self.caller = user_of(uri_of(invite.header("From"))) if invite else ""
        self.media = Media()
        self.acknowledged = asyncio.Event()
        self.ended = asyncio.Event()
        self.why = ""
        self.code = 0  # the final answer that was given or got
        self.answered_at: float | None = None  # loop time at which 200 OK left us
        self.ended_at: float | None = None
        self.holds: list[bool] = []  # what every re-INVITE asked for
        self._open = False

    # The one who is called

    def ring(self) -> None:
        self._reply(180, "Ringing")

    async def early(self, source: Any) -> None:
        """Sound before the answer, as networks that say why they cannot connect."""
        await self._open_media()
        self._reply(183, "Session Progress", self._sdp())
        self.media.say(source)

    async def answer(self, source: Any = None) -> bool:
        """Pick up and say something; False when the caller gave up first."""
        if self.ended.is_set():
            return False
        await self._open_media()
        if source is not None:
            self.media.say(source)
        self.code, self.answered_at = 200, asyncio.get_running_loop().time()
        for seconds in RESEND_SECONDS:
            self._reply(200, "OK", self._sdp())
            try:
                await asyncio.wait_for(self.acknowledged.wait(), seconds)
            except TimeoutError:
                continue
            return not self.ended.is_set()
        return False

    async def reject(self, code: int, reason: str = "No", header: str = "") -> None:
        """Answer with a failure; sent again until the caller heard it."""
        if self.ended.is_set():
            return
        self.code = code
        self._end("rejected")
        for seconds in RESEND_SECONDS:
            self._reply(code, reason, extra=header)
            try:
                await asyncio.wait_for(self.acknowledged.wait(), seconds)
            except TimeoutError:
                continue
            return

    # Both

    async def hang_up(self, reason: str = "") -> None:
        """Put the phone down; a call of ours that still rings is cancelled."""
        if self.ended.is_set():
            return
        if self.invite is None and self.code < PROVISIONAL:
            self._end("hung up")
            await self.agent.cancel(self)
            return
        self._end("hung up")
        await self.agent.request("BYE", self.dialog, extra=f"Reason: {reason}\r\n" if reason else "")

    async def over(self, seconds: float = WAIT_SECONDS) -> str:
        """Wait until it has ended; say why."""
        try:
            async with asyncio.timeout(seconds):
                await self.ended.wait()
        except TimeoutError:
            raise AssertionError(f"call {self.number} is still up; {self.media.tells()}") from None
        return self.why

    async def _open_media(self) -> None:
        if self._open:
            return
        self._open = True
        await self.media.open(self.agent.ip)
        if self.invite is not None and self.invite.media:
            self.media.send_to(self.invite.media)

    def _sdp(self) -> str:
        return sdp(self.agent.ip, self.media.port)

    def _reply(self, code: int, reason: str, body: str = "", extra: str = "") -> None:
        assert self.invite is not None
        self.agent.reply(self.invite, code, reason, to=self.dialog.ours, body=body, extra=extra)

    def _end(self, why: str) -> None:
        if self.ended.is_set():
            return
        self.why, self.ended_at = why, asyncio.get_running_loop().time()
        self.ended.set()
        if self._open:
            self.media.close()

    # What the agent hears for this call

    def take(self, message: Message) -> None:
        if message.method == "ACK":
            self.acknowledged.set()
        elif message.method == "INVITE":
            self._take_again(message)
        elif message.method == "CANCEL":
            self.agent.reply(message, 200, "OK", to=self.dialog.ours)
            if not self.code:
                self.code = 487
                self._reply(487, "Request Terminated")
                self._end("cancelled")
        elif message.method == "BYE":
            self.agent.reply(message, 200, "OK")
            self._end("bye")
        else:
            self.agent.reply(message, 200, "OK")

    def _take_again(self, message: Message) -> None:
        """A re-INVITE: hold, resume, or other media. A first INVITE that was sent twice is answered already."""
        if "tag=" not in message.header("To"):
            return
        self.holds.append(message.held)
        if message.media and self._open:
            self.media.send_to(message.media)
        body = sdp(self.agent.ip, self.media.port, direction="recvonly" if message.held else "sendrecv")
        self.agent.reply(message, 200, "OK", body=body)
