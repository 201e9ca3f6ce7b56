"""Reads of plans and of the ledger."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from flask_sqlalchemy.pagination import Pagination
from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import InstrumentedAttribute

from telesales.agents.models import User
from telesales.calls.models import Sale, SaleCancellation
from telesales.campaigns.models import Campaign
from telesales.commissions.models import CommissionPlan, LedgerLine, PlanVersion
from telesales.errors import NotFoundError
from telesales.extensions import db
from telesales.money import Money

LINES_PER_PAGE = 50
Number = InstrumentedAttribute[int]
Day = InstrumentedAttribute[date]


@dataclass(frozen=True, slots=True)
class LedgerFilter:
    """Which lines; what is None does not limit."""

    agent_id: int | None = None
    campaign_id: int | None = None
    first_day: date | None = None
    last_day: date | None = None

    def of_lines(self) -> list[ColumnElement[bool]]:
        """Limit a query over ledger lines."""
        return self._limits(LedgerLine.agent_id, LedgerLine.campaign_id, LedgerLine.day)

    def of_sales(self) -> list[ColumnElement[bool]]:
        """Limit a query over sales."""
        return self._limits(Sale.agent_id, Sale.campaign_id, Sale.day)

    def _limits(self, agent_id: Number, campaign_id: Number, day: Day) -> list[ColumnElement[bool]]:
        wanted = []
        if self.agent_id is not None:
            wanted.append(agent_id == self.agent_id)
        if self.campaign_id is not None:
            wanted.append(campaign_id == self.campaign_id)
        if self.first_day is not None:
            wanted.append(day >= self.first_day)
        if self.last_day is not None:
            wanted.append(day <= self.last_day)
        return wanted


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """A line with what it is about."""

    line: LedgerLine
    sale: Sale
    version: PlanVersion
    agent_name: str
    campaign_name: str


def find_plan(campaign_id: int) -> CommissionPlan | None:
    """Return the campaign's plan, if it has one."""
    return db.session.scalar(select(CommissionPlan).where(CommissionPlan.campaign_id == campaign_id))


def list_versions(campaign_id: int) -> Sequence[PlanVersion]:
    """Return the versions of a campaign's plan, newest first."""
    return db.session.scalars(
        select(PlanVersion)
        .join(CommissionPlan, CommissionPlan.id == PlanVersion.plan_id)
        .where(CommissionPlan.campaign_id == campaign_id)
        .order_by(PlanVersion.version.desc())
    ).all()


def list_lines(wanted: LedgerFilter, *, page: int) -> tuple[list[LedgerRow], Pagination]:
    """Return a page of the ledger, newest first."""
    pages = db.paginate(
        select(LedgerLine.id).where(*wanted.of_lines()).order_by(LedgerLine.id.desc()),
        page=page,
        per_page=LINES_PER_PAGE,
        error_out=False,
    )
    rows = db.session.execute(_rows().where(LedgerLine.id.in_(pages.items)).order_by(LedgerLine.id.desc()))
    return [LedgerRow(*row) for row in rows], pages


def stream_lines(wanted: LedgerFilter) -> Iterator[LedgerRow]:
    """Yield the whole ledger in the order in which it was written."""
    found = db.session.execute(
        _rows().where(*wanted.of_lines()).order_by(LedgerLine.id).execution_options(yield_per=500)
    )
    for row in found:
        yield LedgerRow(*row)


def get_line(line_id: int, *, agent_id: int | None = None) -> LedgerRow:
    """Return one line; with `agent_id` only this agent's."""
    mine = [] if agent_id is None else [LedgerLine.agent_id == agent_id]
    row = db.session.execute(_rows().where(LedgerLine.id == line_id, *mine)).one_or_none()
    if row is None:
        raise NotFoundError
    return LedgerRow(*row)


def lines_of_sale(sale_id: int) -> Sequence[LedgerLine]:
    """Return everything that was ever written about a sale, oldest first."""
    return db.session.scalars(
        select(LedgerLine).where(LedgerLine.sale_id == sale_id).order_by(LedgerLine.id)
    ).all()


def _rows() -> Select[LedgerLine, Sale, PlanVersion, str, str]:
    return (
        select(LedgerLine, Sale, PlanVersion, User.name, Campaign.name)
        .join(Sale, Sale.id == LedgerLine.sale_id)
        .join(PlanVersion, PlanVersion.id == LedgerLine.plan_version_id)
        .join(User, User.id == LedgerLine.agent_id)
        .join(Campaign, Campaign.id == LedgerLine.campaign_id)
    )


def totals(wanted: LedgerFilter) -> list[Money]:
    """Return the sum of the lines in each currency."""
    rows = db.session.execute(
        select(LedgerLine.currency, func.sum(LedgerLine.amount_minor))
        .where(*wanted.of_lines())
        .group_by(LedgerLine.currency)
        .order_by(LedgerLine.currency)
    )
    return [Money(int(minor), currency) for currency, minor in rows]


def earned(user_id: int, day_from: date, day_to: date) -> list[Money]:
    """Return what an agent's sales of these days earn, in each currency."""
    return totals(LedgerFilter(agent_id=user_id, first_day=day_from, last_day=day_to))


class Unpaid(StrEnum):
    """Why a sale has no line in the ledger."""

    NO_PLAN = "no_plan"
    NOT_YET = "not_yet"
    OTHER_CURRENCY = "other_currency"


@dataclass(frozen=True, slots=True)
class UnpaidSale:
    """A valid sale that earns nothing, and why."""

    sale: Sale
    agent_name: str
    campaign_name: str
    reason: Unpaid


def list_unpaid_sales(wanted: LedgerFilter, *, limit: int = LINES_PER_PAGE) -> list[UnpaidSale]:
    """Return valid sales without a line, newest first."""
    rows = db.session.execute(
        select(Sale, User.name, Campaign.name)
        .join(User, User.id == Sale.agent_id)
        .join(Campaign, Campaign.id == Sale.campaign_id)
        .where(*_unpaid(wanted))
        .order_by(Sale.id.desc())
        .limit(limit)
    )
    return [UnpaidSale(sale, agent, campaign, _reason(sale)) for sale, agent, campaign in rows]


def count_unpaid_sales(wanted: LedgerFilter) -> int:
    """Return how many valid sales have no line."""
    return db.session.scalar(select(func.count(Sale.id)).where(*_unpaid(wanted))) or 0


def _unpaid(wanted: LedgerFilter) -> list[ColumnElement[bool]]:
    return [
        *wanted.of_sales(),
        ~select(LedgerLine.id).where(LedgerLine.sale_id == Sale.id).exists(),
        ~select(SaleCancellation.id).where(SaleCancellation.sale_id == Sale.id).exists(),
    ]


def _reason(sale: Sale) -> Unpaid:
    versions = list_versions(sale.campaign_id)
    if not versions:
        return Unpaid.NO_PLAN
    begun = [version for version in versions if version.effective_from <= sale.day]
    return Unpaid.OTHER_CURRENCY if begun else Unpaid.NOT_YET
