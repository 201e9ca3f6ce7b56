"""The whole configuration folder of one node."""

import hashlib
from collections.abc import Mapping
from pathlib import Path

from dialer.carriers.asterisk.config.folders import Folders
from dialer.carriers.asterisk.config.modules import modules_conf
from dialer.carriers.asterisk.config.music import music_wav
from dialer.carriers.asterisk.config.pjsip import Secret, pjsip_conf, sorcery_conf
from dialer.carriers.asterisk.config.text import comma, document, host_port, section
from dialer.carriers.asterisk.settings import (
    AGENT_CONTEXT,
    AMD_CONTEXT,
    APPLICATION,
    INBOUND,
    INBOUND_CONTEXT,
    METRICS,
    Network,
    Node,
    Telephony,
)

MUSIC = "music"  # folder beside the files
DIALPLAN = f"""
; The dialplan decides nothing: every call goes to the application, which says what happens.
[{INBOUND_CONTEXT}]
; What was dialed is stripped to digits, so that it adds no argument. Without a gateway: congestion, which the carrier may route elsewhere.
exten => _[+0-9a-zA-Z].,1,Stasis({APPLICATION},{INBOUND},${{FILTER(0-9+,${{EXTEN}})}},${{CALLERID(num-pres)}})
 same => n,Hangup(34)
exten => s,1,Stasis({APPLICATION},{INBOUND},,${{CALLERID(num-pres)}})
 same => n,Hangup(34)

; A call that asked for detection is sent here by ARI continue and comes back with the verdict.
[{AMD_CONTEXT}]
exten => s,1,AMD(${{AMD_ARGS}})
 same => n,Stasis({APPLICATION},amd,${{AMDSTATUS}},${{AMDCAUSE}})
 same => n,Hangup()

; Telephones of agents are called. They call nobody by themselves.
[{AGENT_CONTEXT}]
exten => _[+*#0-9a-zA-Z].,1,Hangup(21)
"""
# Tuned to take a person for a person rather than to catch every machine: a person judged a machine is abandoned.
DETECTION = {
    "initial_silence": 2500,
    "greeting": 2500,
    "after_greeting_silence": 600,
    "total_analysis_time": 5000,
    "min_word_length": 120,
    "between_words_silence": 60,
    "maximum_number_of_words": 5,
    "maximum_word_length": 5000,
    "silence_threshold": 256,
}
FETCH_SECONDS = 3  # an uploaded message that does not come must not keep a person in silence
EMPTY = ("ccss", "cli", "cli_permissions", "dnsmgr", "dsp", "enum", "features", "res_parking", "udptl")


def configuration_files(
    telephony: Telephony, node: Node, secret: Secret, folders: Folders | None = None
) -> dict[str, str]:
    """Name and text of every file; `secret` gives the value of an environment variable, or raises."""
    folders = folders or Folders()
    return {
        **_fixed(),
        "asterisk.conf": _asterisk(node, folders),
        "modules.conf": modules_conf(),
        "http.conf": _http(node.network),
        "ari.conf": _ari(node, secret),
        "prometheus.conf": _metrics(node, secret),
        "pjsip.conf": pjsip_conf(node, telephony.trunks_of(node.name), secret),
        "sorcery.conf": sorcery_conf(),
        "rtp.conf": _rtp(node),
        "extensions.conf": document(DIALPLAN),
        "musiconhold.conf": document(
            section("default", [("mode", "files"), ("directory", f"{folders.settings}/{MUSIC}"), ("sort", "alpha")])
        ),
    }  # fmt: skip


def _fixed() -> dict[str, str]:
    """What is the same on every node."""
    logs = [
        ("console", "warning,error"),
        ("messages.log", "notice,warning,error"),
        ("security.log", "security"),
    ]
    threads = [("initial_size", 5), ("idle_timeout_sec", 20), ("max_size", 50)]
    closed = [("enabled", False), ("webenabled", False), ("bindaddr", "127.0.0.1")]
    return {
        "logger.conf": document(
            section("general", [("dateformat", "%F %T.%3q")]), section("logfiles", logs, arrow=True)
        ),
        "manager.conf": document(section("general", closed)),
        "amd.conf": document(section("general", list(DETECTION.items()))),
        "indications.conf": document(INDICATIONS),
        "res_http_media_cache.conf": document(
            section("general", [("timeout_secs", FETCH_SECONDS), ("protocols", "http")])
        ),
        "codecs.conf": document(section("opus", [("type", "opus")])),
        "pjproject.conf": document(section("startup", [("log_level", 2)])),
        "stasis.conf": document(section("threadpool", threads)),
        "cdr.conf": document(section("general", [("enable", False)])),
        "cel.conf": document(section("general", [("enable", False)])),
        **{f"{name}.conf": document("[general]\n") for name in EMPTY},
        **{f"{name}.conf": document() for name in ("acl", "cli_aliases", "websocket_client")},
    }


