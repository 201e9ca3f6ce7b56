"""The ledger follows the sales."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from telesales import clock
from telesales.audit.models import AuditEntry
from telesales.commissions.models import LedgerLine, PlanVersion
from telesales.commissions.queries import earned
from telesales.commissions.rules.reckoning import SaleFact, commissions_of
from telesales.commissions.rules.terms import Band, Flat, Measure, Mode, Percent, Period, Tiers
from telesales.commissions.service import accrual, lines
from telesales.errors import InvalidInputError
from telesales.extensions import AppendOnlyError, db
from telesales.money import Money
from telesales.tenancy.scope import every_client
from tests.factories import (
    make_plan,
    make_selling_agent,
    make_selling_campaign,
    make_sold,
    make_taken_back,
)

START = datetime(2026, 11, 20, 15, tzinfo=UTC)
WHOLE = Tiers(Measure.SALES, Period.MONTH, Mode.WHOLE, (Band(0, Percent(40_000)), Band(2, Percent(60_000))))
MARGINAL = Tiers(
    Measure.SALES, Period.MONTH, Mode.MARGINAL, (Band(0, Percent(40_000)), Band(2, Percent(60_000)))
)


@pytest.fixture(autouse=True)
def _whole_centre(app: Flask):
    accrual.connect()
    with every_client(), clock.freeze(START):
        yield


def ledger() -> list[tuple[str, int]]:
    rows = db.session.scalars(select(LedgerLine).order_by(LedgerLine.id))
    return [(row.kind, row.amount_minor) for row in rows]


def total() -> int:
    return db.session.scalar(select(func.coalesce(func.sum(LedgerLine.amount_minor), 0)))


def test_sale_is_paid_the_moment_it_is_saved():
    campaign = make_selling_campaign()
    version = make_plan(campaign, Percent(41_250))
    sale = make_sold(make_selling_agent(), campaign, 1_999)
    line = db.session.scalars(select(LedgerLine)).one()
    assert (line.amount_minor, line.base_minor, line.currency) == (82, 1_999, "USD")
    assert (line.sale_id, line.plan_version_id, line.day) == (sale.id, version.id, sale.day)
    assert line.explanation["pay"] == {"kind": "percent", "rate_ppm": 41_250}


def test_line_of_a_tier_names_band_count_and_period():
    campaign, agent = make_selling_campaign(), make_selling_agent()
    make_plan(campaign, MARGINAL)
    for minute in range(3):
        make_sold(agent, campaign, at=START + timedelta(minutes=minute))
    line = db.session.scalars(select(LedgerLine).order_by(LedgerLine.id.desc())).first()
    assert line.band == "sales>2"
    assert line.explanation["tier"] == {
        "measure": "sales", "period": "month", "period_start": "2026-11-01", "mode": "marginal",
        "band": 1, "above": 2, "up_to": None,
        "before": {"sales": 2, "amount_minor": 20_000}, "reached": {"sales": 3, "amount_minor": 30_000},
    }  # fmt: skip


def test_saving_the_same_sale_again_writes_nothing():
    campaign = make_selling_campaign()
    make_plan(campaign)
    sale = make_sold(make_selling_agent(), campaign)
    accrual.settle_saved_sale(sale)
    assert ledger() == [("accrual", 500)]


def test_cancelling_reverses_every_line_once():
    campaign = make_selling_campaign()
    make_plan(campaign, Flat(500), Percent(40_000))
    sale = make_sold(make_selling_agent(), campaign)
    make_taken_back(sale)
    accrual.settle_cancelled_sale(sale)
    assert ledger() == [("accrual", 500), ("accrual", 400), ("reversal", -500), ("reversal", -400)]
    reversed_ids = db.session.scalars(
        select(LedgerLine.reverses_id).where(LedgerLine.kind == "reversal")
    ).all()
    assert sorted(reversed_ids) == sorted(
        db.session.scalars(select(LedgerLine.id).where(LedgerLine.kind == "accrual"))
    )


def test_reaching_a_whole_band_lifts_the_earlier_sales_with_the_reason():
    campaign, agent = make_selling_campaign(), make_selling_agent()
    make_plan(campaign, WHOLE)
    first, _second, third = (make_sold(agent, campaign, at=START + timedelta(minutes=n)) for n in range(3))
    lifted = db.session.scalars(
        select(LedgerLine).where(LedgerLine.kind == "adjustment").order_by(LedgerLine.id)
    ).all()
    assert [line.amount_minor for line in lifted] == [200, 200]
    assert lifted[0].sale_id == first.id
    assert lifted[0].explanation["because"] == {"kind": "saved", "id": third.id}
    assert (lifted[0].explanation["before_minor"], lifted[0].explanation["now_minor"]) == (400, 600)


def test_cancelling_moves_later_sales_back_into_their_band():
    campaign, agent = make_selling_campaign(), make_selling_agent()
    make_plan(campaign, MARGINAL)
    sales = [make_sold(agent, campaign, at=START + timedelta(minutes=n)) for n in range(4)]
    make_taken_back(sales[0])
    assert ledger()[4:] == [("reversal", -400), ("adjustment", -200)]
    assert total() == 400 + 400 + 600


def test_sales_of_other_agents_and_campaigns_are_not_counted():
    campaign, other = make_selling_campaign(), make_selling_campaign()
    make_plan(campaign, MARGINAL)
    make_plan(other, MARGINAL)
    agent = make_selling_agent()
    for seller, place in (
        (agent, campaign),
        (agent, other),
        (make_selling_agent("Tom"), campaign),
        (agent, campaign),
    ):
        make_sold(seller, place)
    assert total() == 4 * 400


def test_month_of_a_sale_is_that_of_the_agents_own_date():
    """17:00 on 30 November in London is already December in Shanghai."""
    campaign = make_selling_campaign()
    make_plan(campaign, MARGINAL)
    night = datetime(2026, 11, 30, 17, tzinfo=UTC)
    for zone in ("Asia/Shanghai", "America/New_York"):
        agent = make_selling_agent(time_zone=zone)
        for hours in (-2, -1, 0):
            make_sold(agent, campaign, at=night + timedelta(hours=hours))
    assert [amount for _kind, amount in ledger()] == [400, 400, 400, 400, 400, 600]
    december = db.session.scalars(select(LedgerLine.day).where(LedgerLine.day >= date(2026, 12, 1))).all()
    assert december == [date(2026, 12, 1)] * 2


def test_earned_is_the_sum_of_the_days_in_each_currency():
    campaign, euros, agent = (
        make_selling_campaign(),
        make_selling_campaign(currency="EUR"),
        make_selling_agent(),
    )
    make_plan(campaign, Flat(500))
    make_plan(euros, Flat(70), currency="EUR")
    make_sold(agent, campaign, at=START - timedelta(days=1))
    taken = make_sold(agent, campaign)
    make_sold(agent, campaign)
    make_sold(agent, euros, currency="EUR")
    make_taken_back(taken)
    today = START.date()
    assert earned(agent.id, today, today) == [Money(70, "EUR"), Money(500, "USD")]
    assert earned(agent.id, today - timedelta(days=1), today)[1] == Money(1_000, "USD")


def test_sale_without_a_plan_earns_no_line():
    make_sold(make_selling_agent(), make_selling_campaign())
    assert ledger() == []


def test_sale_in_another_currency_earns_no_line_rather_than_a_wrong_cent():
    campaign = make_selling_campaign()
    make_plan(campaign, currency="EUR")
    make_sold(make_selling_agent(), campaign, currency="USD")
    assert ledger() == []


def test_first_plan_pays_the_sales_from_its_first_day_on():
    campaign = make_selling_campaign()
    make_sold(make_selling_agent(), campaign, at=START - timedelta(days=3))
    make_sold(make_selling_agent(), campaign, at=START - timedelta(days=1))
    make_plan(campaign, effective_from=date(2026, 11, 18))
    assert ledger() == [("accrual", 500)]


def test_plan_in_the_right_currency_pays_what_had_no_plan():
    campaign, agent = make_selling_campaign(), make_selling_agent()
    make_plan(campaign, currency="EUR")
    make_sold(agent, campaign)
    make_plan(campaign, currency="USD", effective_from=START.date())
    assert ledger() == [("accrual", 500)]


@pytest.mark.parametrize("days", [-1, 0])
def test_new_version_cannot_start_on_a_day_that_is_paid(days: int):
    campaign = make_selling_campaign()
    make_plan(campaign)
    make_sold(make_selling_agent(), campaign)
    with pytest.raises(InvalidInputError) as refused:
        make_plan(campaign, Flat(900), effective_from=START.date() + timedelta(days=days))
    assert set(refused.value.fields) == {"effective_from"}


def test_new_version_may_start_today_while_today_has_no_line():
    campaign, agent = make_selling_campaign(), make_selling_agent()
    make_plan(campaign)
    make_sold(agent, campaign, at=START - timedelta(days=1))
    make_plan(campaign, Flat(900), effective_from=START.date())
    make_sold(agent, campaign)
    assert ledger() == [("accrual", 500), ("accrual", 900)]


def test_terms_that_cannot_be_paid_are_not_published():
    with pytest.raises(InvalidInputError):
        make_plan(make_selling_campaign(), Flat(-1))
    assert db.session.scalar(select(func.count()).select_from(PlanVersion)) == 0


def test_publishing_is_audited():
    make_plan(make_selling_campaign())
    assert "plan.version_published" in db.session.scalars(select(AuditEntry.action)).all()


def test_ledger_lines_cannot_be_edited():
    campaign = make_selling_campaign()
    make_plan(campaign)
    make_sold(make_selling_agent(), campaign)
    line = db.session.scalars(select(LedgerLine)).one()
    line.amount_minor = 1
    with pytest.raises(AppendOnlyError):
        db.session.flush()
    db.session.rollback()


pays = st.sampled_from([Percent(40_000), Percent(61_250), Percent(0)])
flats = st.sampled_from([Flat(0), Flat(250), Flat(999)])


@st.composite
def parts(draw):
    pay = draw(st.sampled_from([pays, flats]))
    if draw(st.booleans()):
        return draw(pay)
    measure = draw(st.sampled_from(Measure))
    limits = [1, 3] if measure is Measure.SALES else [7_000, 19_000]
    bands = (Band(0, draw(pay)), *(Band(limit, draw(pay)) for limit in limits))
    return Tiers(measure, draw(st.sampled_from(Period)), draw(st.sampled_from(Mode)), bands)


sold = st.tuples(st.just("sell"), st.integers(0, 9_000), st.integers(-40, 5))
steps = st.one_of(
    sold, sold, st.tuples(st.just("cancel"), st.integers(0, 20)),
    st.tuples(st.just("publish"), st.lists(parts(), min_size=1, max_size=2), st.integers(0, 4)),
    st.tuples(st.just("next day")),
)  # fmt: skip


@given(st.lists(parts(), min_size=1, max_size=2), st.lists(steps, min_size=1, max_size=14))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_ledger_always_equals_the_plan_applied_from_scratch(first_parts, todo):
    campaign, agent = make_selling_campaign(), make_selling_agent()
    make_plan(campaign, *first_parts)
    floor = Floor(campaign, agent)
    for step in todo:
        floor.take(step)
        assert floor.in_ledger() == floor.from_scratch()
    db.session.rollback()


class Floor:
    """One agent's sales, and what a reader of the plan expects."""

    def __init__(self, campaign, agent) -> None:
        self.campaign, self.agent, self.now = campaign, agent, START
        self.sales, self.cancelled = [], set()

    def take(self, step) -> None:
        with clock.freeze(self.now):
            self._take(*step)
        self.now += timedelta(minutes=1)

    def _take(self, verb, *values) -> None:
        if verb == "next day":
            self.now += timedelta(days=1)
        elif verb == "sell":
            at = self.now + timedelta(seconds=values[1])  # commits do not come in the order of time
            self.sales.append(make_sold(self.agent, self.campaign, values[0], at=at))
        elif verb == "cancel" and len(self.cancelled) < len(self.sales):
            left = [sale for sale in self.sales if sale.id not in self.cancelled]
            sale = left[values[0] % len(left)]
            self.cancelled.add(sale.id)
            make_taken_back(sale)
        elif verb == "publish":
            paid = max((sale.day for sale in self.sales), default=self.now.date() - timedelta(days=1))
            start = max(self.now.date(), paid + timedelta(days=1)) + timedelta(days=values[1])
            make_plan(self.campaign, *values[0], effective_from=start)

    def in_ledger(self) -> Counter:
        rows = db.session.execute(
            select(LedgerLine.sale_id, func.sum(LedgerLine.amount_minor))
            .where(LedgerLine.campaign_id == self.campaign.id)
            .group_by(LedgerLine.sale_id)
        )
        return Counter({sale_id: int(amount) for sale_id, amount in rows if amount})

    def from_scratch(self) -> Counter:
        facts = [
            SaleFact(sale.id, sale.day, sale.at, sale.amount_minor, sale.currency)
            for sale in self.sales
            if sale.id not in self.cancelled
        ]
        plan = accrual.lock_plan(self.campaign.id)
        found = commissions_of(facts, accrual.terms_of(plan.id))
        return Counter({sale_id: item.amount_minor for sale_id, item in found.items() if item.amount_minor})


def test_settling_again_in_any_order_adds_no_line():
    campaign, agent = make_selling_campaign(), make_selling_agent()
    make_plan(campaign, WHOLE)
    sales = [make_sold(agent, campaign, at=START + timedelta(minutes=n)) for n in range(3)]
    make_taken_back(sales[1])
    before = ledger()
    for sale in reversed(sales):
        accrual.settle_sale(sale, lines.Cause("saved", sale.id))
    assert ledger() == before
