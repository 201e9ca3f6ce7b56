"""A node for the doctor to look at."""

import asyncio
from pathlib import Path

from dialer import clock
from telesales.telephony.doctor.findings import Finding, Verdict
from telesales.telephony.doctor.run import examine
from tests.telephony.asterisk_server import carrier_of
from tests.telephony.rtp import WAIT_SECONDS


class Patient:
    """A telephony file of a real node, with something changed in it."""

    def __init__(self, server, sounds: Path, client) -> None:
        self.server, self.sounds, self.client = server, sounds, client
        self.environ = dict(server.environ)
        self.text = f'sounds_folder = "{sounds}"\n' + Path(server.environ["TELEPHONY_FILE"]).read_text()

    def change(self, old: str, new: str) -> None:
        assert old in self.text, self.text
        self.text = self.text.replace(old, new)

    def look(self, *, carrier: bool = True, seconds_ahead: float = 0.0) -> list[Finding]:
        path = self.sounds.parent / "telephony.toml"
        path.write_text(self.text)
        return asyncio.run(self._look(self.environ | {"TELEPHONY_FILE": str(path)}, carrier, seconds_ahead))

    async def _look(self, environ, carrier: bool, ahead: float) -> list[Finding]:
        async with carrier_of(self.server):
            if carrier:
                await self._qualify("online")
            return [finding async for finding in examine(environ, self.client, lambda: clock.now() - ahead)]

    async def _qualify(self, state: str) -> None:
        """Let Asterisk ask the carrier how it is, which it does every half minute by itself."""
        await asyncio.to_thread(self.server.cli, "pjsip qualify one-out")
        async with asyncio.timeout(WAIT_SECONDS):
            while (await asyncio.to_thread(self.server.ari, "GET", "endpoints/PJSIP/one-out"))[
                "state"
            ] != state:
                await asyncio.sleep(0.05)


def faults(found: list[Finding]) -> list[tuple[str, str, str]]:
    return [(one.subject, one.what, one.remedy) for one in found if one.verdict is Verdict.BAD]
