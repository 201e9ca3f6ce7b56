"""Everything one screen of an agent shows, read at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from dialer.core.floor.agent import AgentState
from dialer.ports import DialingMode
from scripts.session import Session
from telesales import clock
from telesales.agents.models import User
from telesales.calls import rules as call_rules
from telesales.calls.models import CallAttempt, CallDisposition, Sale
from telesales.calls.queries import (
    Note,
    PastCall,
    Promise,
    get_attempt,
    last_call_of,
    last_calls,
    notes_of,
    pending_callbacks,
)
from telesales.calls.service.dispositions import find_disposition, promising
from telesales.campaigns.models import Campaign, Product
from telesales.campaigns.queries import campaigns_of_agent, find_campaign, products_of
from telesales.centre import service as centre
from telesales.compliance.models import DoNotCallEntry
from telesales.compliance.queries import find_do_not_call
from telesales.desk import rules
from telesales.desk.errors import NotYourCallError
from telesales.desk.rules import Gap, SpokenNames
from telesales.desk.service.by_hand import next_lead
from telesales.desk.service.live import LiveState, live_state
from telesales.desk.service.outcomes import cancelled_sale_of, gaps_before_sale, sale_of
from telesales.desk.service.scripting import session_of
from telesales.leads.models import Lead
from telesales.money import Money
from telesales.phone import WITHHELD

LEAD_COLUMNS = ("name", "company", "address", "city", "state", "postal_code", "country", "email", "number")
SOON = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class CallView:
    """A call as its agent sees it."""

    state: AgentState
    attempt: CallAttempt
    lead: Lead
    campaign: Campaign
    zone: str  # of the lead; empty when unknown
    session: Session | None
    values: Mapping[str, str]  # of merge fields
    custom: Sequence[tuple[str, str]]
    past: Sequence[PastCall]
    notes: Sequence[Note]
    products: Sequence[Product]
    quick_times: Sequence[tuple[call_rules.QuickTime, datetime]]
    gaps: Sequence[Gap]
    disposition: CallDisposition | None
    sale: Sale | None
    cancelled_sale: Sale | None  # and none after it
    do_not_call: DoNotCallEntry | None  # somebody who rings us may be answered all the same

    @property
    def last_rung(self) -> PastCall | None:
        """The last call of ours, of those that are shown."""
        return next((past for past in self.past if not past.is_inbound), None)

    @property
    def price_texts(self) -> Mapping[int, str]:
        """Prices by product as they stand in the field of the amount."""
        currency = self.campaign.currency
        return {product.id: str(Money(product.price_minor, currency).amount) for product in self.products}

    @property
    def likely_product(self) -> Product | None:
        """What the callee seems to have chosen."""
        spoken = self.session.merge_values.values() if self.session else ()
        wanted = rules.likely_product({product.id: product.name for product in self.products}, spoken)
        return next((product for product in self.products if product.id == wanted), None)


@dataclass(frozen=True, slots=True)
class Preview:
    """A lead that may be dialed by hand."""

    lead: Lead
    zone: str
    past: Sequence[PastCall]
    notes: Sequence[Note]


@dataclass(frozen=True, slots=True)
class DeskView:
    """What is on the desk: signing on, waiting, or a call."""

    live: LiveState
    campaign: Campaign | None
    choices: Sequence[Campaign]
    call: CallView | None
    last: PastCall | None
    callbacks: Sequence[Promise]
    preview: Preview | None = None  # of a campaign that is dialed by hand
    skip: int = 0

    @property
    def kind(self) -> str:
        """Name of the screen; a browser compares it to know whether it shows the right one."""
        if not self.live.is_signed_on:
            return "sign-on"
        return f"call-{self.call.attempt.id}" if self.call else "waiting"


def get_own_attempt(user: User, attempt_id: int, live: LiveState | None = None) -> CallAttempt:
    """Return a call of this agent; the floor knows it before the records do."""
    live = live or live_state(user.id)
    attempt = get_attempt(attempt_id)
    if attempt_id != live.attempt_id and attempt.agent_id != user.id:
        raise NotYourCallError
    return attempt


def desk_view(user: User, *, skip: int = 0) -> DeskView:
    """Read what an agent's screen shows now; `skip` leaves out leads that were offered already."""
    live = live_state(user.id)
    if not live.is_signed_on:
        return DeskView(live, None, campaigns_of_agent(user), None, None, ())
    if live.attempt_id is not None:
        call = call_view(user, live.attempt_id, live)
        return DeskView(live, call.campaign, (), call, None, ())
    campaign = find_campaign(live.home_id or 0)
    preview = _preview(user, campaign, skip) if campaign else None
    return DeskView(live, campaign, (), None, last_call_of(user.id), _soon(user), preview, skip)


