"""The world around a floor of real telephones, for measuring: a second Asterisk plays the carrier, the people and the agents' telephones.

Everybody who picks up plays music, so that sound flows both ways on every bridged call. Being Asterisk, it costs little beside what is measured.
"""

import contextlib
import secrets
import socket
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from dialer.carriers.asterisk.config.files import configuration_files, write_configuration
from dialer.carriers.asterisk.config.folders import Folders
from dialer.carriers.asterisk.settings_file import parse_telephony
from tests.telephony.asterisk_server import (
    AsteriskServer,
    find_asterisk,
    free_port,
    own_loopback,
    run_asterisks,
    write_telephony_file,
)

PASSWORD = secrets.token_urlsafe(24)
DIALPLAN = """
[world]
exten => _pho[n]e.,1,Answer()
 same => n,MusicOnHold(default)
exten => _[+0-9].,1,Ringing()
 same => n,Wait(${{RAND({ring[0]},{ring[1]})}})
 same => n,GotoIf($[${{RAND(1,100)}} > {answered}]?away)
 same => n,Answer()
 same => n,MusicOnHold(default)
 same => n(away),Hangup(17)
"""
NODE = "max_channels = 1000"  # what the machine holds is measured, not what it is allowed
TRUNK = "check_seconds = 0"
MODULE = "func_rand"


@dataclass(frozen=True)
class People:
    """How they take calls."""

    answered_percent: int = 100
    ring_seconds: tuple[int, int] = (1, 3)


@contextlib.contextmanager
def run_world_and_node(
    agent_ids: Iterable[int], people: People
) -> Iterator[tuple[AsteriskServer, AsteriskServer]]:
    """(the world, the node under test), with one trunk between them and a telephone for each agent."""
    program = find_asterisk()
    if program is None:
        raise SystemExit("Asterisk is not here: run `make test-deps`")
    with (
        run_asterisks(("one",), node=NODE, trunk=TRUNK) as (node,),
        tempfile.TemporaryDirectory(prefix="ts-world-") as folder,
    ):
        ip, port = node.carrier
        text = write_telephony_file(("world",), (own_loopback(), free_port(socket.SOCK_DGRAM)))
        telephony = parse_telephony(text)
        environ = {"ARI_PASSWORD_WORLD": secrets.token_urlsafe(24)}
        world = AsteriskServer(
            program, telephony, telephony.nodes[0], environ, Path(folder) / "world", node.carrier
        )
        folders = Folders.under(str(world.folder), modules=program.modules, data=program.data)
        for name in folders.own:
            Path(name).mkdir(parents=True, exist_ok=True)
        files = configuration_files(telephony, world.node, lambda name: environ[name], folders)
        files["modules.conf"] += f"load = {MODULE}.so\n"
        files["extensions.conf"] = DIALPLAN.format(ring=people.ring_seconds, answered=people.answered_percent)
        files["pjsip.conf"] = _pjsip(ip, port, node, agent_ids)
        write_configuration(files, Path(folders.settings))
        world.start()
        try:
            yield world, node
        finally:
            world.stop()


def _pjsip(ip: str, port: int, node: AsteriskServer, agent_ids: Iterable[int]) -> str:
    server = f"sip:{node.sip[0]}:{node.sip[1]}"
    parts = [
        "[global]\ntype=global\nendpoint_identifier_order=ip\n",
        f"[udp]\ntype=transport\nprotocol=udp\nbind={ip}:{port}\n",
        "[node]\ntype=endpoint\ntransport=udp\ncontext=world\ndisallow=all\nallow=ulaw\ndirect_media=no\n",
        f"[node]\ntype=identify\nendpoint=node\nmatch={node.sip[0]}\n",
    ]
    for agent_id in agent_ids:
        name = f"phone-{agent_id}"
        parts.append(
            f"[{name}]\ntype=auth\nauth_type=userpass\nusername={name}\npassword={PASSWORD}\n"
            f"[{name}]\ntype=registration\ntransport=udp\noutbound_auth={name}\nserver_uri={server}\n"
            f"client_uri=sip:{name}@{node.sip[0]}\ncontact_user={name}\nretry_interval=2\nforbidden_retry_interval=2\n"
            f"auth_rejection_permanent=no\nfatal_retry_interval=2\nmax_retries=1000000\nexpiration=600\n"
        )
    return "\n".join(parts)
