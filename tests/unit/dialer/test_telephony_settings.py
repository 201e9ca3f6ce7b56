"""The telephony file: what it says, and what it answers to mistakes."""

import tomllib
from dataclasses import fields
from pathlib import Path

import pytest

from dialer.carriers.asterisk.settings import (
    Network,
    Node,
    SecretMissingError,
    TelephonySettingsError,
    Trunk,
    secret_of,
)
from dialer.carriers.asterisk.settings_file import load_telephony, parse_telephony, read_telephony

NODE = """
[[nodes]]
name = "one"
ari_url = "http://127.0.0.1:8088/ari"
ari_password_env = "ARI_PASSWORD"
browser_url = "wss://voice.example.com:8089/ws"
"""
TRUNK = """
[[trunks]]
name = "acme"
host = "sip.acme.example"
user = "tele"
password_env = "ACME_PASSWORD"
max_channels = 30
caller_ids = ["+442079460123", "+442079460124"]
"""
GOOD = NODE + TRUNK


def mistakes_of(text: str) -> list[str]:
    with pytest.raises(TelephonySettingsError) as caught:
        parse_telephony(text)
    return caught.value.mistakes


def test_a_short_file_is_enough():
    telephony = parse_telephony(GOOD)

    (node,), (trunk,) = telephony.nodes, telephony.trunks
    assert (node.name, node.ari_user, node.max_channels, node.weight) == ("one", "telesales", 200, 1)
    assert (trunk.node, trunk.endpoint, trunk.register, trunk.codecs) == (
        "one",
        "acme",
        True,
        ("ulaw", "alaw"),
    )
    assert telephony.caller_ids == {"+442079460123", "+442079460124"}
    assert telephony.trunks_of("one") == (trunk,)


def test_ari_listens_on_loopback_unless_told_otherwise():
    told = parse_telephony(NODE + '[nodes.network]\nhttp_address = "10.0.0.5"\n' + TRUNK)

    assert parse_telephony(GOOD).node("one").network.http_address == "127.0.0.1"
    assert told.node("one").network.http_address == "10.0.0.5"


@pytest.mark.parametrize(
    ("line", "dialed"),
    [
        ("", "+442079460999"),
        ('number_style = "digits"', "442079460999"),
        ('number_style = "international"', "00442079460999"),
        ('number_style = "digits"\nprefix = "9"', "9442079460999"),
    ],
)
def test_a_number_is_dialed_as_the_carrier_wants_it(line, dialed):
    assert parse_telephony(GOOD + line).trunks[0].dialed("+442079460999") == dialed


