"""The floor page."""

from flask import jsonify, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from telesales.access.guard import current_user, requires
from telesales.access.roles import LEADERS
from telesales.calls.floor import floor_snapshot
from telesales.campaigns import progress, queries
from telesales.campaigns.checks import open_checks
from telesales.campaigns.models import Campaign
from telesales.campaigns.states import LAUNCHED, PREPARED, CampaignState
from telesales.dialing import floor_page, wording
from telesales.dialing.blueprint import bp
from telesales.dialing.inbound_figures import inbound_today
from telesales.i18n import zone_of_reader
from telesales.push import topics
from telesales.telephony.carriers import ASTERISK
from telesales.telephony.page import allow_telephone


@bp.get("")
@requires(*LEADERS)
def list_floors() -> ResponseReturnValue:
    """Choose a floor; a single one opens at once."""
    campaigns = queries.list_campaigns(LAUNCHED)
    if len(campaigns) == 1:
        return redirect(url_for("dialing.show_floor", campaign_id=campaigns[0].id))
    return render_template(
        "dialing/list_floors.html", campaigns=campaigns, progress=progress.progress_of(campaigns)
    )


@bp.get("/<int:campaign_id>")
@requires(*LEADERS)
def show_floor(campaign_id: int) -> ResponseReturnValue:
    """Agents, calls and the pacing decision of one campaign, pushed."""
    campaign = queries.get_campaign(campaign_id)
    if campaign.carrier == ASTERISK:
        allow_telephone()
    return render_template(
        "dialing/show_floor.html",
        campaign=campaign,
        others=[other for other in queries.list_campaigns(LAUNCHED) if other.id != campaign_id],
        missing=_missing(campaign),
        snapshot=floor_snapshot(campaign_id),
        people=floor_page.people_of(campaign),
        neighbours=floor_page.neighbours_of(campaign),
        steps=floor_page.steps_of(campaign),
        decisions=floor_page.last_decisions(campaign_id),
        points=floor_page.points_of(campaign_id),
        words=wording,
        zone=zone_of_reader().key,
        topics=[
            topics.floor(campaign_id),
            topics.standings(current_user().client_id),
            topics.desk(current_user().id),
        ],
        **_results(campaign),
    )


def _missing(campaign: Campaign) -> int:
    is_waiting = campaign.state in (*PREPARED, CampaignState.PAUSED)
    return len(open_checks(campaign)) if is_waiting else 0


@bp.get("/<int:campaign_id>/results")
@requires(*LEADERS)
def show_results(campaign_id: int) -> ResponseReturnValue:
    """The part of the page that changes with every sale."""
    campaign = queries.get_campaign(campaign_id)
    return render_template("dialing/floor_results.html", campaign=campaign, **_results(campaign))


def _results(campaign: Campaign) -> dict[str, object]:
    results = floor_page.results_today([campaign.id]).get(campaign.id, floor_page.Results())
    inbound = inbound_today(campaign.id)
    return {
        "results": results,
        "inbound": inbound,
        "goal": progress.progress_of([campaign])[campaign.id].goal,
    }


@bp.get("/<int:campaign_id>/people")
@requires(*LEADERS)
def list_people(campaign_id: int) -> ResponseReturnValue:
    """Names, for somebody who joined after the page was opened."""
    return jsonify(floor_page.people_of(queries.get_campaign(campaign_id)))


@bp.get("/<int:campaign_id>/points")
@requires(*LEADERS)
def list_points(campaign_id: int) -> ResponseReturnValue:
    """The last quarter of an hour for the charts: what was foreseen is compared with what came."""
    return jsonify(floor_page.points_of(queries.get_campaign(campaign_id).id))
