"""Starting, pausing and finishing. The dialer hears of it the moment it is committed."""

from collections.abc import Sequence

from flask_babel import gettext as _

from dialer.events import EventKind
from telesales import clock
from telesales.audit.service import record
from telesales.campaigns import signals
from telesales.campaigns.checks import LaunchCheck, open_checks
from telesales.campaigns.models import Campaign
from telesales.campaigns.service.editing import lock_campaign, review_campaign
from telesales.campaigns.states import NEEDS_CHECKS, CampaignState, Move, target_of
from telesales.errors import ConflictError
from telesales.extensions import db

_EVENTS = {
    Move.START: EventKind.CAMPAIGN_STARTED,
    Move.RESUME: EventKind.CAMPAIGN_STARTED,
    Move.PAUSE: EventKind.CAMPAIGN_PAUSED,
    Move.FINISH: EventKind.CAMPAIGN_FINISHED,
}
_ACTIONS = {
    Move.START: "campaign.started",
    Move.RESUME: "campaign.resumed",
    Move.PAUSE: "campaign.paused",
    Move.FINISH: "campaign.finished",
}


class LaunchRefusedError(ConflictError):
    """Something that a launch needs is missing; `checks` are the open items."""

    code = "launch-refused"

    def __init__(self, checks: Sequence[LaunchCheck]) -> None:
        super().__init__(_("Before it can start: %(text)s", text=checks[0].text))
        self.checks = checks


def start_campaign(campaign_id: int) -> Campaign:
    """Launch. Raises LaunchRefusedError while a check is open."""
    return move_campaign(campaign_id, Move.START)


def pause_campaign(campaign_id: int) -> Campaign:
    """Place no new calls; those in the air go on."""
    return move_campaign(campaign_id, Move.PAUSE)


def resume_campaign(campaign_id: int) -> Campaign:
    """Go on after a pause."""
    return move_campaign(campaign_id, Move.RESUME)


def finish_campaign(campaign_id: int) -> Campaign:
    """End for good: no new calls; those in the air go on to their end. Its lists are free again."""
    return move_campaign(campaign_id, Move.FINISH)


def move_campaign(campaign_id: int, move: Move) -> Campaign:
    """Write the new state and tell the dialer after the commit. Making the same move twice changes nothing."""
    campaign = lock_campaign(campaign_id)
    if move in NEEDS_CHECKS:
        _check_launch(campaign)
    review_campaign(campaign)
    target = target_of(CampaignState(campaign.state), move)
    if target is None:
        if campaign.state == _aim(move):
            return campaign
        raise ConflictError(_("The campaign's state has changed; this cannot be done any more."))
    _enter(campaign, target)
    record(_ACTIONS[move], campaign)
    signals.announce(_EVENTS[move], campaign_id=campaign.id)
    return campaign


def _check_launch(campaign: Campaign) -> None:
    missing = open_checks(campaign)
    if missing and campaign.state not in (CampaignState.RUNNING, CampaignState.FINISHED):
        raise LaunchRefusedError(missing)


def _aim(move: Move) -> CampaignState:
    return {
        Move.START: CampaignState.RUNNING,
        Move.RESUME: CampaignState.RUNNING,
        Move.PAUSE: CampaignState.PAUSED,
        Move.FINISH: CampaignState.FINISHED,
    }[move]


def _enter(campaign: Campaign, state: CampaignState) -> None:
    campaign.state = state
    if state is CampaignState.RUNNING and campaign.started_at is None:
        campaign.started_at = clock.now()
    if state is CampaignState.FINISHED:
        campaign.finished_at = clock.now()
    db.session.flush()
