"""What a node knows of an agent's telephones: an endpoint for the browser and one for an ordinary telephone, with their credentials."""

from collections.abc import Mapping

from dialer.carriers.asterisk.agents_book import REALM, AgentRecord, agent_channel, phone_endpoint
from dialer.carriers.asterisk.settings import AGENT_CONTEXT
from dialer.carriers.asterisk.switch import Switch

RTP_SECONDS = 4  # nothing heard of a telephone for so long: it is gone
OBJECTS = ("endpoint", "aor", "auth")
COMMON = {
    "context": AGENT_CONTEXT,
    "direct_media": "no",
    "disallow": "all",
    "rtp_timeout": str(RTP_SECONDS),
    "rtp_timeout_hold": "60",
    "send_connected_line": "no",
    "send_pai": "no",
    "timers": "no",
}
# One rate for all that a browser may send. Asterisk 22 takes the codec that comes first here for the one that is spoken until the
# first packet says otherwise; when that is of another rate (opus), a whisper or barge into the leg comes out at a sixth of its pitch.
BROWSER = COMMON | {"webrtc": "yes", "dtls_auto_generate_cert": "yes", "allow": "ulaw,alaw"}
PHONE = COMMON | {
    "allow": "ulaw,alaw,g722",
    "rtp_symmetric": "yes",
    "force_rport": "yes",
    "rewrite_contact": "yes",
}


def names_of(agent_id: int) -> tuple[str, str]:
    """The browser's endpoint, and the ordinary telephone's."""
    return agent_channel(agent_id), phone_endpoint(agent_id)


async def push(switch: Switch, agent: AgentRecord) -> None:
    """Let the agent's telephones register."""
    phone = await switch.agents.digest_for_phone(agent.agent_id)
    secrets = ((agent.digest, BROWSER), (phone, PHONE))
    for name, (digest, endpoint) in zip(names_of(agent.agent_id), secrets, strict=True):
        login = {"auth_type": "md5", "username": name, "realm": REALM, "md5_cred": digest}
        await _put(switch, "auth", name, login)
        await _put(switch, "aor", name, {"max_contacts": "1", "remove_existing": "yes"})
        await _put(switch, "endpoint", name, endpoint | {"aors": name, "auth": name})


async def _put(switch: Switch, kind: str, name: str, values: Mapping[str, str]) -> None:
    # "disallow" has to come before "allow"
    fields = [{"attribute": key, "value": value} for key, value in values.items()]
    await switch.ask("PUT", f"asterisk/config/dynamic/res_pjsip/{kind}/{name}", body={"fields": fields})


async def remove(switch: Switch, agent_id: int) -> None:
    """Take the credentials away: nothing can register under them."""
    for name in names_of(agent_id):
        for kind in OBJECTS:
            await switch.try_to("DELETE", f"asterisk/config/dynamic/res_pjsip/{kind}/{name}")
