"""UDP ports for sound: enough of them, none of somebody else's, and whether anything comes in by them."""

from collections.abc import AsyncIterator, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from dialer.carriers.asterisk.settings import Node, Trunk
from telesales.telephony.doctor.ari import Caller
from telesales.telephony.doctor.findings import Finding, bad, doubt, good, unseen

PORTS_OF_A_CALL = 4  # sound and its reports, of the person and of the agent
TABLES = (Path("/proc/net/udp"), Path("/proc/net/udp6"))
ENOUGH_SENT = 150  # packets in three seconds: who is spoken to for so long is heard by then, or not at all
MOST_ASKED = 20
OPEN = "let firewall and router pass UDP {first}-{last} from everybody to the node"


class Socket(NamedTuple):
    """A UDP port that somebody on this machine listens on."""

    port: int
    user: str  # number of the user whose program it is


def examine_ports(node: Node, others: Iterable[Node]) -> Iterator[Finding]:
    """What the file says about ports."""
    subject, network = _subject(node), node.network
    span = range(network.rtp_first, network.rtp_last + 1)
    if network.sip_port in span:
        yield bad(
            subject,
            f"the SIP port {network.sip_port} lies between the ports for sound",
            "choose sip_port outside of rtp_first and rtp_last",
        )
    for other in others:
        if other.name != node.name and _host(other) == _host(node) and _overlap(node, other):
            yield bad(
                subject,
                f"node {other.name} on the same machine uses the same UDP ports",
                "give each of them ports of its own: rtp_first, rtp_last",
            )
    needed = PORTS_OF_A_CALL * node.max_channels
    if len(span) < needed:
        yield doubt(
            subject,
            f"{len(span)} UDP ports carry {len(span) // PORTS_OF_A_CALL} calls, and max_channels is {node.max_channels}",
            f"make rtp_last at least {network.rtp_first + needed - 1}, here and in the firewall",
        )


def examine_use(node: Node, channels: int, sockets: Iterable[Socket]) -> Finding:
    """Ports that other programs have. Asterisk's own are known by the user of its SIP port."""
    subject, network = _subject(node), node.network
    first, last = network.rtp_first, network.rtp_last
    known = list(sockets)
    owners = {socket.user for socket in known if socket.port == network.sip_port}
    if not owners:
        return unseen(
            subject,
            f"which of the UDP ports {first}-{last} other programs have cannot be seen from this machine",
            f"look on the node: ss -lunp 'sport >= :{first} and sport <= :{last}'",
        )
    strangers = sorted(
        {
            socket.port
            for socket in known
            if first <= socket.port <= last and not (channels and socket.user in owners)
        }
    )
    free = last - first + 1 - len(strangers)
    if not strangers:
        return good(subject, f"no other program has one of the UDP ports {first}-{last}")
    named = ", ".join(map(str, strangers[:5])) + (" …" if len(strangers) > 5 else "")
    what = f"other programs have {len(strangers)} of the UDP ports {first}-{last}: {named}"
    remedy = f"see whose they are (ss -lunp) and move them, or choose other ports for rtp_first and rtp_last; {free} are free"
    is_short = free < PORTS_OF_A_CALL * node.max_channels
    return bad(subject, what, remedy) if is_short else doubt(subject, what, remedy)


async def examine_sound(node: Node, trunks: Iterable[Trunk], caller: Caller) -> AsyncIterator[Finding]:
    """Whether people are heard in calls that are up: nothing else tells that the firewall is open."""
    subject, network = _subject(node), node.network
    answer = await caller.ask("GET", "channels")
    channels = answer.body or []
    yield examine_use(node, len(channels), read_sockets())
    ends = tuple(f"PJSIP/{trunk.endpoint}-" for trunk in trunks)
    talking = [
        str(channel["id"])
        for channel in channels
        if channel["state"] == "Up" and str(channel["name"]).startswith(ends)
    ][:MOST_ASKED]
    asked = [await _is_heard(caller, channel) for channel in talking]
    heard = [answer for answer in asked if answer is not None]
    ports = f"{network.rtp_first}-{network.rtp_last}"
    remedy = OPEN.format(first=network.rtp_first, last=network.rtp_last)
    if not heard:
        yield unseen(
            subject,
            f"whether the firewall lets UDP {ports} in is only seen while somebody speaks",
            f"{remedy}; place a call and run this again, or watch on the node meanwhile: tcpdump -ni any udp portrange {ports}",
        )
    elif not any(heard):
        yield bad(
            subject,
            f"in {len(heard)} calls nothing is heard of the person",
            f"{remedy}; behind NAT check network.public_address",
        )
    elif not all(heard):
        yield doubt(
            subject,
            f"in {len(heard) - sum(heard)} of {len(heard)} calls nothing is heard of the person",
            f"{remedy}, for the addresses of every carrier",
        )
    else:
        yield good(subject, f"people are heard in {len(heard)} of {len(heard)} calls")


async def _is_heard(caller: Caller, channel: str) -> bool | None:
    """None: it is too early to say, or the call is over."""
    answer = await caller.ask("GET", f"channels/{channel}/rtp_statistics")
    counts = answer.body if answer.is_ok and answer.body else {}
    if int(counts.get("rxcount", 0)):
        return True
    return False if int(counts.get("txcount", 0)) >= ENOUGH_SENT else None


def read_sockets(tables: Iterable[Path] = TABLES) -> Iterator[Socket]:
    """UDP ports of this machine as its kernel tells them; none where it does not."""
    for table in tables:
        try:
            lines = table.read_text().splitlines()[1:]
        except OSError:
            continue
        for line in lines:
            words = line.split()
            yield Socket(int(words[1].rpartition(":")[2], 16), words[7])


def _subject(node: Node) -> str:
    return f"sound of {node.name}"


def _host(node: Node) -> str:
    return urlsplit(node.ari_url).hostname or ""


def _overlap(one: Node, other: Node) -> bool:
    return one.network.rtp_first <= other.network.rtp_last and other.network.rtp_first <= one.network.rtp_last
