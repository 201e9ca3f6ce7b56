"""What people hear whom nobody takes: uploaded messages, then files of the operator's folder."""

from collections.abc import Iterator, Sequence
from typing import Any

import redis
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from dialer.carriers.asterisk import keys
from dialer.carriers.asterisk.message_book import INDEX, has_message, node_messages
from dialer.carriers.asterisk.messages import message_files
from dialer.carriers.asterisk.settings import Telephony
from dialer.carriers.asterisk.sound_server import PORT
from dialer.ports import DialingMode
from telesales.campaigns.models import Campaign
from telesales.campaigns.states import CampaignState
from telesales.extensions import db, read_only
from telesales.telephony.doctor.findings import Finding, bad, doubt, good
from telesales.telephony.doctor.surroundings import examine_sounds
from telesales.tenancy.scope import every_client

GENERAL = "abandoned"
DIALING = (CampaignState.READY, CampaignState.RUNNING, CampaignState.PAUSED)
Dialed = tuple[int, str, str]  # id, name and text of a campaign


def list_dialed() -> Sequence[Dialed]:
    """Campaigns that place real calls by themselves; none while there is no database yet."""
    try:
        with every_client(), read_only():
            rows = db.session.execute(
                select(Campaign.id, Campaign.name, Campaign.abandoned_message).where(
                    Campaign.carrier == "asterisk",
                    Campaign.mode != DialingMode.MANUAL,
                    Campaign.state.in_(DIALING),
                )
            )
            return [(row[0], row[1], row[2]) for row in rows]
    except SQLAlchemyError:
        return ()
    finally:
        db.session.rollback()


def examine_messages(
    telephony: Telephony, client: redis.Redis, campaigns: Sequence[Dialed]
) -> Iterator[Finding]:
    """The general message, campaigns without any, and nodes that do not have what was uploaded."""
    try:
        uploaded: Any = client.hgetall(INDEX)
        silent = [
            name
            for number, name, text in campaigns
            if not has_message(client, telephony.sounds_folder, message_files(number, text))
        ]
    except redis.RedisError:
        yield examine_sounds(telephony)  # what else is wrong is told with the gateway
        return
    if GENERAL in uploaded:
        yield good("messages", "the general message for abandoned people was uploaded")
    else:
        yield examine_sounds(telephony)
    for name in silent:
        yield bad(
            f"campaign {name}",
            "abandoned people would hear silence",
            "upload a message for them: the button Messages on the page of the campaign",
        )
    for node in telephony.nodes:
        missing = set(uploaded.items()) - set(_there(client, node.name).items())
        if missing and client.exists(keys.node_up(node.name)):
            yield doubt(
                f"node {node.name}",
                f"{len(missing)} uploaded messages are not there yet",
                f"wait some seconds; then let the node reach the gateway's TCP port {PORT}, and look at its modules",
            )


def _there(client: redis.Redis, node: str) -> dict[str, str]:
    found: Any = client.hgetall(node_messages(node))
    return dict(found)
