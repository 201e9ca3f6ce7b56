"""Looking at campaigns, and starting and stopping them."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from telesales.access.guard import requires
from telesales.access.roles import LEADERS, MANAGERS, Role
from telesales.campaigns import checks, notices, progress, queries, wording
from telesales.campaigns.models import Campaign
from telesales.campaigns.service.running import LaunchRefusedError, move_campaign
from telesales.campaigns.states import PREPARED, CampaignState, Move, prepared_state
from telesales.campaigns.views.blueprint import bp
from telesales.extensions import transaction


@bp.get("")
@requires(*LEADERS, Role.REVIEWER)
def list_campaigns() -> ResponseReturnValue:
    """Every campaign with its state and its day."""
    campaigns = queries.list_campaigns()
    return render_template(
        "campaigns/list_campaigns.html",
        campaigns=campaigns,
        states={campaign.id: shown_state(campaign) for campaign in campaigns},
        progress=progress.progress_of(campaigns),
    )


@bp.get("/<int:campaign_id>")
@requires(*LEADERS, Role.REVIEWER)
def show_campaign(campaign_id: int) -> ResponseReturnValue:
    """One campaign: what it is for, what it still needs, how it goes, who works on it."""
    campaign = queries.get_campaign(campaign_id)
    found = checks.launch_checks(campaign)
    return render_template(
        "campaigns/show_campaign.html",
        campaign=campaign,
        state=shown_state(campaign),
        checks=[(check, url_for(check.endpoint, **check.arguments, _anchor=check.anchor)) for check in found],
        missing=sum(not check.passed for check in found),
        notices=notices.notices_of(campaign),
        progress=progress.progress_of([campaign])[campaign.id],
        agents=queries.agents_of(campaign),
        teams=queries.teams_of(campaign.id),
        lists=queries.attached_lists(campaign.id),
        products=queries.products_of(campaign.id),
    )


def shown_state(campaign: Campaign) -> CampaignState:
    """The state as it is now: a list that filled since the last edit can make a draft ready."""
    if campaign.state not in PREPARED:
        return CampaignState(campaign.state)
    return prepared_state(all_passed=not checks.open_checks(campaign))


@bp.post("/<int:campaign_id>/start")
@requires(*LEADERS)
def start_campaign(campaign_id: int) -> ResponseReturnValue:
    """Launch it."""
    return _move(campaign_id, Move.START)


@bp.post("/<int:campaign_id>/pause")
@requires(*LEADERS)
def pause_campaign(campaign_id: int) -> ResponseReturnValue:
    """Place no new calls."""
    return _move(campaign_id, Move.PAUSE)


@bp.post("/<int:campaign_id>/resume")
@requires(*LEADERS)
def resume_campaign(campaign_id: int) -> ResponseReturnValue:
    """Go on."""
    return _move(campaign_id, Move.RESUME)


@bp.post("/<int:campaign_id>/finish")
@requires(*MANAGERS)
def finish_campaign(campaign_id: int) -> ResponseReturnValue:
    """End it for good."""
    return _move(campaign_id, Move.FINISH)


def _move(campaign_id: int, move: Move) -> ResponseReturnValue:
    try:
        with transaction():
            campaign = move_campaign(campaign_id, move)
            name = campaign.name
    except LaunchRefusedError as refused:
        flash(refused.message, "bad")
        return redirect(url_for("campaigns.show_campaign", campaign_id=campaign_id), 303)
    flash(wording.move_done(move, name), "good")
    if move is Move.START and request.form.get("back"):  # the campaign's own page says it anyway
        _warn(campaign_id)
    return redirect(_return_to(campaign_id), 303)


def _warn(campaign_id: int) -> None:
    for notice in notices.notices_of(queries.get_campaign(campaign_id)):
        flash(notice.text, "warning")


def _return_to(campaign_id: int) -> str:
    """Back to the page where the button was."""
    back = request.form.get("back", "")
    if back == "list":
        return url_for("campaigns.list_campaigns")
    endpoint = "dialing.show_floor" if back == "floor" else "campaigns.show_campaign"
    return url_for(endpoint, campaign_id=campaign_id)
