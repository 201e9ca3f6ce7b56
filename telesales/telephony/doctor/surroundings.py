"""What is around the nodes: passwords, messages, network addresses, the gateway."""

import socket
import wave
from collections.abc import Iterable, Iterator, Mapping
from ipaddress import ip_address, ip_network
from pathlib import Path

import redis

from dialer import live
from dialer.carriers.asterisk.client import NAME
from dialer.carriers.asterisk.settings import Node, SecretMissingError, Telephony, Trunk, secret_of
from dialer.spool_news import read_lost, read_spools
from telesales.telephony.doctor.findings import Finding, bad, doubt, good

MESSAGE = "abandoned.wav"
LONG_MINUTES = 10
INSIDE = tuple(
    ip_network(text)
    for text in (
        "10.0.0.0/8",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "100.64.0.0/10",
        "169.254.0.0/16",
        "fc00::/7",
        "fe80::/10",
    )
)


def examine_secrets(telephony: Telephony, environ: Mapping[str, str]) -> Iterator[Finding]:
    """Every password that the file names."""
    names = {node.ari_password_env: f"node {node.name}" for node in telephony.nodes}
    names |= {trunk.password_env: f"trunk {trunk.name}" for trunk in telephony.trunks if trunk.password_env}
    if telephony.turn is not None:
        names[telephony.turn.secret_env] = "turn"
    for name, subject in names.items():
        try:
            secret_of(name, environ)
        except SecretMissingError:
            yield bad(
                subject,
                f"the environment variable {name} is empty",
                f"set {name} for the processes of Telesales (systemd: EnvironmentFile, readable by its user alone)",
            )


def examine_sounds(telephony: Telephony) -> Finding:
    """A person whom nobody takes must hear who called: the folder, and one message for all campaigns."""
    subject, folder = "messages", telephony.sounds_folder
    if not folder:
        return bad(
            subject,
            "sounds_folder is not written: abandoned people would hear silence",
            f"upload one: Settings, Messages. Or put {MESSAGE} into a folder that every node can read, and name it in sounds_folder",
        )
    path = Path(folder) / MESSAGE
    if not path.is_file():
        return bad(
            subject,
            f"{path} is not there: abandoned people would hear silence",
            "record who calls and from which number, and upload it: Settings, Messages",
        )
    try:
        with wave.open(str(path), "rb") as file:
            form = (file.getframerate(), file.getsampwidth(), file.getnchannels())
            seconds = file.getnframes() / file.getframerate()
    except (wave.Error, EOFError, OSError) as error:
        return bad(
            subject, f"{path} cannot be played ({error})", "save it as wav with 8000 Hz, 16 bit, one channel"
        )
    if form != (8000, 2, 1):
        rate, width, channels = form
        return bad(
            subject,
            f"{path} has {rate} Hz, {8 * width} bit, {channels} channels",
            f"convert it: sox in.wav -r 8000 -b 16 -c 1 {path}",
        )
    return good(subject, f"{path} is heard for {seconds:.0f} s")


def examine_network(node: Node, trunks: Iterable[Trunk]) -> Finding:
    """Behind NAT the carrier must be told the public address, or people hear nothing."""
    subject, network = f"network of {node.name}", node.network
    own = _own_address(node)
    if network.public_address:
        if not network.local_networks:
            return doubt(
                subject,
                f"neighbours too are told the public address {network.public_address}",
                'name your own networks in network.local_networks, like ["10.0.0.0/8"]',
            )
        if not network.private_address:
            return doubt(
                subject,
                "browsers are not told the public address",
                "write the address of the machine itself into network.private_address",
            )
        return good(subject, f"the world is told {network.public_address}")
    outside = [trunk.name for trunk in trunks if _is_outside(trunk.host)]
    if own and is_inside(own) and outside:
        return bad(
            subject,
            f"this machine is {own}, behind NAT, and {', '.join(outside)} would send sound there: nobody would hear anything",
            "write network.public_address, network.private_address and network.local_networks, and let the router pass UDP "
            f"{network.rtp_first}-{network.rtp_last} and {network.sip_port} on",
        )
    return good(subject, "no NAT in the way" if own else "where Asterisk runs cannot be seen from here")


def examine_gateway(client: redis.Redis) -> Finding:
    """The process between Telesales and Asterisk."""
    try:
        alive = client.exists(live.alive_key("carrier", NAME))
    except redis.RedisError as error:
        return bad("gateway", f"Redis does not answer ({error})", "start Redis, or correct REDIS_URL")
    if alive:
        return good("gateway", "it is connected with a node")
    return doubt(
        "gateway",
        "no gateway is connected with a node",
        "start Telesales with TELEPHONY_FILE set (make run), or the unit telesales-gateway. Before that this is no fault",
    )


def examine_recordings(client: redis.Redis, now: float) -> Iterator[Finding]:
    """Recordings that are not in the store yet, on every machine, and those that were never made."""
    subject = "recordings"
    try:
        spools, lost = read_spools(client), read_lost(client, now)
    except redis.RedisError:
        return  # told already
    for spool in spools:
        if spool.aside:
            yield doubt(
                subject,
                f"{spool.aside} files were set aside on {spool.machine}, in {spool.folder}/aside",
                "see why: flask --app wsgi recordings spool; mend or delete them. They are not encrypted",
            )
        minutes = (now - spool.oldest_at) / 60
        if spool.waiting and minutes > LONG_MINUTES:
            yield doubt(
                subject,
                f"{spool.waiting} files wait on {spool.machine}, the oldest for {minutes:.0f} minutes: {spool.why}",
                "look at the store and at RECORDING_KEYS; they are tried again by themselves",
            )
    if lost:
        yield doubt(
            subject,
            f"{len(lost)} sides of calls were not recorded in the last seven days, the last one on node {lost[0].node}: {lost[0].why}",
            "look at the disk of that node: df /var/spool/asterisk",
        )
    if spools and not lost and not any(spool.aside or spool.waiting for spool in spools):
        yield good(subject, "none waits for the store")


def is_inside(address: str) -> bool:
    """An address that the world cannot reach."""
    found = ip_address(address)
    return found.is_loopback or any(
        found in network for network in INSIDE if network.version == found.version
    )


def _own_address(node: Node) -> str:
    """The address from which the node reaches the world, when it is this machine."""
    told = node.network.sip_address
    if not ip_address(told).is_unspecified:
        return "" if ip_address(told).is_loopback else told
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # nothing is sent
        except OSError:
            return ""
        return str(probe.getsockname()[0])


def _is_outside(host: str) -> bool:
    try:
        return not is_inside(host)
    except ValueError:
        return "." in host
