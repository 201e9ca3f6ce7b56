"""Whom a real Asterisk lets in that runs on the project's configuration: neighbours, telephones, and we at a carrier."""

import asyncio
import base64
import contextlib
import http.client
import socket
from urllib.parse import quote

import pytest

from tests.telephony.agent import Call
from tests.telephony.asterisk_server import CALLER_IDS, carrier_of, outside_address
from tests.telephony.audio import tone
from tests.telephony.callee import Phone
from tests.telephony.rtp import WAIT_SECONDS

NUMBER = "+442079460999"
CARRIER_PASSWORD = "carrier;secret"


def push(asterisk, agent: str, password: str) -> None:
    """What the gateway does when an agent signs on with a SIP phone."""
    objects = (
        ("auth", {"auth_type": "userpass", "username": agent, "password": password}),
        ("aor", {"max_contacts": "1", "remove_existing": "yes"}),
        ("endpoint", {"context": "agents", "aors": agent, "auth": agent, "disallow": "all", "allow": "ulaw"}),
    )
    for kind, fields in objects:
        body = {"fields": [{"attribute": key, "value": value} for key, value in fields.items()]}
        asterisk.ari("PUT", f"asterisk/config/dynamic/res_pjsip/{kind}/{agent}", body)


class TestDoors:
    def test_everything_listens_on_loopback(self, asterisk):
        """A machine with another address does not answer there."""
        outside = outside_address()
        if outside is None:
            pytest.skip("this machine has no address beside loopback")
        with socket.socket() as probe:
            assert probe.connect_ex((outside, asterisk.node.network.http_port)) != 0

    def test_a_wrong_password_is_refused(self, asterisk):
        assert status_from("127.0.0.1", asterisk, "/ari/channels", password="guess") == 401

    def test_only_named_neighbours_reach_ari_even_with_the_password(self, make_asterisks):
        """Browsers share the server's port with ARI: an address that is not named gets nothing of it."""
        with make_asterisks(("one",), network='ari_clients = ["127.0.0.1/32"]') as (asterisk,):
            assert status_from("127.0.0.1", asterisk, "/ari/channels") == 200
            assert status_from("127.0.0.50", asterisk, "/ari/channels") == 403
            assert status_from("127.0.0.50", asterisk, "/ari/events?app=telesales") == 403
            assert status_from("127.0.0.50", asterisk, "/ws") == 426

    def test_metrics_are_for_those_who_may_use_ari(self, make_asterisks):
        with make_asterisks(("one",), network='ari_clients = ["127.0.0.1/32"]') as (asterisk,):
            assert status_from("127.0.0.1", asterisk, "/metrics") == 200
            assert status_from("127.0.0.1", asterisk, "/metrics", password="guess") == 401
            assert status_from("127.0.0.50", asterisk, "/metrics") == 403


class TestPhones:
    def test_a_phone_that_was_pushed_registers_and_one_that_was_taken_back_does_not(self, asterisk):
        async def main():
            async with Phone("agent-7", "a fresh password") as phone:
                before = await phone.sign_on(asterisk.sip)
                push(asterisk, "agent-7", "a fresh password")
                during = await phone.sign_on(asterisk.sip)
                for kind in ("endpoint", "aor", "auth"):
                    asterisk.ari("DELETE", f"asterisk/config/dynamic/res_pjsip/{kind}/agent-7")
                return before, during, await phone.sign_on(asterisk.sip)

        assert asyncio.run(main()) == (401, 200, 401)

    def test_what_was_pushed_is_gone_with_the_process(self, make_asterisks):
        async def sign_on(asterisk):
            async with Phone("agent-7", "word") as phone:
                return await phone.sign_on(asterisk.sip)

        with make_asterisks(("one",)) as (asterisk,):
            push(asterisk, "agent-7", "word")
            before = asyncio.run(sign_on(asterisk))
            asterisk.kill()
            asterisk.start()

            assert (before, asyncio.run(sign_on(asterisk))) == (200, 401)

    def test_an_agents_phone_calls_nobody_by_itself(self, asterisk):
        async def main():
            push(asterisk, "agent-8", "word")
            async with carrier_of(asterisk) as carrier, Phone("agent-8", "word") as phone:
                await phone.sign_on(asterisk.sip)
                call = await phone.dial(asterisk.sip, NUMBER, "agent-8", tone(440))
                return call.code, len(carrier.calls)

        code, calls = asyncio.run(main())
        assert code >= 400
        assert calls == 0

    def test_a_stranger_reaches_nothing(self, asterisk):
        async def main():
            async with Phone("nobody", "x", ip="127.0.0.77") as phone:
                return (await phone.dial(asterisk.sip, NUMBER, "+447700900123")).code

        assert asyncio.run(main()) == 401


