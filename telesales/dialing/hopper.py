"""Claiming leads: the next ones that may be called now, each by one claimer only.

The index of leads is by list, state and zone, so that claiming costs the same however many leads wait for their morning.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple, cast

from sqlalchemy import Select, Table, bindparam, func, insert, or_, select, update

from dialer.ports import Reservation
from telesales import clock
from telesales.calls.models import CallAttempt, CallState
from telesales.calls.rules import PROMISE_KEPT_BY_AGENT
from telesales.campaigns.models import Campaign, CampaignList
from telesales.compliance.queries import forbidden_numbers
from telesales.compliance.rules import legal_hours, open_zone_keys
from telesales.extensions import db
from telesales.leads.models import DialState, Lead
from telesales.scripting.models import ScriptVersion

DO_NOT_CALL = "do_not_call"


def _zone_key_steps() -> Select[tuple[str]]:
    """One step in the index for each zone, not one for each lead."""
    first = select(func.min(LEADS.c.zone_key).label("key")).where(*WAITING).cte("keys", recursive=True)
    later = select(func.min(LEADS.c.zone_key)).where(*WAITING, LEADS.c.zone_key > first.c.key)
    steps = first.union_all(select(later.scalar_subquery()).where(first.c.key.is_not(None)))
    return select(steps.c.key).where(steps.c.key.is_not(None))


def _due_leads() -> Select[tuple[int, datetime, int, str]]:
    """The first leads of one zone that are due."""
    due_at = LEADS.c.next_attempt_at
    return (
        select(LEADS.c.priority, due_at, LEADS.c.id, LEADS.c.number)
        .where(
            *WAITING,
            LEADS.c.zone_key == bindparam("zone_key"),
            due_at <= bindparam("now"),
            or_(LEADS.c.callback_agent_id.is_(None), due_at <= bindparam("promised_by")),
        )
        .order_by(LEADS.c.priority, due_at, LEADS.c.id)
        .limit(bindparam("count"))
    )


LEADS = cast(Table, Lead.__table__)
WAITING = (LEADS.c.list_id == bindparam("list_id"), LEADS.c.dial_state == DialState.READY)
ZONE_KEYS, DUE = _zone_key_steps(), _due_leads()  # built once: building took longer than asking


class Candidate(NamedTuple):
    """A lead that may be called now, in the order of dialing."""

    priority: int
    list_place: int
    due_at: datetime
    lead_id: int
    number: str


@dataclass(frozen=True, slots=True)
class Choice:
    """What was found to be dialed, and what every attempt has in common."""

    candidates: Sequence[Candidate]
    forbidden: Sequence[int]  # leads on a do-not-call list
    attempt: Mapping[str, Any]


def choose(campaign: Campaign, count: int) -> Choice:
    """Find up to `count` leads that may be called now. Only reads; nobody has them yet."""
    now = clock.now()
    found = _candidates(campaign, now, count)
    listed = forbidden_numbers(
        {candidate.number for candidate in found}, client_id=campaign.client_id, campaign_id=campaign.id
    )
    forbidden = [candidate.lead_id for candidate in found if candidate.number in listed]
    allowed = [candidate for candidate in found if candidate.number not in listed]
    return Choice(allowed, forbidden, _attempt_of(campaign))


def reserve(choice: Choice, decision: Mapping[str, Any]) -> list[Reservation]:
    """Claim the leads that are still to be had and write their attempts. Numbers that are forbidden end for good."""
    if choice.forbidden:
        _finish(choice.forbidden)
    found = _claim(choice.candidates) if choice.candidates else []
    return _write_attempts(found, {**choice.attempt, "decision": dict(decision)}) if found else []


def _attempt_of(campaign: Campaign) -> dict[str, Any]:
    return {
        "client_id": campaign.client_id,
        "campaign_id": campaign.id,
        "caller_id": campaign.caller_id,
        "mode": campaign.mode,
        "state": CallState.RESERVED,
        "script_version_id": current_version_id(campaign.script_id),
        "ring_seconds": campaign.ring_seconds,
    }


def _candidates(campaign: Campaign, now: datetime, count: int) -> list[Candidate]:
    hours = legal_hours(campaign.calling_hours, is_demo=campaign.is_demo)
    given = {"now": now, "promised_by": now - PROMISE_KEPT_BY_AGENT, "count": count}
    found: list[Candidate] = []
    for list_id, place in _lists(campaign.id):
        for key in open_zone_keys(now, _zone_keys(list_id), hours):
            rows = db.session.execute(DUE, {**given, "list_id": list_id, "zone_key": key})
            found += [Candidate(row.priority, place, row.next_attempt_at, row.id, row.number) for row in rows]
    return sorted(found)[:count]


def is_too_late_or_early(campaign: Campaign) -> bool:
    """True when leads wait and it is nobody's calling hour. Without leads the hour does not matter."""
    hours = legal_hours(campaign.calling_hours, is_demo=campaign.is_demo)
    keys = {key for list_id, _place in _lists(campaign.id) for key in _zone_keys(list_id)}
    return bool(keys) and not open_zone_keys(clock.now(), keys, hours)


def _lists(campaign_id: int) -> Iterable[tuple[int, int]]:
    return db.session.execute(
        select(CampaignList.list_id, CampaignList.priority).where(CampaignList.campaign_id == campaign_id)
    ).all()


def _zone_keys(list_id: int) -> list[str]:
    """Zones of the leads of a list that wait."""
    return list(db.session.scalars(ZONE_KEYS, {"list_id": list_id}))


def _finish(lead_ids: Sequence[int]) -> None:
    db.session.execute(
        update(Lead)
        .where(Lead.id.in_(lead_ids), Lead.dial_state == DialState.READY)
        .values(dial_state=DialState.DONE, done_reason=DO_NOT_CALL)
        .execution_options(synchronize_session=False)
    )


def _claim(candidates: Collection[Candidate]) -> list[Candidate]:
    free = (
        select(Lead.id)
        .where(
            Lead.id.in_([candidate.lead_id for candidate in candidates]), Lead.dial_state == DialState.READY
        )
        .with_for_update(skip_locked=True)
    )
    claimed = set(
        db.session.scalars(
            update(Lead)
            .where(Lead.id.in_(free))
            .values(dial_state=DialState.RESERVED)
            .returning(Lead.id)
            .execution_options(synchronize_session=False)
        )
    )
    return [candidate for candidate in candidates if candidate.lead_id in claimed]


def _write_attempts(found: Sequence[Candidate], common: Mapping[str, Any]) -> list[Reservation]:
    now = clock.now()
    rows = [
        {**common, "lead_id": candidate.lead_id, "number": candidate.number, "reserved_at": now}
        for candidate in found
    ]
    ids = db.session.scalars(
        insert(CallAttempt).returning(CallAttempt.id, sort_by_parameter_order=True), rows
    )
    return [
        Reservation(attempt_id, candidate.lead_id, candidate.number)
        for attempt_id, candidate in zip(ids, found, strict=True)
    ]


def current_version_id(script_id: int | None) -> int | None:
    """The version of a script that new calls use; its content is not read."""
    return db.session.scalar(
        select(ScriptVersion.id)
        .where(ScriptVersion.script_id == script_id)
        .order_by(ScriptVersion.version.desc())
        .limit(1)
    )
