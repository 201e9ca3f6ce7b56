"""Somebody rings a number that we show: which campaign and which lead it is, and the attempt of it, written once."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from dialer.ports import RingingIn, TakeOrder
from telesales.audit.service import record
from telesales.calls.models import CallAttempt, CallDirection, CallState
from telesales.campaigns.models import Campaign, CampaignList
from telesales.campaigns.queries import attached_lists
from telesales.campaigns.states import LAUNCHED, CampaignState
from telesales.dialing.hopper import current_version_id
from telesales.dialing.likeness import profile_of
from telesales.extensions import db
from telesales.leads.models import DialState, Lead, LeadList
from telesales.leads.service import create_list, find_time
from telesales.phone import WITHHELD, InvalidNumberError, parse_number
from telesales.recordings.policy import recording_policy_of

E164_FORM = re.compile(r"\+[1-9][0-9]{5,14}")
LIST_NAME = "{campaign}: people who rang us"
LAST = 1_000  # place of their list among the lists of the campaign
LONGEST_NAME = 120
USUAL_REGION = "US"  # of a campaign without any list
WHO = (
    "name",
    "latin_name",
    "company",
    "email",
    "address",
    "city",
    "state",
    "postal_code",
    "country",
    "language",
)
WAYS = {CampaignState.RUNNING: 2, CampaignState.PAUSED: 1}


@dataclass(frozen=True, slots=True)
class Found:
    """Whom a call is for. Without a lead nobody of these campaigns has rung the number before."""

    campaign: Campaign
    lead: Lead | None


def take(call: RingingIn) -> TakeOrder | None:
    """Write the attempt of a call that rings in; None when no campaign takes it. Asked again, the answer is the same."""
    name = carrier_call(call)
    attempt = _known(name)
    if attempt is None:
        number = read_number(call.number, call.dialed)
        found = find_whom(number, call.dialed, carrier=call.carrier)
        if found is None:
            return None
        lead = _lead_of(found, number)
        attempt = _write(found.campaign, lead, call, number)
    return _order(attempt, call)


def carrier_call(call: RingingIn) -> str:
    """The call's own name; carriers do not share names."""
    return f"{call.carrier}:{call.call_id}"[:160]


def read_number(number: str, dialed: str = "") -> str:
    """The number that rings: E.164, in use or not, or as it is dialed where `dialed` is; what is none is withheld."""
    if E164_FORM.fullmatch(number):
        return number
    try:
        return parse_number(number, parse_number(dialed, None).region).e164 if number else WITHHELD
    except InvalidNumberError:
        return WITHHELD


def find_whom(number: str, dialed: str, *, carrier: str) -> Found | None:
    """The campaign that rang this number last, if it is one of those that show the dialed number; else one that runs."""
    campaigns = _showing(dialed, carrier) or _showed(number, dialed, carrier)
    if not campaigns:
        return None
    last = _last_called(number, campaigns)
    if last is None:
        return Found(campaigns[0], None)
    campaign = last.campaign
    if campaign.state not in LAUNCHED:  # its client's other campaign may have people who work
        running = (other for other in campaigns if other.state in LAUNCHED)
        campaign = next((other for other in running if other.client_id == campaign.client_id), campaign)
    return Found(campaign, last.lead)


def _showing(dialed: str, carrier: str) -> Sequence[Campaign]:
    """Campaigns that show a number and take calls, the best first: running, paused, others; the latest start first."""
    if not E164_FORM.fullmatch(dialed):
        return []
    found = db.session.scalars(
        select(Campaign).where(
            Campaign.caller_id == dialed,
            Campaign.carrier == carrier,
            Campaign.takes_inbound,
            Campaign.state.in_((*LAUNCHED, CampaignState.FINISHED)),
        )
    ).all()
    return sorted(found, key=_order_of, reverse=True)


def _showed(number: str, dialed: str, carrier: str) -> Sequence[Campaign]:
    """The campaign that showed this person another number than its own, because that one rested."""
    if number == WITHHELD or not E164_FORM.fullmatch(dialed):
        return []
    return db.session.scalars(
        select(Campaign)
        .join(CallAttempt, CallAttempt.campaign_id == Campaign.id)
        .join(Lead, Lead.id == CallAttempt.lead_id)
        .where(
            Lead.number == number,
            CallAttempt.caller_id == dialed,
            Campaign.carrier == carrier,
            Campaign.takes_inbound,
            Campaign.state.in_((*LAUNCHED, CampaignState.FINISHED)),
        )
        .order_by(CallAttempt.id.desc())
        .limit(1)
    ).all()


def _order_of(campaign: Campaign) -> tuple[int, datetime, int]:
    started_at = campaign.started_at or datetime.fromtimestamp(0, UTC)
    return (WAYS.get(CampaignState(campaign.state), 0), started_at, campaign.id)