def _ari(node: Node, secret: Secret) -> str:
    user = [("type", "user"), ("read_only", False), ("password", secret(node.ari_password_env))]
    return document(
        section("general", [("enabled", True), ("pretty", False), ("websocket_write_timeout", 1000)]),
        section(node.ari_user, [*user, *_only(node.network)]),
    )


def _metrics(node: Node, secret: Secret) -> str:
    """Who may use ARI may read them; `_http` lets only the neighbours come so far."""
    login = [("auth_username", node.ari_user), ("auth_password", secret(node.ari_password_env))]
    return document(
        section("general", [("enabled", True), ("core_metrics_enabled", False), ("uri", METRICS), *login, ("auth_realm", APPLICATION)])
    )  # fmt: skip


def write_configuration(files: Mapping[str, str], folder: Path) -> None:
    """Write the folder; only its owner and group may read it, because it holds passwords."""
    (folder / MUSIC).mkdir(parents=True, exist_ok=True, mode=0o750)
    for name, text in files.items():
        path = folder / name
        path.unlink(missing_ok=True)
        path.touch(mode=0o640)
        path.write_text(text, encoding="utf-8")
    if not any((folder / MUSIC).iterdir()):
        (folder / MUSIC / "calm.wav").write_bytes(music_wav())


def _asterisk(node: Node, folders: Folders) -> str:
    return document(
        section(
            "directories",
            [
                ("astetcdir", folders.settings),
                ("astmoddir", folders.modules),
                ("astvarlibdir", folders.state),
                ("astdbdir", folders.state),
                ("astkeydir", folders.state),
                ("astagidir", folders.state),
                ("astdatadir", folders.data),
                ("astspooldir", folders.spool),
                ("astrundir", folders.run),
                ("astlogdir", folders.log),
                ("astcachedir", folders.cache),
            ],
            arrow=True,
        ),
        section("options", [("systemname", node.name), ("hideconnect", True), ("nocolor", True), ("live_dangerously", False), ("entityid", _identity(node.name))]),
    )  # fmt: skip


def _identity(name: str) -> str:
    """Looks like the address of a network card, and is the same at every start, also where there is none."""
    return ":".join(f"{byte:02x}" for byte in (2, *hashlib.sha256(name.encode()).digest()[:5]))


def _http(network: Network) -> str:
    tls = bool(network.certificate)
    return document(
        section(
            "general",
            [
                ("servername", "Telesales"),
                ("enabled", True),
                ("bindaddr", network.http_address),
                ("bindport", network.http_port),
                ("sessionlimit", 2000),
                ("session_inactivity", 30000),
                ("enable_static", False),
                ("enable_status", False),
                ("tlsenable", tls),
                ("tlsbindaddr", host_port(network.browser_address, network.browser_port) if tls else ""),
                ("tlscertfile", network.certificate),
                ("tlsprivatekey", network.private_key),
                ("tlsdisablev1", tls or ""),
                ("tlsdisablev11", tls or ""),
            ],
        ),
        # Browsers reach /ws on the same server: everything else is for the neighbours alone.
        section("/ari", [("type", "restriction"), *_only(network)]),
        section(f"/{METRICS}", [("type", "restriction"), *_only(network)]),
        section("/httpstatus", [("type", "restriction"), ("deny", "0.0.0.0/0"), ("deny", "::/0")]),
    )


def _only(network: Network) -> list[tuple[str, object]]:
    return [("deny", "0.0.0.0/0"), ("deny", "::/0"), ("permit", comma(network.ari_clients))]


def _rtp(node: Node) -> str:
    network = node.network
    stun = [server.removeprefix("stun:") for server in node.ice_servers if server.startswith("stun:")]
    mapped = network.public_address and network.private_address
    parts = [
        section(
            "general",
            [
                ("rtpstart", network.rtp_first),
                ("rtpend", network.rtp_last),
                ("icesupport", True),
                ("strictrtp", True),
                ("stunaddr", stun[0] if stun and not mapped else ""),
            ],
        )
    ]
    if mapped:
        line = (network.private_address, f"{network.public_address},include_local_address")
        parts.append(section("ice_host_candidates", [line], arrow=True))
    return document(*parts)


INDICATIONS = """[general]
country = us

[us]
description = United States
ringcadence = 2000,4000
dial = 350+440
busy = 480+620/500,0/500
ring = 440+480/2000,0/4000
congestion = 480+620/250,0/250
"""
