"""Dialing one lead by hand."""

from sqlalchemy import CursorResult, update

from dialer.events import Event, EventKind
from dialer.live import post_event
from dialer.ports import DialingMode
from dialer.queues import DIAL
from telesales import clock
from telesales.agents.models import User
from telesales.audit.service import record
from telesales.calls.models import CallAttempt
from telesales.campaigns.models import Campaign
from telesales.committed import after_commit
from telesales.errors import ConflictError
from telesales.extensions import db, enqueue, redis_client
from telesales.leads.models import DialState, Lead
from telesales.scripting.service import current_version

PLACE_CALL = "dialer.jobs.place_call"


def dial_manually(agent: User, lead: Lead, campaign: Campaign) -> CallAttempt:
    """Reserve a lead for an agent and have it dialed once this unit of work is committed."""
    claimed: CursorResult[object] = db.session.execute(  # type: ignore[assignment]
        update(Lead)
        .where(Lead.id == lead.id, Lead.dial_state == DialState.READY)
        .values(dial_state=DialState.RESERVED)
        .execution_options(synchronize_session="fetch")
    )
    if claimed.rowcount != 1:
        raise ConflictError(code="lead-not-free")
    version = current_version(campaign.script_id) if campaign.script_id else None
    attempt = CallAttempt(
        client_id=campaign.client_id,
        campaign_id=campaign.id,
        lead_id=lead.id,
        number=lead.number,
        caller_id=campaign.caller_id,
        mode=DialingMode.MANUAL,
        agent_id=agent.id,
        script_version_id=version.id if version else None,
        ring_seconds=campaign.ring_seconds,
        reserved_at=clock.now(),
    )
    db.session.add(attempt)
    db.session.flush()
    record("call.dialed_by_hand", attempt, lead_id=lead.id)
    reserved = Event(
        EventKind.CALL_RESERVED,
        attempt.reserved_at.timestamp(),
        campaign.id,
        attempt_id=attempt.id,
        agent_id=agent.id,
        data={"lead_id": lead.id},
    )
    after_commit(lambda: _dial(reserved))
    return attempt


def _dial(reserved: Event) -> None:
    post_event(redis_client(), reserved)
    enqueue(DIAL, PLACE_CALL, reserved.attempt_id)