@pytest.mark.parametrize(
    ("text", "key", "remedy"),
    [
        (NODE, "trunks", "[[trunks]]"),
        (TRUNK, "nodes", "[[nodes]]"),
        (GOOD.replace('name = "one"\n', ""), "nodes[1].name", "missing"),
        (GOOD.replace('name = "one"', 'name = "Node One"'), "nodes[1].name", "small letters"),
        (GOOD.replace('"http://127.0.0.1:8088/ari"', '"127.0.0.1:8088"'), "nodes[1].ari_url", "http://127.0.0.1:8088/ari"),
        (GOOD.replace('"ARI_PASSWORD"', '"hunter2!"'), "nodes[1].ari_password_env", "not the password itself"),
        (GOOD.replace('"wss://voice', '"https://voice'), "nodes[1].browser_url", "wss://"),
        ('nodes = [{ice_servers = ["turn:turn.example.com"]}]', "nodes[1].ice_servers", "stun:"),
        (GOOD + '[turn]\nurls = ["stun:x"]\nsecret_env = "S"', "turn.urls", "turn:turn.example.com"),
        (GOOD + '[turn]\nurls = []\nsecret_env = "S"', "turn.urls", "leave the table"),
        (GOOD + '[turn]\nurls = ["turn:x"]', "turn.secret_env", "environment variable"),
        (GOOD + '[turn]\nurls = ["turn:x"]\nsecret_env = "the secret"', "turn.secret_env", "not the password itself"),
        (GOOD.replace("max_channels = 30", 'max_channels = "30"'), "trunks[1].max_channels", "right kind"),
        (GOOD.replace("max_channels = 30", "max_channels = true"), "trunks[1].max_channels", "right kind"),
        (GOOD.replace("max_channels = 30", "max_channels = 0"), "trunks[1].max_channels", "1 to 10000"),
        (GOOD.replace("max_channels = 30", "max_chanels = 30"), "trunks[1].max_chanels", "not known"),
        (GOOD.replace("+442079460123", "02079460123"), "trunks[1].caller_ids", "+442079460123"),
        (GOOD.replace("+442079460124", "+442079460123"), "trunks[1].caller_ids", "twice"),
        (GOOD.replace('["+442079460123", "+442079460124"]', "[]"), "trunks[1].caller_ids", "empty"),
        (GOOD.replace('password_env = "ACME_PASSWORD"\n', ""), "trunks[1].password_env", "missing"),
        (GOOD.replace('"tele"', '"te le"'), "trunks[1].user", "user name"),
        (GOOD + "calls_per_second = 0", "trunks[1].calls_per_second", "above 0"),
        (GOOD + 'node = "two"', "trunks[1].node", '"one"'),
        (GOOD + 'transport = "sctp"', "trunks[1].transport", '"tls"'),
        (GOOD + 'codecs = ["g729"]', "trunks[1].codecs", '"alaw"'),
        (GOOD + "codecs = []", "trunks[1].codecs", "alaw"),
        (GOOD + 'match = ["sip.acme.example"]', "trunks[1].match", "203.0.113.0/28"),
        (GOOD + 'number_style = "local"', "trunks[1].number_style", '"digits"'),
        (GOOD + 'caller_id_in = "rpid"', "trunks[1].caller_id_in", '"pai"'),
        (GOOD.replace('user = "tele"\n', "") + 'caller_id_in = "pai"', "trunks[1].caller_id_in", "needs a user"),
        (GOOD + 'prefix = "x"', "trunks[1].prefix", '"9"'),
        (GOOD + TRUNK, "trunks", "twice"),
        (NODE + GOOD, "nodes", "twice"),
        (NODE + '[nodes.network]\ncertificate = "/etc/a.pem"\n' + TRUNK, "nodes[1].network.certificate", "both"),
        (NODE + "[nodes.network]\nrtp_first = 20000\n" + TRUNK, "nodes[1].network.rtp_last", "20019"),
        (NODE + '[nodes.network]\nlocal_networks = ["home"]\n' + TRUNK, "nodes[1].network.local_networks", "10.0.0.0/8"),
        ("nodes = 3\n" + TRUNK, "nodes", "[[nodes]]"),
        ("nodes = [3]\n" + TRUNK, "nodes", "[[nodes]]"),
        ('sounds_folder = "here"\n' + GOOD, "sounds_folder", "absolute path"),
    ],
)  # fmt: skip
def test_a_mistake_names_its_key_and_what_to_write(text, key, remedy):
    found = [mistake for mistake in mistakes_of(text) if mistake.startswith(f"{key}: ")]

    assert found, mistakes_of(text)
    assert remedy in found[0]


def test_every_mistake_is_told_at_once():
    text = GOOD.replace('"one"', '"ONE"').replace("max_channels = 30", "max_channels = -1")

    assert len(mistakes_of(text)) >= 2


def test_a_line_break_cannot_write_lines_of_asterisks_own():
    text = GOOD.replace('"tele"', '"tele\\n[evil]"')

    assert any("trunks[1].user" in mistake for mistake in mistakes_of(text))


def test_what_is_not_toml_is_told_with_its_line(tmp_path: Path):
    path = tmp_path / "telephony.toml"
    path.write_text("[[nodes\n")

    with pytest.raises(TelephonySettingsError, match=r"telephony\.toml.*line 1"):
        read_telephony(path)


def test_a_file_that_is_not_there_names_the_variable(tmp_path: Path):
    with pytest.raises(TelephonySettingsError, match="TELEPHONY_FILE"):
        load_telephony({"TELEPHONY_FILE": str(tmp_path / "none.toml")})


def test_without_a_file_there_is_no_telephone():
    assert load_telephony({}) is None
    assert load_telephony({"TELEPHONY_FILE": " "}) is None


def test_a_missing_secret_names_its_variable():
    assert secret_of("ARI_PASSWORD", {"ARI_PASSWORD": "s"}) == "s"
    with pytest.raises(SecretMissingError, match="ARI_PASSWORD"):
        secret_of("ARI_PASSWORD", {})


def test_the_example_file_is_right_and_has_every_key():
    path = Path(__file__).parents[3] / "deploy" / "asterisk" / "telephony.toml"
    telephony = read_telephony(path)

    written = tomllib.loads(path.read_text())
    (node,), (trunk,) = written["nodes"], written["trunks"]
    assert set(node) == {field.name for field in fields(Node)}
    assert set(node["network"]) == {field.name for field in fields(Network)}
    assert set(trunk) == {field.name for field in fields(Trunk)}
    assert telephony.trunks[0].caller_id_daily_calls == 300
