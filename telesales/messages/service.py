"""Verbs of messages. A version is a fact: what was heard before stays as it was."""

from telesales.audit.service import current_actor, record
from telesales.campaigns.models import Campaign
from telesales.errors import NotFoundError
from telesales.extensions import db
from telesales.messages import queries
from telesales.messages.models import AnyMessage, CampaignMessage, CentreMessage
from telesales.messages.rules import CENTRE_KINDS, MessageKind
from telesales.messages.taking import TakenSound

LONGEST_NAME = 255


def keep_message(
    kind: MessageKind, sound: TakenSound, *, file_name: str, campaign: Campaign | None
) -> AnyMessage:
    """From now on this is heard; of a campaign, or (None) of all that have none of their own."""
    message = _new_version(kind, campaign)
    message.file_name = file_name[-LONGEST_NAME:]
    message.wav, message.seconds, message.sha256 = sound.wav, sound.seconds, sound.sha256
    db.session.add(message)
    record(
        "message.uploaded",
        message,
        kind=kind,
        campaign=campaign.name if campaign else None,
        file=message.file_name,
        seconds=sound.seconds,
        sha256=sound.sha256,
    )
    return message


def remove_message(kind: MessageKind, *, campaign: Campaign | None) -> None:
    """From now on something else is heard, or nothing. Raises NotFoundError when there is none."""
    versions = queries.versions_of(campaign.id if campaign else None)[kind]
    if not versions or not versions[0].message.is_there:
        raise NotFoundError
    message = _new_version(kind, campaign)
    message.file_name = versions[0].message.file_name
    db.session.add(message)
    record(
        "message.removed",
        message,
        kind=kind,
        campaign=campaign.name if campaign else None,
        file=message.file_name,
    )


def _new_version(kind: MessageKind, campaign: Campaign | None) -> AnyMessage:
    by_id = current_actor().user_id
    if campaign is not None:
        return CampaignMessage(client_id=campaign.client_id, campaign_id=campaign.id, kind=kind, by_id=by_id)
    if kind not in CENTRE_KINDS:
        raise NotFoundError
    return CentreMessage(kind=kind, by_id=by_id)
