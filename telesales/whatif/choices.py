"""Whose conversations a what-if may be played with."""

from flask_babel import gettext as _
from sqlalchemy import exists, or_, select

from telesales.calls.models import CallAttempt
from telesales.campaigns.models import Campaign
from telesales.extensions import db
from telesales.scripting.models import Script

Group = tuple[str, list[tuple[str, str]]]


def sources_of(campaign: Campaign) -> list[Group]:
    """Other campaigns of the same client that have called, and scripts; values as in `Question.talk_like`."""
    has_called = exists().where(CallAttempt.campaign_id == Campaign.id)
    campaigns = db.session.execute(
        select(Campaign.id, Campaign.name)
        .where(Campaign.client_id == campaign.client_id, Campaign.id != campaign.id, has_called)
        .order_by(Campaign.name)
    )
    scripts = db.session.execute(
        select(Script.id, Script.name)
        .where(or_(Script.client_id.is_(None), Script.client_id == campaign.client_id))
        .order_by(Script.name)
    )
    groups = [
        (_("Campaigns"), [(f"campaign:{key}", name) for key, name in campaigns]),
        (_("Scripts"), [(f"script:{key}", name) for key, name in scripts]),
    ]
    return [(label, options) for label, options in groups if options]
