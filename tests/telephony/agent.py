"""A SIP user agent on one UDP socket: takes calls, places calls, registers. No dependency, loopback only."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from tests.telephony.call import PROVISIONAL, RESEND_SECONDS, Call
from tests.telephony.rtp import WAIT_SECONDS
from tests.telephony.sip import Dialog, Message, digest, new_branch, new_tag, uri_of, user_of

Script = Callable[[Call], Awaitable[None]]


class UserAgent(asyncio.DatagramProtocol):
    """Everybody behind one address: `script` runs for each call that comes in."""

    def __init__(self, script: Script, ip: str = "127.0.0.1", port: int = 0) -> None:
        self.script, self.ip, self.port = script, ip, port
        self.calls: dict[str, Call] = {}
        self.problems: list[BaseException] = []  # of scripts that failed
        self._waiting: dict[str, Callable[[Message], None]] = {}
        self._tasks: set[asyncio.Task[Any]] = set()
        self._arrived = asyncio.Condition()

    async def __aenter__(self) -> "UserAgent":
        loop = asyncio.get_running_loop()
        self._transport, _ = await loop.create_datagram_endpoint(
            lambda: self, local_addr=(self.ip, self.port)
        )
        self.port = self._transport.get_extra_info("sockname")[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        for call in self.calls.values():
            call._end("closed")
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._transport.close()

    async def settled(self) -> None:
        """Wait until every script has come to its end."""
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def next_call(self, number: str, seconds: float = WAIT_SECONDS, *, after: int = 0) -> Call:
        """The call to this number that came after so many others to it."""

        def found() -> Call | None:
            calls = [call for call in self.calls.values() if call.invite and call.number == number]
            return calls[after] if len(calls) > after else None

        async with self._arrived:
            try:
                async with asyncio.timeout(seconds):
                    await self._arrived.wait_for(lambda: found() is not None)
            except TimeoutError:
                raise AssertionError(
                    f"nobody called {number}; called were {[c.number for c in self.calls.values()]}"
                ) from None
        call = found()
        assert call is not None
        return call

    async def dial(self, server: tuple[str, int], number: str, caller: str, source: Any = None) -> Call:
        """Call somebody. Returns at the final answer: `code` is 200, or why not."""
        call, waiting = await self.begin(server, number, caller, source)
        await waiting
        return call

    async def begin(
        self, server: tuple[str, int], number: str, caller: str, source: Any = None, *, extra: str = ""
    ) -> tuple[Call, "asyncio.Task[None]"]:
        """Begin to call somebody: the call, and a task that ends with the final answer. `extra`: header lines."""
        target = f"sip:{number}@{server[0]}:{server[1]}"
        dialog = Dialog(
            f"{new_tag()}@{self.ip}", f"<sip:{caller}@{self.ip}>;tag={new_tag()}", f"<{target}>", target
        )
        call = Call(self, dialog, number)
        self.calls[dialog.call_id] = call
        await call._open_media()
        if source is not None:
            call.media.say(source)
        return call, self.spawn(self._invite(call, server, extra))

    async def _invite(self, call: Call, server: tuple[str, int], extra: str) -> None:
        answer = await self.request(
            "INVITE", call.dialog, body=call._sdp(), to=server, seconds=60, call=call, extra=extra
        )
        call.code = answer.code
        call.dialog.theirs = answer.header("To")
        if answer.code >= 300:
            self._send("ACK", call.dialog, server, branch=answer.branch)
            call._end("rejected")
            return
        call.answered_at = asyncio.get_running_loop().time()
        call.dialog.target = uri_of(answer.header("Contact"))
        self._send("ACK", call.dialog, server)
        if answer.media:
            call.media.send_to(answer.media)

    async def cancel(self, call: Call) -> None:
        """Give up before the answer."""
        branch = next(
            branch for branch, taker in self._waiting.items() if getattr(taker, "call", None) is call
        )
        self._send("CANCEL", call.dialog, self._server_of(call.dialog), branch=branch)

    async def register(self, server: tuple[str, int], user: str, password: str, seconds: int = 120) -> int:
        """Tell the server where this phone is; the final code."""
        uri = f"sip:{server[0]}:{server[1]}"
        us = f"<sip:{user}@{server[0]}>"
        dialog = Dialog(f"{new_tag()}@{self.ip}", f"{us};tag={new_tag()}", us, uri)
        contact = f"Contact: <sip:{user}@{self.ip}:{self.port}>\r\nExpires: {seconds}\r\n"
        answer = await self.request("REGISTER", dialog, to=server, extra=contact)
        if answer.code == 401:
            proof = digest(answer.header("WWW-Authenticate"), user, password, "REGISTER", uri)
            answer = await self.request(
                "REGISTER", dialog, to=server, extra=f"{contact}Authorization: {proof}\r\n"
            )
        return answer.code

    # Messages

    async def request(
        self, method: str, dialog: Dialog, *, body: str = "", to: tuple[str, int] | None = None,
        extra: str = "", seconds: float = WAIT_SECONDS, call: Call | None = None,
    ) -> Message:  # fmt: skip
        """Send a request until something answers it; the final answer."""
        dialog.sequence += 1
        branch, heard = new_branch(), asyncio.Event()
        final: asyncio.Future[Message] = asyncio.get_running_loop().create_future()

        def take(message: Message) -> None:
            if message.method != method:  # the answer to a CANCEL has the branch of its INVITE
                return
            heard.set()
            if message.code >= PROVISIONAL and not final.done():
                final.set_result(message)

        take.call = call  # type: ignore[attr-defined]
        self._waiting[branch] = take
        try:
            for wait in RESEND_SECONDS:
                self._send(
                    method, dialog, to or self._server_of(dialog), branch=branch, body=body, extra=extra
                )
                try:
                    await asyncio.wait_for(heard.wait(), wait)
                except TimeoutError:
                    continue
                break
            async with asyncio.timeout(seconds):
                return await final
        finally:
            self._waiting.pop(branch, None)

    def _send(
        self,
        method: str,
        dialog: Dialog,
        to: tuple[str, int],
        *,
        branch: str = "",
        body: str = "",
        extra: str = "",
    ) -> None:
        lines = [
            f"{method} {dialog.target} SIP/2.0",
            f"Via: SIP/2.0/UDP {self.ip}:{self.port};branch={branch or new_branch()};rport",
            "Max-Forwards: 70",
            f"From: {dialog.ours}",
            f"To: {dialog.theirs}",
            f"Call-ID: {dialog.call_id}",
            f"CSeq: {dialog.sequence} {method}",
        ]
        if "Contact:" not in extra:
            lines.append(f"Contact: <sip:{self.ip}:{self.port}>")
        self._transport.sendto(_close("\r\n".join(lines) + "\r\n" + extra, body), to)

    def _server_of(self, dialog: Dialog) -> tuple[str, int]:
        host, _, port = dialog.target.split("@")[-1].split(";")[0].removeprefix("sip:").partition(":")
        return host, int(port or 5060)

    def reply(
        self,
        asked: Message,
        code: int,
        reason: str,
        *,
        to: str = "",
        body: str = "",
        extra: str = "",
        contact: str = "",
    ) -> None:
        kept = ("via:", "from:", "call-id:", "cseq:", "record-route:")
        lines = [f"SIP/2.0 {code} {reason}"] + [line for line in asked.lines if line.lower().startswith(kept)]
        lines += [f"To: {to or asked.header('To')}", f"Contact: {contact or f'<sip:{self.ip}:{self.port}>'}"]
        top = asked.header("Via")
        host, _, port = top.split(" ", 1)[1].split(";")[0].partition(":")
        self._transport.sendto(
            _close("\r\n".join(lines) + "\r\n" + (f"{extra}\r\n" if extra else ""), body),
            (host, int(port or 5060)),
        )

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        if len(data) < 20:
            return
        message = Message(data)
        if message.code:
            taker = self._waiting.get(message.branch)
            if taker is not None:
                taker(message)
            return
        call = self.calls.get(message.header("Call-ID"))
        if call is not None:
            call.take(message)
        elif message.method in ("INVITE", "REGISTER") and not self.admits(message):
            return
        elif message.method == "INVITE":
            self._begin_incoming(message)
        elif message.method == "REGISTER":
            self.take_registration(message)
        elif message.method == "OPTIONS":
            self.reply(message, 200, "OK")
        elif message.method != "ACK":
            self.reply(message, 481, "Call Does Not Exist")

    def admits(self, message: Message) -> bool:
        """Say whether somebody may call or register; who is not admitted was answered already."""
        return True

    def take_registration(self, message: Message) -> None:
        """Somebody says where they are; to most telephones nobody does."""
        self.reply(message, 405, "Method Not Allowed")

    def _begin_incoming(self, invite: Message) -> None:
        ours = f"{invite.header('To')};tag={new_tag()}"
        dialog = Dialog(
            invite.header("Call-ID"), ours, invite.header("From"), uri_of(invite.header("Contact"))
        )
        call = Call(self, dialog, user_of(invite.uri), invite)
        self.calls[dialog.call_id] = call
        self.reply(invite, 100, "Trying")
        self.spawn(self._announce())
        self.spawn(self._run(call))

    async def _announce(self) -> None:
        async with self._arrived:
            self._arrived.notify_all()

    async def _run(self, call: Call) -> None:
        try:
            await self.script(call)
        except Exception as problem:  # the test that looks at them fails
            self.problems.append(problem)

    def spawn(self, work: Coroutine[Any, Any, Any]) -> "asyncio.Task[Any]":
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task


def _close(head: str, body: str) -> bytes:
    kind = "Content-Type: application/sdp\r\n" if body else ""
    return f"{head}{kind}Content-Length: {len(body)}\r\n\r\n{body}".encode()
