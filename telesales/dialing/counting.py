"""Answered calls and what became of them, counted from the attempts by quarter of an hour."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Integer, Select, String, case, cast, func, select
from sqlalchemy.orm import aliased

from dialer.core.abandonment import CONNECT_SECONDS, Counts, Estimates, Measure, pack_named
from dialer.core.floor.tally import SLOT_SECONDS
from telesales.calls.models import CallAttempt, CallDisposition, CallResult
from telesales.calls.rules import DispositionCode
from telesales.campaigns.models import Campaign
from telesales.centre import service as centre
from telesales.extensions import db

DAY_SECONDS = timedelta(days=1).total_seconds()
SLOT_MINUTES = SLOT_SECONDS // 60
FIRST_DAY = datetime(1970, 1, 1, tzinfo=UTC)


def measure_of(campaign: Campaign) -> Measure:
    """How the campaign is measured; its days are those of the centre."""
    return Measure(
        pack=pack_named(campaign.rule_pack),
        zone=ZoneInfo(centre.settings().time_zone),
        started_at=campaign.started_at.timestamp() if campaign.started_at else None,
        estimates=Estimates(campaign.false_positives_bp, campaign.undetected_machines_bp),
    )


def answered_by_slot(campaign_id: int, since: datetime, until: datetime | None = None) -> dict[int, Counts]:
    """Count by quarter of an hour since 1970; quarters in which nothing was answered are left out."""
    slot, fate = _slot(CallAttempt.answered_at), _fate()
    statement = (
        select(slot, fate, func.count())
        .where(CallAttempt.campaign_id == campaign_id, CallAttempt.answered_at >= since)
        .group_by(slot, fate)
    )
    if until is not None:
        statement = statement.where(CallAttempt.answered_at < until)
    found: dict[int, Counts] = {}
    for quarter, fate_name, count in db.session.execute(statement):
        number = _number(quarter)
        found[number] = found.get(number, Counts()) + _COUNTED[fate_name](count)
    for quarter, fate_name, count in db.session.execute(_heard_machines(statement)):
        found[_number(quarter)] -= _COUNTED[fate_name](count)
    return found


def _heard_machines(answered: Select[Any]) -> Select[Any]:
    """Of these calls, those of which the agent's last word is that it was a machine: no person had answered."""
    later = aliased(CallDisposition)
    last = select(func.max(later.id)).where(later.attempt_id == CallDisposition.attempt_id).scalar_subquery()
    return answered.join(CallDisposition, CallDisposition.attempt_id == CallAttempt.id).where(
        CallDisposition.code == DispositionCode.MACHINE,
        CallDisposition.id == last,
        CallAttempt.result == CallResult.TALKED,
    )


_COUNTED: Mapping[str, Callable[[int], Counts]] = {
    "machine": lambda count: Counts(machines=count),
    "abandoned": lambda count: Counts(people=count, abandoned=count),
    "other": lambda count: Counts(people=count),
    "connected": lambda count: Counts(people=count, connected=count),
}


def _fate() -> ColumnElement[str]:
    """What became of an answered call; told once for each row, for reading times costs the most."""
    return case(
        (CallAttempt.result == CallResult.MACHINE, "machine"),
        (CallAttempt.result == CallResult.ABANDONED, "abandoned"),
        (CallAttempt.connected_at.is_(None), "other"),
        (_wait() > CONNECT_SECONDS, "abandoned"),
        else_="connected",
    )


def _is_postgresql() -> bool:
    return db.session.get_bind().dialect.name == "postgresql"


def _wait() -> Any:
    """Seconds between the answer and the agent."""
    if _is_postgresql():
        return func.extract("epoch", CallAttempt.connected_at - CallAttempt.answered_at)
    days = func.julianday(CallAttempt.connected_at) - func.julianday(CallAttempt.answered_at)
    return func.round(days * DAY_SECONDS, 3)


def _slot(moment: Any) -> Any:
    """The number on PostgreSQL; on SQLite hour and quarter as text, which costs a tenth of reading the time."""
    if _is_postgresql():
        return cast(func.floor(func.extract("epoch", moment) / SLOT_SECONDS), Integer)
    quarter = cast(func.substr(moment, 15, 2), Integer) // SLOT_MINUTES
    return func.substr(moment, 1, 13, type_=String) + ":" + cast(quarter, String)


def _number(slot: int | str) -> int:
    if isinstance(slot, int):
        return slot
    hour, _, quarter = slot.rpartition(":")
    begins = datetime.fromisoformat(f"{hour}:00").replace(tzinfo=UTC)
    return int((begins - FIRST_DAY).total_seconds()) // SLOT_SECONDS + int(quarter)
