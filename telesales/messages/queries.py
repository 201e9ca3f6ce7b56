"""Reads of messages: what is heard now, what was heard before, and the sound."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from telesales.agents.models import User
from telesales.campaigns.models import Campaign
from telesales.campaigns.states import CampaignState
from telesales.errors import NotFoundError
from telesales.extensions import db
from telesales.messages.models import AnyMessage, CampaignMessage, CentreMessage
from telesales.messages.rules import MessageKind, carrier_name


@dataclass(frozen=True, slots=True)
class Told:
    """A version with the name of who put it there."""

    message: AnyMessage
    name: str


def versions_of(campaign_id: int | None) -> Mapping[MessageKind, Sequence[Told]]:
    """Every version of a campaign's messages, or of the general ones, newest first."""
    model: Any = CentreMessage if campaign_id is None else CampaignMessage
    found = select(model, User.name).outerjoin(User, User.id == model.by_id).order_by(model.id.desc())
    if campaign_id is not None:
        found = found.where(CampaignMessage.campaign_id == campaign_id)
    versions: dict[MessageKind, list[Told]] = {kind: [] for kind in MessageKind}
    for message, name in db.session.execute(found):
        versions[MessageKind(message.kind)].append(Told(message, name or ""))
    return versions


def campaigns_with_messages() -> Mapping[int, Collection[MessageKind]]:
    """Campaigns in scope and the messages that are their own."""
    found: dict[int, set[MessageKind]] = {}
    for message in _current_campaign_messages():
        found.setdefault(message.campaign_id, set()).add(MessageKind(message.kind))
    return found


def names_in_use() -> Mapping[str, str]:
    """What carriers are to play: name → fingerprint, of campaigns that are not finished and of all."""
    names = {
        carrier_name(MessageKind(row.kind), row.campaign_id): row.sha256
        for row in _current_campaign_messages(CampaignState.FINISHED)
    }
    newest = select(func.max(CentreMessage.id)).group_by(CentreMessage.kind)
    general = db.session.scalars(select(CentreMessage).where(CentreMessage.id.in_(newest)))
    return names | {carrier_name(MessageKind(row.kind), None): row.sha256 for row in general if row.is_there}


def _current_campaign_messages(*without: CampaignState) -> Sequence[CampaignMessage]:
    newest = select(func.max(CampaignMessage.id)).group_by(CampaignMessage.campaign_id, CampaignMessage.kind)
    found = db.session.scalars(
        select(CampaignMessage)
        .join(Campaign, Campaign.id == CampaignMessage.campaign_id)
        .where(CampaignMessage.id.in_(newest), Campaign.state.not_in(without))
    )
    return [message for message in found if message.is_there]


def sound_by_print(sha256: str) -> bytes:
    """The sound of a fingerprint, wherever it was uploaded. NotFoundError when it never was."""
    for model in (CampaignMessage, CentreMessage):
        wav: bytes | None = db.session.scalar(select(model.wav).where(model.sha256 == sha256).limit(1))
        if wav is not None:
            return wav
    raise NotFoundError


def file_name_of(sha256: str, campaign_id: int) -> str:
    """What a sound was called that somebody heard in a campaign, also long ago; empty for an unknown one."""
    own = select(CampaignMessage.file_name).where(
        CampaignMessage.campaign_id == campaign_id, CampaignMessage.sha256 == sha256
    )
    general = select(CentreMessage.file_name).where(CentreMessage.sha256 == sha256)
    return db.session.scalar(own.limit(1)) or db.session.scalar(general.limit(1)) or ""


def get_sound(message_id: int, campaign_id: int | None) -> bytes:
    """The sound of one version in scope, also of an old one."""
    model: Any = CentreMessage if campaign_id is None else CampaignMessage
    one = select(model.wav).where(model.id == message_id)
    if campaign_id is not None:
        one = one.where(CampaignMessage.campaign_id == campaign_id)
    wav: bytes | None = db.session.scalar(one)
    if wav is None:
        raise NotFoundError
    return wav
