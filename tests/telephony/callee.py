"""The carrier of tests: behind each number lives somebody who behaves in a known way, and speaks.

async with Carrier() as carrier:
    carrier.behaves("+442079460001", busy)
    call = await carrier.next_call("+442079460123")     # anybody else picks up and hums 1000 Hz
    await call.media.hears(440)
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator

from tests.telephony.agent import Call, Script, UserAgent
from tests.telephony.audio import silence, talk, tone
from tests.telephony.sip import Message, digest, new_tag, uri_of, user_of

CALLEE_HERTZ = 1000


async def picks_up(call: Call) -> None:
    """Rings, picks up at once and hums until the other side has enough."""
    call.ring()
    await call.answer(tone(CALLEE_HERTZ))


async def rings(call: Call) -> None:
    """Nobody is at home."""
    call.ring()
    await call.ended.wait()


def rejects(code: int, reason: str = "No", header: str = "") -> Script:
    """The network or the person says no."""

    async def script(call: Call) -> None:
        await call.reject(code, reason, header)

    return script


busy = rejects(486, "Busy Here")
unknown = rejects(404, "Not Found")
congested = rejects(503, "Service Unavailable")
declined = rejects(603, "Decline")


def says(source: Callable[[], Iterator[bytes]], *, then_hangs_up: bool = False) -> Script:
    """Picks up and says something: `says(lambda: wav(path))`."""

    async def script(call: Call) -> None:
        call.ring()
        if await call.answer(source()) and then_hangs_up:
            await call.media.said()
            await call.hang_up()

    return script


# What detection is to take for a person: one word, then waiting.
human = says(lambda: talk((0.6, 0), (0.35, 440), (30.0, 0)))
# ... and for a machine: many words without a pause, then the tone.
machine = says(
    lambda: talk((0.4, 0), *((0.4, 440), (0.12, 0)) * 14, (0.6, 0), (0.5, CALLEE_HERTZ), (60.0, 0))
)
mute = says(silence)


class Carrier(UserAgent):
    """Picks up for every number unless told otherwise. With `passwords` (user to password) it lets in only who knows one."""

    def __init__(self, ip: str = "127.0.0.2", port: int = 0, script: Script = picks_up) -> None:
        super().__init__(self._answer, ip, port)
        self.anybody = script
        self.passwords: dict[str, str] = {}
        self.registered: dict[str, str] = {}  # user -> where it is
        self.knows = asyncio.Event()  # somebody has registered
        self._nonce = new_tag()
        self._behaviours: dict[str, Script] = {}

    async def __aenter__(self) -> "Carrier":
        await super().__aenter__()
        return self

    def behaves(self, number: str, script: Script) -> None:
        """How the person with this number takes calls."""
        self._behaviours[number] = script

    def dialed(self) -> Counter[str]:
        """How often each number was really rung."""
        return Counter(call.number for call in self.calls.values())

    def admits(self, message: Message) -> bool:
        if not self.passwords:
            return True
        name = "Authorization" if message.method == "REGISTER" else "Proxy-Authorization"
        proof = message.header(name)
        user = proof.partition('username="')[2].partition('"')[0]
        if self._nonce in proof and _is_proof(proof, user, self.passwords.get(user, ""), message.method):
            return True
        code, header = (
            (401, "WWW-Authenticate") if message.method == "REGISTER" else (407, "Proxy-Authenticate")
        )
        self.reply(
            message,
            code,
            "Who?",
            extra=f'{header}: Digest realm="carrier", nonce="{self._nonce}", algorithm=MD5',
        )
        return False

    def take_registration(self, message: Message) -> None:
        contact = uri_of(message.header("Contact"))
        self.registered[user_of(uri_of(message.header("To")))] = contact
        self.reply(message, 200, "OK", contact=f"<{contact}>;expires=600", extra="Expires: 600")
        self.knows.set()

    async def _answer(self, call: Call) -> None:
        await self._behaviours.get(call.number, self.anybody)(call)


class Phone(UserAgent):
    """An agent's own SIP phone: registers and picks up by itself; it hums so that it can be recognized."""

    def __init__(self, user: str, password: str, *, hertz: int = 440, ip: str = "127.0.0.1") -> None:
        super().__init__(self._pick_up, ip)
        self.user, self.password, self.hertz = user, password, hertz

    async def __aenter__(self) -> "Phone":
        await super().__aenter__()
        return self

    async def sign_on(self, server: tuple[str, int]) -> int:
        return await self.register(server, self.user, self.password)

    async def _pick_up(self, call: Call) -> None:
        await call.answer(tone(self.hertz))


def _is_proof(proof: str, user: str, password: str, method: str) -> bool:
    """The answer to our challenge, which asks for no `qop`."""
    uri = proof.partition('uri="')[2].partition('"')[0]
    expected = digest(proof, user, password, method, uri).partition('response="')[2].rstrip('"')
    return f'response="{expected}"' in proof
