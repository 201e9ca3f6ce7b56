"""Which campaigns are alike, and in which world a campaign's calls are placed."""

import json
from typing import Any

from flask import current_app
from sqlalchemy import and_, case, false, select

from dialer.carriers.asterisk.settings import PROFILE_KEYS
from telesales.campaigns.models import Campaign
from telesales.extensions import db

MOST_ALIKE = 20


def profile_of(campaign: Campaign) -> dict[str, Any]:
    """What the carrier is told of the people who are called; the simulated one also how fast time runs."""
    settings = current_app.config["TELESALES"]
    if campaign.carrier != "simulated":
        return dict(campaign.carrier_profile)
    people = {name: value for name, value in campaign.carrier_profile.items() if name not in PROFILE_KEYS}
    return {"speed": settings.carrier_speed, "seed": settings.carrier_seed, **people}


def world_of(campaign: Campaign) -> str:
    """Two campaigns in the same world have calls that can be compared; chance alone makes no other world."""
    profile = {name: value for name, value in profile_of(campaign).items() if name != "seed"}
    return f"{campaign.carrier} {json.dumps(profile, sort_keys=True)}"


def similar_campaigns(campaign: Campaign) -> list[int]:
    """Campaigns that were started: first of the same client with the same script, then of the client, then others."""
    of_client = Campaign.client_id == campaign.client_id
    same_script = false() if campaign.script_id is None else Campaign.script_id == campaign.script_id
    likeness = case((and_(of_client, same_script), 0), (of_client, 1), else_=2)
    return list(
        db.session.scalars(
            select(Campaign.id)
            .where(Campaign.id != campaign.id, Campaign.started_at.is_not(None))
            .order_by(likeness, Campaign.started_at.desc(), Campaign.id.desc())
            .limit(MOST_ALIKE)
        )
    )
