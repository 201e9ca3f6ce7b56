"""Reads the TOML file that the environment variable TELEPHONY_FILE names. Without a file there is no telephone.

The file holds no secret: it names environment variables. Every mistake is told at once, with its key and what to
write instead. `deploy/asterisk/telephony.toml` is an example with every key; `docs/telephony.md` explains it.
"""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from dialer.carriers.asterisk.reading import TableReader, is_network, is_number, is_path
from dialer.carriers.asterisk.settings import (
    CODECS,
    FILE_VARIABLE,
    NUMBER_STYLES,
    Network,
    Node,
    Telephony,
    TelephonySettingsError,
    Trunk,
    Turn,
)
from dialer.carriers.asterisk.turn import TURN_URL

FEWEST_RTP_PORTS = 20


def load_telephony(environ: Mapping[str, str]) -> Telephony | None:
    """Read the file that the environment names; None without one."""
    named = environ.get(FILE_VARIABLE, "").strip()
    return read_telephony(Path(named)) if named else None


def read_telephony(path: Path) -> Telephony:
    """Read a file."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        reason = error.strerror or error
        raise TelephonySettingsError(
            str(path),
            [f"the file cannot be read ({reason}). Correct the path in {FILE_VARIABLE}, or leave it empty"],
        ) from error
    except UnicodeDecodeError as error:
        raise TelephonySettingsError(str(path), ["this is not a text file. Save it as UTF-8"]) from error
    return parse_telephony(text, source=str(path))


def parse_telephony(text: str, source: str = "telephony.toml") -> Telephony:
    """Read settings; raise with every mistake at once."""
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise TelephonySettingsError(source, [f"this is not TOML: {error}"]) from error
    mistakes: list[str] = []
    table = TableReader(document, "", mistakes)
    sounds = table.text("sounds_folder", "", hint="an absolute path", fits=is_path)
    nodes = tuple(_read_node(part, sounds) for part in table.tables("nodes"))
    trunks = tuple(_read_trunk(part, nodes) for part in table.tables("trunks"))
    if not nodes:
        table.blame("nodes", "there is no Asterisk. Write at least one table [[nodes]]")
    if not trunks:
        table.blame("trunks", "there is no carrier. Write at least one table [[trunks]]")
    turn = _read_turn(table.table("turn")) if table.has("turn") else None
    _blame_twins(table, nodes, trunks)
    table.finish()
    if mistakes:
        raise TelephonySettingsError(source, mistakes)
    return Telephony(nodes, trunks, sounds, turn)


def _read_turn(table: TableReader) -> Turn:
    turn = Turn(
        urls=table.texts(
            "urls", fits=TURN_URL.fullmatch, hint='addresses like "turn:turn.example.com:3478?transport=udp"'
        ),
        secret_env=table.secret_name("secret_env"),
    )
    if not turn.urls:
        table.blame("urls", "there is no address. Write one, or leave the table [turn] out")
    table.finish()
    return turn


def _read_node(table: TableReader, sounds: str) -> Node:
    node = Node(
        name=table.name("name"),
        ari_url=table.url(
            "ari_url", ("http", "https"), hint='an address like "http://127.0.0.1:8088/ari"'
        ).rstrip("/"),
        ari_user=table.token("ari_user", "telesales", hint="a user name without spaces"),
        ari_password_env=table.secret_name("ari_password_env"),
        browser_url=table.url(
            "browser_url",
            ("ws", "wss"),
            hint='how browsers reach this node, like "wss://voice.example.com:8089/ws"',
        ),
        max_channels=table.whole(
            "max_channels", 200, least=1, most=10_000, hint="how many calls at a time, like 200"
        ),
        weight=table.whole("weight", 1, most=1000, hint="1, or more for a stronger node; 0 for none"),
        ice_servers=table.texts(
            "ice_servers",
            (),
            fits=lambda value: value.startswith("stun:"),
            hint='addresses like "stun:stun.example.com:3478"; a TURN server has a table of its own, [turn]',
        ),
        sounds_folder=table.text("sounds_folder", sounds, hint="an absolute path", fits=is_path),
        network=_read_network(table.table("network")),
    )
    table.finish()
    return node


def _read_network(table: TableReader) -> Network:
    known = Network()
    nearby = 'an IP address, like "127.0.0.1"'
    network = Network(
        http_address=table.address("http_address", known.http_address, hint=nearby),
        http_port=_port(table, "http_port", known.http_port),
        ari_clients=_networks(table, "ari_clients", known.ari_clients),
        browser_address=table.address("browser_address", known.browser_address, hint=nearby),
        browser_port=_port(table, "browser_port", known.browser_port),
        certificate=_pem(table, "certificate"),
        private_key=_pem(table, "private_key"),
        sip_address=table.address("sip_address", known.sip_address, hint=nearby),
        sip_port=_port(table, "sip_port", known.sip_port),
        rtp_first=_port(table, "rtp_first", known.rtp_first),
        rtp_last=_port(table, "rtp_last", known.rtp_last),
        public_address=table.address("public_address", "", hint='an IP address, like "198.51.100.7"'),
        private_address=table.address("private_address", "", hint='an IP address, like "10.0.0.5"'),
        local_networks=_networks(table, "local_networks", ()),
    )
    if network.rtp_last - network.rtp_first < FEWEST_RTP_PORTS - 1:
        least = network.rtp_first + FEWEST_RTP_PORTS - 1
        table.blame(
            "rtp_last", f"too few ports after rtp_first ({network.rtp_first}). Write at least {least}"
        )
    if bool(network.certificate) != bool(network.private_key):
        table.blame("certificate", "certificate and private_key belong together. Write both, or neither")
    if network.private_address and not network.public_address:
        table.blame(
            "private_address", "this is for machines behind NAT. Write public_address too, or leave both out"
        )
    table.finish()
    return network


def _port(table: TableReader, key: str, default: int) -> int:
    return table.whole(key, default, least=1, most=65535, hint=f"a port, like {default}")


def _networks(table: TableReader, key: str, default: tuple[str, ...]) -> tuple[str, ...]:
    return table.texts(key, default, fits=is_network, hint='networks, like "10.0.0.0/8"')


def _pem(table: TableReader, key: str) -> str:
    return table.text(key, "", fits=is_path, hint="the absolute path of a PEM file")


def _read_trunk(table: TableReader, nodes: tuple[Node, ...]) -> Trunk:
    name = table.name("name")
    names = [node.name for node in nodes]
    trunk = Trunk(
        name=name,
        node=table.text(
            "node",
            names[0] if len(names) == 1 else None,
            fits=names.__contains__,
            hint="the name of a node: " + ", ".join(f'"{known}"' for known in names),
        ),
        endpoint=table.name("endpoint", name),
        **_read_carrier(table),
        **_read_limits(table),
    )
    _blame_trunk(table, trunk)
    table.finish()
    return trunk


def _read_carrier(table: TableReader) -> dict[str, Any]:
    user = table.token("user", "", hint="the user name that the carrier gave you")
    codecs = "some of " + ", ".join(f'"{codec}"' for codec in CODECS)
    return {
        "host": table.host("host", hint='the carrier\'s SIP server, like "sip.carrier.example"'),
        "port": table.whole("port", 5060, least=1, most=65535, hint="the carrier's SIP port, like 5060"),
        "transport": table.choice("transport", ("udp", "tcp", "tls"), "udp"),
        "user": user,
        "password_env": table.secret_name("password_env", None if user else ""),
        "register": table.flag("register", default=bool(user)),
        "srtp": table.flag("srtp", default=False),
        "match": table.texts(
            "match", (), fits=is_network, hint='addresses or networks, like "203.0.113.0/28"'
        ),
        "codecs": table.texts("codecs", ("ulaw", "alaw"), fits=CODECS.__contains__, hint=codecs),
        "caller_id_in": table.choice("caller_id_in", ("from", "pai"), "from"),
        "number_style": table.choice("number_style", tuple(NUMBER_STYLES), "e164"),
        "prefix": table.text("prefix", "", fits=_is_digits, hint='digits, like "9"'),
    }


def _read_limits(table: TableReader) -> dict[str, Any]:
    at_a_time = "how many calls at a time you have bought, like 30"
    rest = "calls after which a number rests for the day, 0 for never"
    return {
        "max_channels": table.whole("max_channels", least=1, most=10_000, hint=at_a_time),
        "calls_per_second": table.number(
            "calls_per_second", 5.0, most=500.0, hint="what the carrier allows, like 5"
        ),
        "weight": table.whole(
            "weight", 1, most=1000, hint="1, or more for a better trunk; 0 for incoming calls only"
        ),
        "caller_ids": table.texts(
            "caller_ids", fits=is_number, hint='numbers that are yours, like "+442079460123"'
        ),
        "caller_id_daily_calls": table.whole("caller_id_daily_calls", 0, most=100_000, hint=rest),
        "check_seconds": table.whole(
            "check_seconds", 30, most=3600, hint="30, or 0 for a carrier that does not answer OPTIONS"
        ),
    }


def _is_digits(value: str) -> bool:
    return value.isascii() and value.isdigit()


def _blame_trunk(table: TableReader, trunk: Trunk) -> None:
    if trunk.register and not trunk.user:
        table.blame("register", "registration needs a user. Write user and password_env, or register = false")
    if trunk.caller_id_in == "pai" and not trunk.user:
        table.blame(
            "caller_id_in", 'this needs a user. Write user and password_env, or caller_id_in = "from"'
        )
    if table.has("caller_ids") and not trunk.caller_ids:
        table.blame("caller_ids", 'the list is empty. Write numbers that are yours, like "+442079460123"')
    if table.has("codecs") and not trunk.codecs:
        table.blame("codecs", 'the list is empty. Write for example ["alaw", "ulaw"]')


def _blame_twins(table: TableReader, nodes: tuple[Node, ...], trunks: tuple[Trunk, ...]) -> None:
    for key, names in (
        ("nodes", [node.name for node in nodes]),
        ("trunks", [trunk.name for trunk in trunks]),
    ):
        for name in sorted({name for name in names if name and names.count(name) > 1}):
            table.blame(key, f"the name {name!r} stands there twice. Give each its own")
    ends = [(trunk.node, trunk.endpoint) for trunk in trunks]
    for node, endpoint in sorted({end for end in ends if all(end) and ends.count(end) > 1}):
        table.blame("trunks", f"the endpoint {endpoint!r} stands twice on node {node!r}. Give each its own")
