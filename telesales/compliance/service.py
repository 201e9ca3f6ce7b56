"""Putting numbers on the do-not-call list and taking them off."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select, text

from telesales import clock
from telesales.audit.service import current_actor, record
from telesales.compliance.models import DoNotCallEntry, DoNotCallScope, reach_of
from telesales.compliance.queries import find_do_not_call, forbidden_numbers, may_remove
from telesales.compliance.signals import number_forbidden
from telesales.errors import ConflictError, ForbiddenError
from telesales.extensions import db, insert_into

__all__ = ["add_entry", "find_do_not_call", "forbidden_numbers", "insert_entries", "remove_entry"]
OWNER = {DoNotCallScope.CLIENT: "client_id", DoNotCallScope.CAMPAIGN: "campaign_id"}


def add_entry(
    *,
    number: str,
    scope: DoNotCallScope,
    client_id: int | None = None,
    campaign_id: int | None = None,
    source: str,
    reason: str | None = None,
    listed_on: date | None = None,
    attempt_id: int | None = None,
) -> DoNotCallEntry:
    """Forbid to call a number (E.164). A number that is on the list already keeps its entry."""
    owner = _check_owner(scope, client_id=client_id, campaign_id=campaign_id)
    values = {
        "number": number,
        "source": source,
        "reason": reason or "",
        "listed_on": listed_on or clock.now().date(),
        "attempt_id": attempt_id,
        **owner,
    }
    added = insert_entries([values])
    entry = db.session.scalars(
        select(DoNotCallEntry).where(
            DoNotCallEntry.number == number,
            DoNotCallEntry.reach == owner["reach"],
            DoNotCallEntry.removed_at.is_(None),
        )
    ).one()
    if added:
        record("do_not_call.added", entry, number=number, scope=scope.value, source=source)
    return entry


def _check_owner(scope: DoNotCallScope, *, client_id: int | None, campaign_id: int | None) -> dict[str, Any]:
    """A client's entry names the client, a campaign's both; the others name nobody."""
    given = {"client_id": client_id, "campaign_id": campaign_id}
    needed = OWNER.get(scope)
    if needed and not given[needed]:
        raise ValueError(f"an entry of scope {scope} needs {needed}")
    if scope is not DoNotCallScope.CAMPAIGN:
        given["campaign_id"] = None
    if not needed:
        given["client_id"] = None
    return {**given, "scope": scope, "reach": reach_of(scope, **given)}


def insert_entries(rows: Sequence[dict[str, Any]]) -> int:
    """Add entries of one reach that are not there yet, tell the domains above, and say how many were new."""
    if not rows:
        return 0
    actor = current_actor().user_id
    now = clock.now()
    values = [{"added_by_id": actor, "added_at": now, "removal_reason": "", **row} for row in rows]
    statement = (
        insert_into(DoNotCallEntry.__table__)
        .on_conflict_do_nothing(index_elements=["number", "reach"], index_where=text("removed_at IS NULL"))
        .returning(DoNotCallEntry.__table__.c.number)
    )
    numbers = list(db.session.scalars(statement, values))
    if numbers:
        number_forbidden.send(None, numbers=numbers, reach=values[0]["reach"])
    return len(numbers)


def remove_entry(entry: DoNotCallEntry, reason: str) -> None:
    """Allow the number again as far as this entry goes; the entry stays as a record."""
    if not may_remove(entry):
        raise ForbiddenError(
            _("This number is forbidden for every client. Ask somebody of the whole centre.")
        )
    if entry.removed_at is not None:
        raise ConflictError(_("Somebody has already taken this number off the list."))
    entry.removed_at = clock.now()
    entry.removed_by_id = current_actor().user_id
    entry.removal_reason = reason
    record("do_not_call.removed", entry, number=entry.number, scope=entry.scope, reason=reason)
    db.session.flush()
