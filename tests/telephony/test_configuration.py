"""The configuration that the project writes: what it holds, and that a real Asterisk does what it says."""

import asyncio
import base64
import contextlib
import http.client
import os
import socket
import stat
import subprocess
from pathlib import Path
from urllib.parse import quote

import pytest

from dialer.carriers.asterisk.config.files import configuration_files, write_configuration
from dialer.carriers.asterisk.config.text import UnwritableError
from dialer.carriers.asterisk.settings_file import parse_telephony
from tests.telephony.agent import Call
from tests.telephony.asterisk_server import (
    CALLER_IDS,
    carrier_of,
    free_port,
    outside_address,
    write_telephony_file,
)
from tests.telephony.audio import tone
from tests.telephony.callee import Phone
from tests.telephony.certificates import Authority

DEPLOY = Path(__file__).parents[2] / "deploy" / "asterisk"
NUMBER = "+442079460999"
TRUNK_SECRETS = {"CARRIER_PASSWORD": "carrier;secret"}
SECRETS = {"ARI_PASSWORD_ONE": "ari-secret", **TRUNK_SECRETS}
SIGNED_IN = 'user = "acme-user"\npassword_env = "CARRIER_PASSWORD"'


def files_of(network: str = "", trunk: str = "", secrets: dict[str, str] = SECRETS) -> dict[str, str]:
    text = write_telephony_file(("one",), ("203.0.113.9", 5060), network=network, trunk=trunk)
    telephony = parse_telephony(text)
    return configuration_files(telephony, telephony.nodes[0], lambda name: secrets[name])


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


class TestText:
    def test_a_trunk_without_a_user_is_known_by_its_address(self):
        pjsip = files_of()["pjsip.conf"]

        assert "type = identify\nendpoint = one-out\nmatch = 203.0.113.9\n" in pjsip.replace(
            "[one-out]\n", ""
        )
        assert "type = registration" not in pjsip
        assert "type = auth" not in pjsip

    def test_a_trunk_with_a_user_registers_and_signs_in(self):
        pjsip = files_of(trunk=SIGNED_IN)["pjsip.conf"]

        assert "username = acme-user" in pjsip
        assert "client_uri = sip:acme-user@203.0.113.9" in pjsip
        assert "type = registration" in pjsip

    def test_a_semicolon_in_a_password_does_not_begin_a_comment(self):
        assert "password = carrier\\;secret\n" in files_of(trunk=SIGNED_IN)["pjsip.conf"]

    def test_a_password_with_a_line_break_is_refused_without_showing_it(self):
        with pytest.raises(UnwritableError) as caught:
            files_of(secrets=SECRETS | {"ARI_PASSWORD_ONE": "hidden\n[x]"})

        assert "hidden" not in str(caught.value)

    def test_nothing_but_the_named_secrets_opens_a_door(self):
        files = files_of()

        assert "enabled = no" in files["manager.conf"]
        assert files["ari.conf"].count("password = ") == 1
        assert "allowed_origins" not in files["ari.conf"]

    def test_ari_is_on_loopback_and_for_loopback(self):
        files = files_of()

        assert "bindaddr = 127.0.0.1\n" in files["http.conf"]
        assert "deny = 0.0.0.0/0\ndeny = ::/0\npermit = 127.0.0.0/8,::1/128" in files["ari.conf"]

    def test_with_a_certificate_browsers_come_by_tls(self):
        http = files_of('certificate = "/etc/tls/voice.pem"\nprivate_key = "/etc/tls/voice.key"')["http.conf"]

        assert "tlsenable = yes\ntlsbindaddr = 0.0.0.0:8089\ntlscertfile = /etc/tls/voice.pem" in http
        assert "tlsdisablev1 = yes" in http

    def test_behind_nat_the_public_address_is_told(self):
        network = (
            'public_address = "198.51.100.7"\nprivate_address = "10.0.0.5"\nlocal_networks = ["10.0.0.0/8"]'
        )
        files = files_of(network)

        assert "external_media_address = 198.51.100.7" in files["pjsip.conf"]
        assert "local_net = 10.0.0.0/8" in files["pjsip.conf"]
        assert "10.0.0.5 => 198.51.100.7,include_local_address" in files["rtp.conf"]

    def test_a_trunk_over_tls_has_its_transport_and_encrypted_media(self):
        pjsip = files_of(trunk='transport = "tls"\nsrtp = true')["pjsip.conf"]

        assert "protocol = tls" in pjsip
        assert "verify_server = yes" in pjsip
        assert "contact = sip:203.0.113.9:5060\\;transport=tls" in pjsip
        assert "media_encryption = sdes" in pjsip

    def test_files_with_passwords_are_not_for_everybody(self, tmp_path):
        write_configuration(files_of(), tmp_path)
        write_configuration(files_of(), tmp_path)

        modes = {stat.S_IMODE(path.stat().st_mode) & 0o007 for path in tmp_path.glob("*.conf")}
        assert modes == {0}
        assert (tmp_path / "music" / "calm.wav").stat().st_size > 100_000

    def test_own_music_is_left_alone(self, tmp_path):
        (tmp_path / "music").mkdir()
        (tmp_path / "music" / "ours.wav").write_bytes(b"")

        write_configuration(files_of(), tmp_path)

        assert os.listdir(tmp_path / "music") == ["ours.wav"]