def status_from(address: str, asterisk, path: str, password: str | None = None) -> int:
    """What the server answers to somebody at this address, who knows the password unless told otherwise."""
    connection = http.client.HTTPConnection(
        "127.0.0.1", asterisk.node.network.http_port, source_address=(address, 0)
    )
    word = base64.b64encode(f"telesales:{password or asterisk.password}".encode()).decode()
    connection.request("GET", path, headers={"Authorization": f"Basic {word}"})
    with contextlib.closing(connection), connection.getresponse() as answer:
        answer.read()
        return answer.status


class TestCarrierWithPassword:
    """The usual SIP trunk: Asterisk registers with user and password, and proves both for every call."""

    TRUNK = 'user = "acme-user"\npassword_env = "CARRIER_PASSWORD"'

    def ring(
        self, make_asterisks, password: str, trunk: str = ""
    ) -> tuple[list[Call], dict[str, str], tuple]:
        async def main(asterisk):
            async with carrier_of(asterisk) as carrier:
                carrier.passwords = {"acme-user": CARRIER_PASSWORD}
                asterisk.cli("pjsip send register *all")
                if password == CARRIER_PASSWORD:
                    async with asyncio.timeout(WAIT_SECONDS):
                        await carrier.knows.wait()
                path = f"channels/call-1?endpoint=PJSIP/{NUMBER}@one-out&app=telesales&timeout=30&callerId={quote(CALLER_IDS[0])}"
                await asyncio.to_thread(asterisk.ari, "POST", path)
                await until_no_channel_rings(asterisk)
                return list(carrier.calls.values()), carrier.registered, asterisk.sip

        with make_asterisks(
            ("one",), trunk=f"{self.TRUNK}\n{trunk}", secrets_of_trunks={"CARRIER_PASSWORD": password}
        ) as (asterisk,):
            return asyncio.run(main(asterisk))

    def test_it_is_let_in(self, make_asterisks):
        calls, registered, (ip, port) = self.ring(make_asterisks, CARRIER_PASSWORD)

        assert len(calls) == 1
        assert registered["acme-user"].startswith(f"sip:acme-user@{ip}:{port}")

    def test_a_wrong_password_is_not(self, make_asterisks):
        calls, registered, _ = self.ring(make_asterisks, "guess")

        assert (calls, registered) == ([], {})

    def test_a_carrier_that_wants_its_user_name_gets_our_number_beside_it(self, make_asterisks):
        ((call,), _, _) = self.ring(make_asterisks, CARRIER_PASSWORD, 'caller_id_in = "pai"')

        assert call.caller == "acme-user"
        assert CALLER_IDS[0] in call.invite.header("P-Asserted-Identity")


async def until_no_channel_rings(asterisk) -> None:
    """Every call was answered or is over."""
    async with asyncio.timeout(WAIT_SECONDS):
        while any(one["state"] != "Up" for one in await asyncio.to_thread(asterisk.ari, "GET", "channels")):
            await asyncio.sleep(0.02)
