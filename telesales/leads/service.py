"""What is done with lists and leads. Imports: `importing`."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from telesales import clock
from telesales.audit.service import current_actor, record
from telesales.compliance import service as compliance
from telesales.compliance.models import DoNotCallScope
from telesales.compliance.signals import number_forbidden
from telesales.compliance.wording import source_name
from telesales.compliance.zones import Address, find_zones
from telesales.errors import ConflictError, InvalidInputError
from telesales.extensions import db, is_among
from telesales.leads.models import DialState, Lead, LeadList
from telesales.phone import time_zones_of_number
from telesales.tenancy.scope import every_client

DO_NOT_CALL = "do_not_call"  # `done_reason` of leads whose number is on the list
REACHES_OF_ALL = (DoNotCallScope.NATIONAL.value, DoNotCallScope.COMPANY.value)


def create_list(
    *, client_id: int, name: str, region: str, source: str = "", is_demo: bool = False
) -> LeadList:
    """Open a list. Its name is the client's only one."""
    lead_list = LeadList(
        client_id=client_id,
        name=name,
        region=region,
        source=source,
        is_demo=is_demo,
        created_by_id=current_actor().user_id,
    )
    try:
        with db.session.begin_nested():
            db.session.add(lead_list)
    except IntegrityError:
        raise InvalidInputError({"list_name": _("This client already has a list of this name.")}) from None
    record("list.created", lead_list, name=name, region=region)
    return lead_list


def rename_list(lead_list: LeadList, *, name: str, source: str) -> None:
    """Change what a list is called and where it came from."""
    before = [lead_list.name, lead_list.source]
    try:
        with db.session.begin_nested():
            lead_list.name, lead_list.source = name, source
    except IntegrityError:
        raise InvalidInputError({"name": _("This client already has a list of this name.")}) from None
    record("list.changed", lead_list, before=before, after=[name, source])


def add_lead(lead_list: LeadList, *, number: str, **values: Any) -> Lead:
    """Add one lead (E.164). Raises when the number is in the list or must not be called."""
    _check_callable(number, client_id=lead_list.client_id, field="number")
    lead = Lead(client_id=lead_list.client_id, list_id=lead_list.id, number=number, **values)
    find_time(lead)
    _insert(lead)
    record("lead.added", lead, list=lead_list.id)
    return lead


def _insert(lead: Lead) -> None:
    try:
        with db.session.begin_nested():
            db.session.add(lead)
    except IntegrityError:
        raise InvalidInputError({"number": _("This list already has this number.")}) from None


def _check_callable(number: str, *, client_id: int, field: str) -> None:
    entry = compliance.find_do_not_call(number, client_id=client_id, campaign_id=None)
    if entry is not None:
        raise InvalidInputError(
            {
                field: _(
                    "This number is on the do-not-call list (%(source)s).", source=source_name(entry.source)
                )
            }
        )


def edit_lead(lead: Lead, values: Mapping[str, Any]) -> None:
    """Change a lead. Another number starts with a clean record of attempts; the time zone is found out anew."""
    if lead.dial_state == DialState.RESERVED:
        raise ConflictError(_("This lead is being called now. Try again after the call."))
    changes = {
        name: [getattr(lead, name), value] for name, value in values.items() if getattr(lead, name) != value
    }
    if "number" in changes:
        _check_callable(values["number"], client_id=lead.client_id, field="number")
    try:
        with db.session.begin_nested():
            for name, (_before, after) in changes.items():
                setattr(lead, name, after)
            find_time(lead)
    except IntegrityError:
        raise InvalidInputError({"number": _("This list already has this number.")}) from None
    if changes:
        record("lead.changed", lead, fields=sorted(changes))


def find_time(lead: Lead) -> None:
    """Say in which time zones the lead may be, and why."""
    address = Address(lead.country or "", lead.state or "", lead.postal_code or "")
    finding = find_zones(address, time_zones_of_number(lead.number))
    lead.zone_key, lead.zone_evidence = finding.zone_key, finding.evidence


def reopen_lead(lead: Lead) -> None:
    """Let a lead that was done be dialed again."""
    if lead.dial_state != DialState.DONE:
        raise ConflictError(_("This lead is not done."))
    _check_callable(lead.number, client_id=lead.client_id, field="number")
    record("lead.reopened", lead, done_reason=lead.done_reason)
    lead.dial_state, lead.done_reason = DialState.READY, ""
    lead.next_attempt_at = clock.now()
    db.session.flush()


def reset_leads(list_ids: Sequence[int], *, reasons: Sequence[str] = ()) -> int:
    """Make done leads of lists ready as if they were new, except forbidden numbers. For demos."""
    done = [Lead.list_id.in_(list_ids), Lead.dial_state == DialState.DONE, Lead.done_reason != DO_NOT_CALL]
    if reasons:
        done.append(Lead.done_reason.in_(reasons))
    changed: Any = db.session.execute(
        update(Lead)
        .where(*done)
        .values(
            dial_state=DialState.READY,
            done_reason="",
            attempts=0,
            last_result="",
            last_attempt_at=None,
            callback_agent_id=None,
            priority=0,
            next_attempt_at=clock.now(),
        )
        .execution_options(synchronize_session="fetch")
    )
    return int(changed.rowcount)


def connect() -> None:
    """Hear of forbidden numbers."""
    number_forbidden.connect(_stop_leads)


def _stop_leads(_sender: object, *, numbers: Sequence[str], reach: str) -> None:
    """Leads with these numbers are done at once. A call that is under way ends by its own rules; the dialer asks
    again before every call, and campaign entries are its matter: lists do not know campaigns.
    """
    kind, _colon, owner = reach.partition(":")
    wide = kind in REACHES_OF_ALL
    if not wide and kind != DoNotCallScope.CLIENT:
        return
    reached = [is_among(Lead.number, numbers), Lead.dial_state == DialState.READY]
    if not wide:
        reached.append(Lead.client_id == int(owner))
    with every_client():
        if db.session.scalar(select(Lead.id).where(*reached).limit(1)) is None:
            return
        stopped: Any = db.session.execute(
            update(Lead).where(*reached).values(dial_state=DialState.DONE, done_reason=DO_NOT_CALL),
            execution_options={"synchronize_session": "fetch"},
        )
    record("leads.stopped", reach=reach, count=stopped.rowcount)


def leads_of(list_id: int) -> Sequence[Lead]:
    """All leads of a small list, in the order of arrival."""
    return db.session.scalars(select(Lead).where(Lead.list_id == list_id).order_by(Lead.id)).all()
