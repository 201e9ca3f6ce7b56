"""What the doctor sees of UDP ports: in the file, on this machine, and in calls of a real Asterisk."""

import asyncio
import socket
from contextlib import asynccontextmanager

import pytest

from dialer.carriers.asterisk.ari import AriClient
from dialer.carriers.asterisk.settings_file import parse_telephony
from telesales.telephony.doctor.ari import Caller
from telesales.telephony.doctor.findings import Finding, Verdict
from telesales.telephony.doctor.sound import Socket, examine_ports, examine_sound, examine_use, read_sockets
from tests.telephony.asterisk_server import carrier_of
from tests.telephony.callee import picks_up
from tests.telephony.rtp import WAIT_SECONDS

NODE = """
[[nodes]]
name = "{name}"
ari_url = "http://{host}:8088/ari"
ari_password_env = "X"
browser_url = "ws://127.0.0.1:8088/ws"
max_channels = 10
[nodes.network]
sip_port = {sip}
rtp_first = {first}
rtp_last = {last}
"""
TRUNK = '[[trunks]]\nname = "t"\nnode = "one"\nhost = "sip.example.com"\nmax_channels = 1\ncaller_ids = ["+442079460100"]\n'


def nodes(*ranges: tuple[int, int], sip: int = 5060, other_host: str = "127.0.0.1"):
    parts = [
        NODE.format(
            name=name, host="127.0.0.1" if name == "one" else other_host, sip=sip, first=first, last=last
        )
        for name, (first, last) in zip(("one", "two"), ranges, strict=False)
    ]
    return parse_telephony("".join(parts) + TRUNK).nodes


class TestFile:
    def test_enough_ports_of_its_own_are_nothing_to_tell(self):
        one, *_ = several = nodes((10_000, 10_999), (11_000, 11_999))

        assert list(examine_ports(one, several)) == []

    def test_two_nodes_on_one_machine_do_not_share_ports(self):
        one, *_ = several = nodes((10_000, 10_999), (10_500, 11_999))

        (fault,) = examine_ports(one, several)
        assert fault.verdict is Verdict.BAD
        assert "node two" in fault.what

    def test_on_two_machines_they_may(self):
        one, *_ = several = nodes((10_000, 10_999), (10_000, 10_999), other_host="10.0.0.9")

        assert list(examine_ports(one, several)) == []

    def test_sip_has_a_port_beside_them(self):
        (one,) = nodes((5_000, 5_999))

        (fault,) = examine_ports(one, [one])
        assert "5060" in fault.what

    def test_too_few_of_them_are_a_doubt(self):
        (one,) = nodes((10_000, 10_030))

        (seen,) = examine_ports(one, [one])
        assert seen.verdict is Verdict.DOUBT
        assert "10039" in seen.remedy


class TestUse:
    OURS = Socket(5060, "104")

    def seen(self, *sockets: Socket, channels: int = 0, last: int = 10_999) -> Finding:
        (one,) = nodes((10_000, last))
        return examine_use(one, channels, sockets)

    def test_a_node_elsewhere_is_looked_at_there(self):
        seen = self.seen(Socket(53, "0"))

        assert seen.verdict is Verdict.UNSEEN
        assert "ss -lunp 'sport >= :10000 and sport <= :10999'" in seen.remedy

    def test_ports_of_other_programs_are_named(self):
        seen = self.seen(self.OURS, Socket(10_007, "0"), Socket(10_003, "33"))

        assert seen.verdict is Verdict.DOUBT
        assert "2 of the UDP ports 10000-10999: 10003, 10007" in seen.what
        assert "998 are free" in seen.remedy

    def test_so_many_that_calls_have_no_room_are_a_fault(self):
        strangers = [Socket(port, "0") for port in range(10_000, 10_030)]

        assert self.seen(self.OURS, *strangers, last=10_050).verdict is Verdict.BAD

    def test_asterisks_own_ports_are_those_of_calls(self):
        own = (Socket(10_000, "104"), Socket(10_001, "104"))

        assert self.seen(self.OURS, *own, channels=1).verdict is Verdict.GOOD
        assert self.seen(self.OURS, *own, channels=0).verdict is Verdict.DOUBT

    def test_the_kernels_table_is_read(self):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as ours:
            ours.bind(("127.0.0.1", 0))

            assert ours.getsockname()[1] in {found.port for found in read_sockets()}


class TestCalls:
    """Whether people are heard."""

    @asynccontextmanager
    async def call(self, server, script):
        async with carrier_of(server) as carrier:
            carrier.anybody = script
            ari = AriClient(
                server.node.ari_url,
                server.node.ari_user,
                server.password,
                app="listener",
                hear=lambda _: None,
            )
            await ari.open()
            try:
                await ari.ask(
                    "POST", "channels/call-1", endpoint="PJSIP/+442079460999@one-out", app="listener"
                )
                async with asyncio.timeout(WAIT_SECONDS):
                    while (await ari.ask("GET", "channels/call-1"))["state"] != "Up":
                        await asyncio.sleep(0.05)
                    await ari.ask("POST", "channels/call-1/moh")
                    while (await self.counts(ari))["txcount"] < 150:
                        await asyncio.sleep(0.1)
                yield
                await ari.ask("DELETE", "channels/call-1")
            finally:
                await ari.close()

    async def counts(self, ari):
        return await ari.ask("GET", "channels/call-1/rtp_statistics")

    async def look(self, server) -> list[Finding]:
        async with Caller(server.node, server.password) as caller:
            trunks = server.telephony.trunks_of("one")
            return [finding async for finding in examine_sound(server.node, trunks, caller)]

    def seen(self, server, script) -> list[Finding]:
        async def main():
            async with self.call(server, script):
                return await self.look(server)

        return asyncio.run(main())

    def test_a_person_who_is_heard_proves_that_the_way_is_open(self, asterisk):
        ports, sound = self.seen(asterisk, picks_up)

        assert ports.verdict is Verdict.GOOD
        assert (sound.verdict, sound.what) == (Verdict.GOOD, "people are heard in 1 of 1 calls")

    def test_a_person_of_whom_nothing_comes_is_a_fault(self, asterisk):
        async def says_nothing(call):
            call.ring()
            call.media.send_to = lambda _peer: None  # as behind a firewall
            await call.answer()

        *_, sound = self.seen(asterisk, says_nothing)

        network = asterisk.node.network
        assert sound.verdict is Verdict.BAD
        assert f"UDP {network.rtp_first}-{network.rtp_last}" in sound.remedy

    @pytest.mark.parametrize("word", ["tcpdump", "place a call"])
    def test_without_calls_it_says_how_to_look(self, asterisk, word):
        *_, sound = asyncio.run(self.look(asterisk))

        assert sound.verdict is Verdict.UNSEEN
        assert word in sound.remedy
