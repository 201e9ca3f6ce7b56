"""An agent's shift: signing on, being ready, pausing, hanging up, signing off."""

from telesales.agents.models import PauseReason, User
from telesales.audit.service import record
from telesales.calls import floor
from telesales.campaigns.queries import campaigns_served, get_campaign, may_work_on
from telesales.campaigns.states import LAUNCHED
from telesales.desk.service.live import LiveState, live_state
from telesales.errors import ConflictError, ForbiddenError
from telesales.telephony.credentials import check_connected, close_line, close_unused_line


def sign_on(user: User, campaign_id: int) -> None:
    """Sit down at a campaign. Who is there already stays there."""
    campaign = get_campaign(campaign_id)
    if not may_work_on(user, campaign):
        raise ForbiddenError(code="not-on-this-campaign")
    if campaign.state not in LAUNCHED:
        raise ConflictError(code="campaign-not-running")
    here = live_state(user.id)
    if here.home_id == campaign_id:
        return
    if here.attempt_id is not None:
        raise ConflictError(code="call-open")
    floor.sign_on(user.id, campaign_id, campaigns_served(user, campaign))
    close_unused_line(user, campaign.carrier)
    record("agent.signed_on", user, campaign_id=campaign_id)


def ready(user: User) -> None:
    """Take calls. Raises NotConnectedError when an answered person would hear nobody."""
    here = _signed_on(user)
    check_connected(user, get_campaign(here.campaign_id or 0).carrier)
    floor.ready(user.id)


def pause(user: User, reason: PauseReason) -> None:
    """Take no calls; during a call it begins after it."""
    _signed_on(user)
    floor.pause(user.id, reason.value)


def sign_off(user: User) -> None:
    """Leave the floor. A call that is open has to be finished first."""
    here = live_state(user.id)
    if here.attempt_id is not None:
        raise ConflictError(code="call-open")
    if here.is_signed_on:
        floor.sign_off(user.id)
        close_line(user)
        record("agent.signed_off", user, campaign_id=here.campaign_id)


def hang_up(user: User, attempt_id: int) -> None:
    """End the telephone call; the writing up begins."""
    here = _signed_on(user)
    if here.attempt_id == attempt_id:
        floor.hang_up(user.id, attempt_id)


def _signed_on(user: User) -> LiveState:
    here = live_state(user.id)
    if not here.is_signed_on:
        raise ConflictError(code="not-signed-on")
    return here
