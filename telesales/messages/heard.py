"""What carriers can play now, as far as this machine sees: uploaded messages that nodes have, and the operator's files."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask_babel import gettext as _

from dialer.carriers.asterisk.message_book import has_message, node_messages
from dialer.carriers.asterisk.messages import message_files
from dialer.ports import DialingMode
from telesales.campaigns import notices
from telesales.campaigns.models import Campaign
from telesales.campaigns.notices import Notice
from telesales.extensions import redis_client
from telesales.messages.rules import MessageKind, carrier_name
from telesales.telephony.carriers import ASTERISK, find_telephony


@dataclass(frozen=True, slots=True)
class Nodes:
    """How many there are, and what each of them has: name → fingerprint."""

    have: Sequence[Mapping[str, str]]

    def count(self, name: str, sha256: str) -> int:
        """On how many of them this version is heard."""
        return sum(have.get(name) == sha256 for have in self.have)


def look_at_nodes() -> Nodes:
    """Ask what the gateways have told."""
    telephony = find_telephony()
    client: Any = redis_client()
    return Nodes([client.hgetall(node_messages(node.name)) for node in telephony.nodes] if telephony else [])


def operators_file(kind: MessageKind, campaign_id: int | None) -> str:
    """Name of the file of this very name in the operator's folder; empty when there is none."""
    telephony = find_telephony()
    if telephony is None or not telephony.sounds_folder:
        return ""
    found = sorted(Path(telephony.sounds_folder).glob(f"{carrier_name(kind, campaign_id)}.*"))
    return found[0].name if found else ""


def is_silent(campaign: Campaign) -> bool:
    """True when an abandoned person of this campaign would hear nothing."""
    if campaign.carrier != ASTERISK or campaign.mode == DialingMode.MANUAL:
        return False
    telephony = find_telephony()
    folder = telephony.sounds_folder if telephony else ""
    return not has_message(redis_client(), folder, message_files(campaign.id, campaign.abandoned_message))


def connect() -> None:
    """Warn from now on."""
    notices.register(_notice)


def _notice(campaign: Campaign) -> Notice | None:
    if not is_silent(campaign):
        return None
    return Notice(
        text=_(
            "Nobody has recorded a message for abandoned people: they would hear silence, which the law forbids."
        ),
        link=_("Upload a message"),
        endpoint="messages.show_campaign_messages",
        arguments={"campaign_id": campaign.id},
        anchor="abandoned",
    )
