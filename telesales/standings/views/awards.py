"""The awards of a day, with the formula and the numbers behind each place."""

from datetime import date, timedelta
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue

from telesales.access.guard import current_user, requires
from telesales.access.roles import LEADERS, STAFF
from telesales.campaigns.queries import get_campaign, list_campaigns
from telesales.errors import NotFoundError
from telesales.extensions import row_id
from telesales.standings.queries.awarded import CENTRE, AwardedDay, awarded_day, campaign_key
from telesales.standings.queries.board import today_of_centre
from telesales.standings.rules import improvement
from telesales.standings.rules.kinds import AwardKind
from telesales.standings.views.blueprint import bp

PLACES_FOR_AGENTS = 3


@bp.get("/awards")
@requires(*STAFF)
def show_today() -> ResponseReturnValue:
    """Today's awards as they stand."""
    return _page(today_of_centre())


@bp.get("/awards/<day>")
@requires(*STAFF)
def show_awards(day: str) -> ResponseReturnValue:
    """The awards of a day."""
    try:
        return _page(date.fromisoformat(day))
    except (ValueError, OverflowError) as error:  # no such day, or none before or after it
        raise NotFoundError from error


def _page(day: date) -> str:
    campaign_id = request.args.get("campaign", type=row_id)
    key = CENTRE if campaign_id is None else campaign_key(get_campaign(campaign_id).id)
    awarded = awarded_day(day, key)
    today = today_of_centre()
    return render_template(
        "standings/show_awards.html",
        awarded=awarded,
        kinds=AwardKind,
        entries=_entries(awarded),
        formula=improvement,
        yesterday=day - timedelta(days=1),
        tomorrow=day + timedelta(days=1) if day < today else None,
        today=today,
        campaign_id=campaign_id,
        campaigns=[(campaign.id, campaign.name) for campaign in list_campaigns()],
    )


def _entries(awarded: AwardedDay) -> list[dict[str, Any]]:
    """The table of the most improved: everybody for leaders, winners and oneself for others."""
    user = current_user()
    entries: list[dict[str, Any]] = [
        entry for entry in awarded.ruling["entries"] if entry["verdict"] != improvement.Verdict.NO_WORK
    ]
    if user.role in LEADERS:
        return entries
    return [
        entry for entry in entries if 0 < entry["place"] <= PLACES_FOR_AGENTS or entry["user_id"] == user.id
    ]
