"""The operator's telephony settings, as `settings_file` reads them. Passwords are named, never held."""

from collections.abc import Mapping
from dataclasses import dataclass, field

FILE_VARIABLE = "TELEPHONY_FILE"
APPLICATION = "telesales"  # the Stasis application; the dialplan names it too
METRICS = "metrics"  # path of Asterisk's metrics, beside /ari
# Contexts of the dialplan that the configuration writes.
INBOUND_CONTEXT = "inbound"  # people who call us: Stasis arguments INBOUND, number, how theirs is shown
INBOUND = "inbound"  # first Stasis argument of channels that came in by that context, and by no other way
AMD_CONTEXT = "amd"  # continue a channel here with AMD_ARGS set: Stasis arguments "amd", status, cause
AGENT_CONTEXT = "agents"  # telephones of agents: they can call nobody by themselves
LOOPBACK = ("127.0.0.0/8", "::1/128")
FEWEST_DIGITS = 6  # of our number that a carrier writes without its country
PROFILE_KEYS = frozenset({"detection", "voicemail", "opt_out_key"})  # of a campaign's carrier profile
CODECS = ("ulaw", "alaw", "g722", "opus", "gsm")
NUMBER_STYLES = {"e164": "+", "digits": "", "international": "00"}


class TelephonySettingsError(Exception):
    """The file cannot be used; `mistakes` are sentences for the operator, one for each key."""

    def __init__(self, source: str, mistakes: list[str]) -> None:
        self.mistakes = mistakes
        super().__init__("\n".join(f"{source}: {mistake}" for mistake in mistakes))


class SecretMissingError(Exception):
    """An environment variable that the file names is empty; the message is for the operator."""


@dataclass(frozen=True, slots=True)
class Network:
    """Where Asterisk listens and what the world sees: used to write its configuration."""

    http_address: str = "127.0.0.1"  # ARI; leave it on loopback unless Telesales runs on another host
    http_port: int = 8088
    ari_clients: tuple[str, ...] = LOOPBACK  # who may use ARI at all, beside knowing its password
    browser_address: str = "0.0.0.0"  # noqa: S104 - browsers come from outside, by TLS
    browser_port: int = 8089
    certificate: str = ""  # PEM, with its chain; empty: browsers on the same machine only
    private_key: str = ""
    sip_address: str = "0.0.0.0"  # noqa: S104 - carriers come from outside; the firewall names them
    sip_port: int = 5060
    rtp_first: int = 10000
    rtp_last: int = 19999
    public_address: str = ""  # behind NAT: the address that carriers and browsers see
    private_address: str = ""  # behind NAT: the address of this machine that the public one leads to
    local_networks: tuple[str, ...] = ()  # behind NAT: who is reached without the public address


@dataclass(frozen=True, slots=True)
class Node:
    """One Asterisk."""

    name: str
    ari_url: str  # like http://127.0.0.1:8088/ari
    ari_user: str
    ari_password_env: str
    browser_url: str  # how browsers reach its WebSocket, like wss://voice.example.com:8089/ws
    max_channels: int  # calls to people at a time, all trunks together
    weight: int
    ice_servers: tuple[str, ...] = ()  # stun: addresses for browsers
    sounds_folder: str = ""  # where this node sees the folder of the spoken messages
    network: Network = field(default_factory=Network)


@dataclass(frozen=True, slots=True)
class Trunk:
    """One way from a node to a carrier."""

    name: str
    node: str
    endpoint: str  # name of the PJSIP endpoint
    host: str  # the carrier's SIP server
    port: int
    transport: str  # udp tcp tls
    user: str  # empty: the carrier knows us by our address
    password_env: str
    register: bool
    srtp: bool  # media encrypted, as the carrier offers it with tls
    match: tuple[str, ...]  # addresses from which the carrier calls us; empty: its host
    codecs: tuple[str, ...]
    max_channels: int
    calls_per_second: float
    weight: int
    number_style: str  # e164 digits international
    prefix: str  # before every number, like "9" for an outside line
    caller_ids: tuple[str, ...]  # numbers that are ours on this trunk, E.164
    caller_id_daily_calls: int  # a number rests until tomorrow above so many calls; 0: never
    check_seconds: int = 30  # how often the carrier is asked (OPTIONS) whether it is there; 0: never
    caller_id_in: str = (
        "from"  # from, or pai: the carrier wants its user name in From, and our number beside it
    )

    def dialed(self, number: str) -> str:
        """Write an E.164 number as this carrier wants it."""
        return f"{self.prefix}{NUMBER_STYLES[self.number_style]}{number.removeprefix('+')}"

    def read(self, number: str) -> str:
        """E.164 of a number that this carrier tells; without a country its digits alone; empty when it is none."""
        digits = _digits_of(number)
        if number.startswith("+") and digits:
            return f"+{digits}"
        if digits.startswith("00"):
            return f"+{digits[2:]}"
        return f"+{digits}" if self.number_style == "digits" and digits[:1] not in ("", "0") else digits

    def own(self, dialed: str) -> str:
        """Which of our numbers that is, however the carrier writes it; empty when it is none of them."""
        digits = _digits_of(dialed).lstrip("0")
        if len(digits) < FEWEST_DIGITS:
            return ""
        return next((number for number in self.caller_ids if number.endswith(digits)), "")


@dataclass(frozen=True, slots=True)
class Turn:
    """A TURN server that relays sound for browsers whose network lets nothing else through."""

    urls: tuple[str, ...]  # turn:host:port?transport=udp, or turns:
    secret_env: str  # what the server shares with us (coturn: static-auth-secret)


@dataclass(frozen=True, slots=True)
class Telephony:
    """Everything that the file says."""

    nodes: tuple[Node, ...]
    trunks: tuple[Trunk, ...]
    sounds_folder: str = ""  # where the operator puts messages that nobody uploaded (wav, 8 kHz, mono)
    turn: Turn | None = None

    def node(self, name: str) -> Node:
        """The node of that name."""
        return next(node for node in self.nodes if node.name == name)

    def trunks_of(self, node: str) -> tuple[Trunk, ...]:
        """Trunks of one node."""
        return tuple(trunk for trunk in self.trunks if trunk.node == node)

    @property
    def caller_ids(self) -> frozenset[str]:
        """Every number that is ours."""
        return frozenset(number for trunk in self.trunks for number in trunk.caller_ids)


def _digits_of(number: str) -> str:
    return "".join(character for character in number if character in "0123456789")


def secret_of(name: str, environ: Mapping[str, str]) -> str:
    """Return the secret in an environment variable."""
    value = environ.get(name, "")
    if not value:
        raise SecretMissingError(
            f"the environment variable {name} is empty: {FILE_VARIABLE} names it as a password. Set it and start again"
        )
    return value