class TestExample:
    def test_the_entrypoint_of_the_container_asks_for_a_configuration(self, tmp_path):
        done = subprocess.run(
            ["sh", str(DEPLOY / "entrypoint.sh")],
            env={"CONFIG": str(tmp_path)},
            capture_output=True,
            text=True,
        )

        assert done.returncode == 1
        assert "telephony config" in done.stderr

    def test_asterisk_starts_without_a_complaint_with_every_key_of_the_example(
        self, make_asterisks, tmp_path
    ):
        """All that an operator may write is understood by Asterisk: NAT, TLS to browsers and carrier, registration."""
        certificate, key = Authority(tmp_path).sign("voice", "voice.example.com")
        network = (
            f'public_address = "198.51.100.7"\nprivate_address = "10.0.0.5"\nlocal_networks = ["10.0.0.0/8"]\n'
            f'browser_address = "127.0.0.1"\nbrowser_port = {free_port()}\n'
            f'certificate = "{certificate}"\nprivate_key = "{key}"'
        )
        trunk = SIGNED_IN + '\ntransport = "tls"\nsrtp = true\nmatch = ["203.0.113.0/28"]\nregister = true'
        with make_asterisks(("one",), network=network, trunk=trunk, secrets_of_trunks=TRUNK_SECRETS) as (
            asterisk,
        ):
            complaints = [
                line for line in asterisk.log().splitlines() if "ERROR" in line or "WARNING" in line
            ]
            registrations = asterisk.cli("pjsip show registrations")

        assert [line for line in complaints if "registration" not in line.lower()] == []
        assert "one-out" in registrations


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
                carrier.passwords = {"acme-user": TRUNK_SECRETS["CARRIER_PASSWORD"]}
                asterisk.cli("pjsip send register *all")
                if password == TRUNK_SECRETS["CARRIER_PASSWORD"]:
                    async with asyncio.timeout(10):
                        await carrier.knows.wait()
                path = f"channels/call-1?endpoint=PJSIP/{NUMBER}@one-out&app=telesales&timeout=10&callerId={quote(CALLER_IDS[0])}"
                await asyncio.to_thread(asterisk.ari, "POST", path)
                await until_no_channel_rings(asterisk)
                return list(carrier.calls.values()), carrier.registered, asterisk.sip

        with make_asterisks(
            ("one",), trunk=f"{self.TRUNK}\n{trunk}", secrets_of_trunks={"CARRIER_PASSWORD": password}
        ) as (asterisk,):
            return asyncio.run(main(asterisk))

    def test_it_is_let_in(self, make_asterisks):
        calls, registered, (ip, port) = self.ring(make_asterisks, TRUNK_SECRETS["CARRIER_PASSWORD"])

        assert len(calls) == 1
        assert registered["acme-user"].startswith(f"sip:acme-user@{ip}:{port}")

    def test_a_wrong_password_is_not(self, make_asterisks):
        calls, registered, _ = self.ring(make_asterisks, "guess")

        assert (calls, registered) == ([], {})

    def test_a_carrier_that_wants_its_user_name_gets_our_number_beside_it(self, make_asterisks):
        ((call,), _, _) = self.ring(make_asterisks, TRUNK_SECRETS["CARRIER_PASSWORD"], 'caller_id_in = "pai"')

        assert call.caller == "acme-user"
        assert CALLER_IDS[0] in call.invite.header("P-Asserted-Identity")


async def until_no_channel_rings(asterisk) -> None:
    """Every call was answered or is over."""
    async with asyncio.timeout(10):
        while any(one["state"] != "Up" for one in await asyncio.to_thread(asterisk.ari, "GET", "channels")):
            await asyncio.sleep(0.02)
