"""The configuration that the project writes: what it holds, and that a real Asterisk does what it says."""

import os
import stat
import subprocess
from pathlib import Path

import pytest

from dialer.carriers.asterisk.config.files import configuration_files, write_configuration
from dialer.carriers.asterisk.config.text import UnwritableError
from dialer.carriers.asterisk.settings_file import parse_telephony
from tests.telephony.asterisk_server import (
    free_port,
    write_telephony_file,
)
from tests.telephony.certificates import Authority

DEPLOY = Path(__file__).parents[2] / "deploy" / "asterisk"
TRUNK_SECRETS = {"CARRIER_PASSWORD": "carrier;secret"}
SECRETS = {"ARI_PASSWORD_ONE": "ari-secret", **TRUNK_SECRETS}
SIGNED_IN = 'user = "acme-user"\npassword_env = "CARRIER_PASSWORD"'


def files_of(network: str = "", trunk: str = "", secrets: dict[str, str] = SECRETS) -> dict[str, str]:
    text = write_telephony_file(("one",), ("203.0.113.9", 5060), network=network, trunk=trunk)
    telephony = parse_telephony(text)
    return configuration_files(telephony, telephony.nodes[0], lambda name: secrets[name])


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
