"""Decisions into the database, once each, and out of it when their time is over."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Any

from sqlalchemy import delete, select

from telesales import clock
from telesales.campaigns.models import Campaign
from telesales.dialing.facts import Fact
from telesales.dialing.models import KEPT_DAYS, PacingDecision
from telesales.extensions import db, insert_into

DELETED_AT_ONCE = 2_000  # a transaction of some hundredths of a second: nobody waits for it


def record_decisions(facts: Sequence[Fact]) -> None:
    """Keep decisions; one that is known already changes nothing. Raises LookupError for an unknown campaign."""
    if not facts:
        return
    owners = _clients_of({fact.campaign_id for fact in facts})
    rows = [_row(fact, owners) for fact in facts]
    statement = insert_into(PacingDecision.__table__)
    db.session.execute(statement.on_conflict_do_nothing(index_elements=["campaign_id", "at"]), rows)


def _clients_of(campaign_ids: set[int]) -> Mapping[int, int]:
    rows = db.session.execute(select(Campaign.id, Campaign.client_id).where(Campaign.id.in_(campaign_ids)))
    return {row.id: row.client_id for row in rows}


def _row(fact: Fact, owners: Mapping[int, int]) -> dict[str, Any]:
    return {
        "client_id": owners[fact.campaign_id],
        "campaign_id": fact.campaign_id,
        "at": fact.at,
        "calls": fact.data["calls"],
        "reason": fact.data["reason"],
        "estimates": dict(fact.data["estimates"]),
    }


def kept_since() -> datetime:
    """The first moment of the first day whose decisions are kept."""
    day = clock.now().date() - timedelta(days=KEPT_DAYS)
    return datetime.combine(day, time(), UTC)


def forget_some_decisions() -> int:
    """Delete some decisions whose day is over for good; returns how many, 0 when none are left.

    On the bare table: the models refuse to delete facts, the database refuses unless they are old enough.
    """
    table = PacingDecision.__table__
    old = (
        select(table.c.id)
        .where(table.c.campaign_id.in_(select(Campaign.id)), table.c.at < kept_since())
        .limit(DELETED_AT_ONCE)
    )
    result: Any = db.session.execute(delete(table).where(table.c.id.in_(old)))
    return int(result.rowcount)
