"""The ledger follows the sales: whatever the order of events, an agent's lines add up to what the plan
pays for the valid sales. Corrections are new lines, each with its reason.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from telesales.calls.models import Sale, SaleCancellation
from telesales.calls.signals import sale_cancelled, sale_saved
from telesales.commissions.models import CommissionPlan, LedgerLine, PlanVersion
from telesales.commissions.rules.reckoning import (
    Commission,
    SaleFact,
    VersionTerms,
    commissions_of,
    period_end,
    period_start,
)
from telesales.commissions.rules.terms import Period, load_terms
from telesales.commissions.service import lines
from telesales.extensions import db
from telesales.tenancy.scope import client_scope

WIDEST_FIRST = (Period.QUARTER, Period.MONTH, Period.DAY)


@dataclass(frozen=True, slots=True)
class Window:
    """Sales that may change each other's commission: one agent, one plan, one period."""

    agent_id: int
    first: date
    last: date


def connect() -> None:
    """React to sales from now on."""
    sale_saved.connect(settle_saved_sale)
    sale_cancelled.connect(settle_cancelled_sale)


def settle_saved_sale(sale: Sale, **_details: Any) -> None:
    """Write what the sale earns, and what it changes for the agent's other sales of the period."""
    settle_sale(sale, lines.Cause("saved", sale.id))


def settle_cancelled_sale(sale: Sale, **_details: Any) -> None:
    """Take back what the sale has earned, and correct the agent's other sales of the period."""
    settle_sale(sale, lines.Cause("cancelled", sale.id))


def settle_sale(sale: Sale, cause: lines.Cause) -> None:
    """Bring the ledger up to date around one sale. Doing it again changes nothing."""
    with client_scope(sale.client_id):
        plan = lock_plan(sale.campaign_id)
        if plan is None:
            return
        versions = terms_of(plan.id)
        settle_window(plan, versions, window_around(sale.agent_id, sale.day, versions), cause)


def lock_plan(campaign_id: int) -> CommissionPlan | None:
    """Hold the plan until the end of the unit of work: two sales are never reckoned from the same count."""
    return db.session.scalar(
        select(CommissionPlan)
        .where(CommissionPlan.campaign_id == campaign_id)
        .with_for_update(key_share=True)
    )


def terms_of(plan_id: int) -> list[VersionTerms]:
    """Return all versions of a plan, ready to reckon with."""
    rows = db.session.scalars(
        select(PlanVersion).where(PlanVersion.plan_id == plan_id).order_by(PlanVersion.version)
    )
    return [
        VersionTerms(row.id, row.version, row.effective_from, row.currency, load_terms(row.terms))
        for row in rows
    ]


def window_around(agent_id: int, day: date, versions: Sequence[VersionTerms]) -> Window:
    """Return the widest period that a tier counts; periods of the calendar lie inside each other."""
    counted = {part.period for version in versions for part in version.terms.tiers}
    widest = next((period for period in WIDEST_FIRST if period in counted), Period.DAY)
    return Window(agent_id, period_start(widest, day), period_end(widest, day))


def settle_window(
    plan: CommissionPlan, versions: Sequence[VersionTerms], window: Window, cause: lines.Cause
) -> None:
    """Compare the ledger with the plan applied from scratch, and add the lines that are missing."""
    sales = _sales_in(plan, window)
    cancelled = _cancelled_among(sales)
    written = _lines_of(sales)
    earned = commissions_of([sale for sale in sales if sale.sale_id not in cancelled], versions)
    for sale in sales:
        target = None if sale.sale_id in cancelled else earned.get(sale.sale_id)
        db.session.add_all(_missing_lines(plan, window.agent_id, sale, target, written, cause))
    db.session.flush()


def _missing_lines(
    plan: CommissionPlan,
    agent_id: int,
    sale: SaleFact,
    target: Commission | None,
    written: dict[int, list[LedgerLine]],
    cause: lines.Cause,
) -> Iterable[LedgerLine]:
    account = lines.Account(plan, agent_id, sale, written.get(sale.sale_id, []))
    if target is None:
        return account.reverse()
    return account.adjust(target, cause) if account.written else account.accrue(target)


def _sales_in(plan: CommissionPlan, window: Window) -> list[SaleFact]:
    rows = db.session.execute(
        select(Sale.id, Sale.day, Sale.at, Sale.amount_minor, Sale.currency)
        .where(Sale.campaign_id == plan.campaign_id, Sale.agent_id == window.agent_id)
        .where(Sale.day.between(window.first, window.last))
        .order_by(Sale.at, Sale.id)
    )
    return [SaleFact(*row) for row in rows]


def _cancelled_among(sales: Sequence[SaleFact]) -> set[int]:
    ids = [sale.sale_id for sale in sales]
    return set(db.session.scalars(select(SaleCancellation.sale_id).where(SaleCancellation.sale_id.in_(ids))))


def _lines_of(sales: Sequence[SaleFact]) -> dict[int, list[LedgerLine]]:
    ids = [sale.sale_id for sale in sales]
    found: dict[int, list[LedgerLine]] = {}
    for line in db.session.scalars(
        select(LedgerLine).where(LedgerLine.sale_id.in_(ids)).order_by(LedgerLine.id)
    ):
        found.setdefault(line.sale_id, []).append(line)
    return found
