"""Jobs of the demo, by the clock."""

from datetime import timedelta

from sqlalchemy import func, select, update

from dialer.events import EventKind
from telesales import clock
from telesales.campaigns import queries
from telesales.campaigns.models import Campaign
from telesales.campaigns.signals import announce
from telesales.campaigns.states import CampaignState
from telesales.compliance.models import DoNotCallEntry
from telesales.compliance.service import remove_entry
from telesales.demo import leads
from telesales.demo.service import acting_as_demo
from telesales.demo.stage import SHOWS
from telesales.extensions import db, transaction
from telesales.leads.models import DialState, Lead, LeadList
from telesales.tenancy.scope import every_client

ENOUGH_DUE = 150  # leads that may be dialed at once; a team of twelve takes some twenty a minute
REST = timedelta(minutes=30)  # a lead that is done stays so for a while, as visitors look at it
FRESH_AT_ONCE = 100
OLD_REFUSAL = timedelta(days=7)
DO_NOT_CALL = "do_not_call"


def refill_demo() -> None:
    """See to it that the demo never runs out of people to call. Doing it twice changes little."""
    with transaction(), every_client(), acting_as_demo():
        for campaign in queries.list_campaigns((CampaignState.RUNNING,)):
            if campaign.is_demo:
                refill_campaign(campaign)


def refill_campaign(campaign: Campaign) -> None:
    """Let rested leads be dialed again; when that is not enough, find new people; when nobody is left, wake the rest."""
    languages = {show.list_name: show.language for show in SHOWS}
    for lead_list in queries.attached_lists(campaign.id):
        language = languages.get(lead_list.name)
        if language is not None and refill_list(lead_list, language):
            announce(EventKind.LEADS_ADDED, campaign_id=campaign.id)


def refill_list(lead_list: LeadList, language: str) -> bool:
    """Fill one list; True when there is somebody new to dial."""
    before = count_due(lead_list.id)
    if before >= ENOUGH_DUE:
        return False
    recycle(lead_list.id, rested_for=REST)
    missing = ENOUGH_DUE - count_due(lead_list.id)
    if missing > 0:
        leads.add_fresh(lead_list, language=language, count=min(FRESH_AT_ONCE, missing))
    if count_due(lead_list.id) < ENOUGH_DUE // 3:
        recycle(lead_list.id, rested_for=timedelta())
        forget_old_refusals(lead_list)
    return count_due(lead_list.id) > before


def count_due(list_id: int) -> int:
    """Leads that may be dialed now."""
    return (
        db.session.scalar(
            select(func.count(Lead.id)).where(
                Lead.list_id == list_id,
                Lead.dial_state == DialState.READY,
                Lead.next_attempt_at <= clock.now(),
            )
        )
        or 0
    )


def recycle(list_id: int, *, rested_for: timedelta) -> None:
    """Leads that are done and rested begin anew, except those who asked not to be called."""
    db.session.execute(
        update(Lead)
        .where(
            Lead.list_id == list_id,
            Lead.dial_state == DialState.DONE,
            Lead.done_reason != DO_NOT_CALL,
            Lead.last_attempt_at <= clock.now() - rested_for,
        )
        .values(
            dial_state=DialState.READY,
            done_reason="",
            attempts=0,
            last_result="",
            callback_agent_id=None,
            priority=0,
            next_attempt_at=clock.now(),
        )
        .execution_options(synchronize_session=False)
    )


def forget_old_refusals(lead_list: LeadList) -> None:
    """After months everybody invented has refused: the oldest refusals of the demo are taken back."""
    old = db.session.scalars(
        select(DoNotCallEntry)
        .where(
            DoNotCallEntry.client_id == lead_list.client_id,
            DoNotCallEntry.removed_at.is_(None),
            DoNotCallEntry.added_at < clock.now() - OLD_REFUSAL,
        )
        .order_by(DoNotCallEntry.id)
        .limit(FRESH_AT_ONCE)
    ).all()
    for entry in old:
        remove_entry(entry, reason="demo begins anew")
    db.session.execute(
        update(Lead)
        .where(Lead.list_id == lead_list.id, Lead.number.in_([entry.number for entry in old]))
        .values(dial_state=DialState.READY, done_reason="", attempts=0, next_attempt_at=clock.now())
        .execution_options(synchronize_session=False)
    )