def _preview(user: User, campaign: Campaign, skip: int) -> Preview | None:
    lead = next_lead(user, campaign, skip=skip) if campaign.mode == DialingMode.MANUAL else None
    if lead is None:
        return None
    zone = call_rules.zone_shown(lead.zone_key, lead.zone_evidence)
    return Preview(lead, zone, last_calls(lead.id, limit=3), notes_of(lead.id, limit=3))


def view_of_call(user: User, attempt_id: int) -> DeskView:
    """Read the screen of a call that was just announced."""
    live = live_state(user.id)
    call = call_view(user, attempt_id, live)
    return DeskView(live, call.campaign, (), call, None, ())


def _soon(user: User) -> Sequence[Promise]:
    horizon = clock.now() + SOON
    return [promise for promise in pending_callbacks(user.id, limit=5) if promise.scheduled_for <= horizon]


def call_view(user: User, attempt_id: int, live: LiveState | None = None) -> CallView:
    """Read what the screen of a call shows."""
    live = live or live_state(user.id)
    attempt = get_own_attempt(user, attempt_id, live)
    lead, campaign, session = attempt.lead, attempt.campaign, session_of(attempt)
    zone = call_rules.zone_shown(lead.zone_key, lead.zone_evidence)
    is_withheld = attempt.number == WITHHELD  # whoever rang before was somebody else
    return CallView(
        state=live.state,
        attempt=attempt,
        lead=lead,
        campaign=campaign,
        zone=zone,
        session=session,
        values=spoken_values(user, attempt, session),
        custom=_columns(lead, session),
        past=() if is_withheld else last_calls(lead.id, before=attempt.id, limit=3),
        notes=() if is_withheld else notes_of(lead.id),
        products=products_of(campaign.id),
        quick_times=call_rules.quick_times(promising(attempt), zone) if zone else (),
        gaps=gaps_before_sale(attempt),
        disposition=find_disposition(attempt.id),
        sale=sale_of(attempt),
        cancelled_sale=cancelled_sale_of(attempt),
        do_not_call=find_do_not_call(
            attempt.number, client_id=attempt.client_id, campaign_id=attempt.campaign_id
        ),
    )


def _columns(lead: Lead, session: Session | None) -> Sequence[tuple[str, str]]:
    """Columns of the list that no field of ours holds, under the title that the script gives them."""
    titles = session.script.lead_fields if session else {}
    return [(titles.get(rules.field_key(name), name), value) for name, value in lead.custom.items() if value]


def spoken_values(user: User, attempt: CallAttempt, session: Session | None) -> Mapping[str, str]:
    """Values of the merge fields of a call."""
    lead = attempt.lead
    names = SpokenNames(
        agent=user.name,
        campaign=attempt.campaign.name,
        client=attempt.campaign.client.name,
        centre=centre.settings().name,
    )
    columns = {name: getattr(lead, name) or "" for name in LEAD_COLUMNS}
    return {**rules.merge_values(columns, lead.custom, names), **(session.merge_values if session else {})}
