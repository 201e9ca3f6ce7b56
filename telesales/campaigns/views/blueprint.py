"""The blueprint that the pages of campaigns share."""

from typing import Any

from flask import Blueprint

from telesales.campaigns import hours, wording
from telesales.campaigns.states import CampaignState
from telesales.compliance import packs

bp = Blueprint("campaigns", __name__, template_folder="../templates", url_prefix="/campaigns")


@bp.app_context_processor
def words() -> dict[str, Any]:
    """What templates that show a campaign may ask for."""
    return {
        "campaign_words": wording,
        "rule_packs": packs,
        "campaign_hours": hours.grouped_days,
        "campaign_state_kind": lambda state: wording.STATE_KINDS[CampaignState(state)],
    }