def _last_called(number: str, campaigns: Sequence[Campaign]) -> CallAttempt | None:
    """By the lead's number, which is indexed; withheld numbers are nobody's."""
    if number == WITHHELD:
        return None
    return db.session.scalar(
        select(CallAttempt)
        .join(Lead, Lead.id == CallAttempt.lead_id)
        .where(
            Lead.number == number,
            CallAttempt.campaign_id.in_([campaign.id for campaign in campaigns]),
            CallAttempt.state != CallState.RELEASED,
        )
        .order_by(CallAttempt.id.desc())
        .limit(1)
    )


def _lead_of(found: Found, number: str) -> Lead:
    """A lead of a list that this campaign dials, so that it can ring back; of a finished campaign any lead will do."""
    known, campaign = found.lead, found.campaign
    if known is not None and (campaign.state not in LAUNCHED or _is_dialed(campaign, known.list_id)):
        return known
    return lead_for(campaign, number, like=known)


def _is_dialed(campaign: Campaign, list_id: int) -> bool:
    link = select(CampaignList.id).where(
        CampaignList.campaign_id == campaign.id, CampaignList.list_id == list_id
    )
    return db.session.scalar(link) is not None


def lead_for(campaign: Campaign, number: str, *, like: Lead | None = None) -> Lead:
    """A lead in the list of people who rang this campaign; with what a lead of another list says of the person."""
    lead_list = _list_of(campaign)
    lead: Lead | None = db.session.scalar(
        select(Lead).where(Lead.list_id == lead_list.id, Lead.number == number)
    )
    if lead is None:
        told = {name: getattr(like, name) for name in WHO} if like else {}
        lead = Lead(client_id=campaign.client_id, list_id=lead_list.id, number=number, **told)
        if number != WITHHELD:
            find_time(lead)
        db.session.add(lead)
        db.session.flush()
        record("lead.added", lead, list=lead_list.id)
    return lead


def _list_of(campaign: Campaign) -> LeadList:
    """Attached to the campaign, so that it rings back whom it missed."""
    ending = LIST_NAME.format(campaign="")
    name = campaign.name[: LONGEST_NAME - len(ending)] + ending
    known = select(LeadList).where(LeadList.client_id == campaign.client_id, LeadList.name == name)
    lead_list: LeadList | None = db.session.scalar(known)
    if lead_list is None:
        region = next((other.region for other in attached_lists(campaign.id)), USUAL_REGION)
        lead_list = create_list(
            client_id=campaign.client_id, name=name, region=region, is_demo=campaign.is_demo
        )
    if not _is_dialed(campaign, lead_list.id):
        db.session.add(
            CampaignList(
                client_id=campaign.client_id, campaign_id=campaign.id, list_id=lead_list.id, priority=LAST
            )
        )
        db.session.flush()
    return lead_list


def _write(campaign: Campaign, lead: Lead, call: RingingIn, number: str) -> CallAttempt:
    """The lead is not dialed meanwhile. Another job may write the same call at the same time."""
    attempt = CallAttempt(
        client_id=campaign.client_id,
        campaign_id=campaign.id,
        lead_id=lead.id,
        number=number,
        caller_id=call.dialed,
        mode=campaign.mode,
        direction=CallDirection.INBOUND,
        carrier_call=carrier_call(call),
        state=CallState.CAME_IN,
        script_version_id=current_version_id(campaign.script_id),
        ring_seconds=campaign.ring_seconds,
        reserved_at=datetime.fromtimestamp(call.at, UTC),
    )
    try:
        with db.session.begin_nested():
            db.session.add(attempt)
    except IntegrityError:
        known = _known(carrier_call(call))
        if known is None:
            raise
        return known
    db.session.execute(
        update(Lead)
        .where(Lead.id == lead.id, Lead.dial_state == DialState.READY)
        .values(dial_state=DialState.RESERVED)
        .execution_options(synchronize_session="fetch")
    )
    return attempt


def _known(name: str) -> CallAttempt | None:
    return db.session.scalar(select(CallAttempt).where(CallAttempt.carrier_call == name))


def _order(attempt: CallAttempt, call: RingingIn) -> TakeOrder:
    campaign, profile = attempt.campaign, profile_of(attempt.campaign)
    return TakeOrder(
        attempt_id=attempt.id,
        campaign_id=campaign.id,
        call_id=call.call_id,
        at=attempt.reserved_at.timestamp(),
        lead_id=attempt.lead_id,
        wait_seconds=campaign.inbound_wait_seconds / float(profile.get("speed", 1)),
        profile=profile,
        recording=recording_policy_of(attempt),
    )
