"""pjsip.conf: transports, trunks, and where agents' phones are kept while they are signed on."""

from collections.abc import Callable

from dialer.carriers.asterisk.config.text import Line, comma, document, host_port, section
from dialer.carriers.asterisk.settings import INBOUND_CONTEXT, Network, Node, Trunk

Secret = Callable[[str], str]
DYNAMIC = ("auth", "aor", "endpoint")  # pushed over ARI while an agent is signed on


def pjsip_conf(node: Node, trunks: tuple[Trunk, ...], secret: Secret) -> str:
    """Everything that is known before anybody signs on."""
    return document(
        section("global", [("type", "global"), ("user_agent", "Telesales"), ("endpoint_identifier_order", "username,ip"), ("ignore_uri_user_options", True)]),
        section("system", [("type", "system"), ("timer_t1", 500), ("timer_b", 32000), ("threadpool_initial_size", 5), ("threadpool_max_size", 50)]),
        *_transports(node.network, trunks),
        *(part for trunk in trunks for part in _trunk(trunk, secret)),
    )  # fmt: skip


def sorcery_conf() -> str:
    """Files first, then memory: what ARI pushes goes to memory and is gone with the process."""
    lines = [
        line
        for kind in DYNAMIC
        for line in ((kind, f"config,pjsip.conf,criteria=type={kind}"), (kind, "memory"))
    ]
    return document(section("res_pjsip", lines))


def _transports(network: Network, trunks: tuple[Trunk, ...]) -> list[str]:
    outside: list[Line] = [
        ("external_media_address", network.public_address),
        ("external_signaling_address", network.public_address),
        *(("local_net", known) for known in network.local_networks),
    ]
    kinds = sorted({"udp"} | {trunk.transport for trunk in trunks})
    parts = []
    for kind in kinds:
        port = network.sip_port + 1 if kind == "tls" else network.sip_port
        lines: list[Line] = [
            ("type", "transport"),
            ("protocol", kind),
            ("bind", host_port(network.sip_address, port)),
            *outside,
        ]
        if kind == "tls":
            lines += [
                ("method", "tlsv1_2"),
                ("verify_server", True),
                ("ca_list_path", "/etc/ssl/certs"),
                ("cert_file", network.certificate),
                ("priv_key_file", network.private_key),
            ]
        parts.append(section(kind, lines))
    for kind in ("ws", "wss"):
        bind = host_port(network.http_address, network.http_port)
        parts.append(section(kind, [("type", "transport"), ("protocol", kind), ("bind", bind), *outside]))
    return parts


def _trunk(trunk: Trunk, secret: Secret) -> list[str]:
    name, signed_in = trunk.endpoint, bool(trunk.user)
    address = server_uri(trunk).replace(";", "\\;")
    parts = [
        section(name, [("type", "endpoint"), *_endpoint(trunk, auth=name if signed_in else "")]),
        _raw(
            name,
            f"type = aor\ncontact = {address}\nqualify_frequency = {trunk.check_seconds}\nqualify_timeout = 3\n",
        ),
        section(
            name, [("type", "identify"), ("endpoint", name), ("match", comma(trunk.match or (trunk.host,)))]
        ),
    ]
    if signed_in:
        login = [
            ("type", "auth"),
            ("auth_type", "userpass"),
            ("username", trunk.user),
            ("password", secret(trunk.password_env)),
        ]
        parts.append(section(name, login))
    if trunk.register:
        parts.append(
            _raw(
                name,
                f"type = registration\ntransport = {trunk.transport}\noutbound_auth = {name}\nserver_uri = {address}\n"
                f"client_uri = {client_uri(trunk)}\ncontact_user = {trunk.user}\nretry_interval = 30\nforbidden_retry_interval = 300\n"
                f"expiration = 600\nmax_retries = 1000000\nline = yes\nendpoint = {name}\n",
            )
        )
    return parts


def server_uri(trunk: Trunk) -> str:
    """Where the carrier takes SIP."""
    transport = "" if trunk.transport == "udp" else f";transport={trunk.transport}"
    return f"sip:{host_port(trunk.host, trunk.port)}{transport}"


def client_uri(trunk: Trunk) -> str:
    """Who we are there."""
    return f"sip:{trunk.user}@{trunk.host}"


def _endpoint(trunk: Trunk, auth: str) -> list[Line]:
    return [
        ("transport", trunk.transport),
        ("context", INBOUND_CONTEXT),
        ("identify_by", "ip"),  # by the carrier's address: everybody can write a trunk's name into From
        ("trust_id_inbound", True),  # who rings, and whether the number may be shown, is the carrier's word
        ("disallow", "all"),
        ("allow", comma(trunk.codecs)),
        ("aors", trunk.endpoint),
        ("outbound_auth", auth),
        ("from_domain", trunk.host if auth else ""),
        ("from_user", trunk.user if trunk.caller_id_in == "pai" else ""),
        ("media_encryption", "sdes" if trunk.srtp else "no"),
        ("direct_media", False),
        ("rtp_symmetric", True),
        ("force_rport", True),
        ("rewrite_contact", True),
        ("dtmf_mode", "rfc4733"),
        ("trust_id_outbound", True),
        ("send_pai", True),
        ("send_connected_line", False),  # a bridge would send a re-INVITE to the person called
        ("timers", False),
        ("rtp_timeout", 30),
        ("rtp_timeout_hold", 600),
    ]


def _raw(name: str, body: str) -> str:
    return f"[{name}]\n{body}"
