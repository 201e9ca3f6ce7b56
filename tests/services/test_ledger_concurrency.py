"""Two sales of one agent at once."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, text

from telesales.agents.models import User
from telesales.calls.signals import sale_saved
from telesales.campaigns.models import Campaign
from telesales.commissions.models import LedgerLine
from telesales.commissions.rules.terms import Band, Flat, Measure, Mode, Period, Tiers
from telesales.commissions.service import accrual
from telesales.extensions import db, transaction
from telesales.tenancy.scope import every_client
from tests.factories_commissions import (
    MORNING,
    make_plan,
    make_selling_agent,
    make_selling_campaign,
    make_sold,
)
from tests.push_client import wait_until

WAIT_S = 20


@pytest.mark.parametrize("mode", Mode)
def test_two_sales_at_once_are_not_reckoned_from_the_same_count(app: Flask, mode: Mode):
    """On PostgreSQL both sales are in their units of work before either is paid."""
    tiers = Tiers(Measure.SALES, Period.MONTH, mode, (Band(0, Flat(100)), Band(1, Flat(700))))
    with every_client(), transaction():
        campaign, agent = make_selling_campaign(), make_selling_agent()
        make_plan(campaign, tiers)
        ids = campaign.id, agent.id
    both_saved = threading.Barrier(2) if db.engine.dialect.name == "postgresql" else None
    accrual.connect()
    with ThreadPoolExecutor(2) as threads:
        done = [threads.submit(_sell, app, ids, number, both_saved) for number in range(2)]
        for thread in done:
            thread.result(timeout=WAIT_S)
    assert _paid_per_sale() == ([100, 700] if mode is Mode.MARGINAL else [700, 700])


def _sell(app: Flask, ids: tuple[int, int], number: int, both_saved: threading.Barrier | None) -> None:
    with app.app_context(), every_client(), transaction():
        campaign, agent = db.session.get(Campaign, ids[0]), db.session.get(User, ids[1])
        sale = make_sold(agent, campaign, at=MORNING + timedelta(minutes=number), told=False)
        if both_saved:
            both_saved.wait(WAIT_S)
        sale_saved.send(sale)


def _paid_per_sale() -> list[int]:
    paid: dict[int, int] = {}
    with every_client():
        for line in db.session.scalars(select(LedgerLine)):
            paid[line.sale_id] = paid.get(line.sale_id, 0) + line.amount_minor
    return sorted(paid.values())


def test_sale_that_is_being_saved_while_the_first_plan_is_published_is_paid(app: Flask):
    """The sale saw no plan, and the plan must not miss the sale."""
    with every_client(), transaction():
        ids = make_selling_campaign().id, make_selling_agent().id
    accrual.connect()
    with ThreadPoolExecutor(1) as threads:
        with every_client(), transaction():
            make_sold(db.session.get(User, ids[1]), db.session.get(Campaign, ids[0]))
            publishing = threads.submit(_publish, app, ids[0])
            if db.engine.dialect.name == "postgresql":
                wait_until(lambda: publishing.done() or _somebody_waits())
        publishing.result(timeout=WAIT_S)
    assert _paid_per_sale() == [500]


def test_sale_that_is_saved_while_the_first_plan_is_being_published_is_paid(app: Flask):
    with every_client(), transaction():
        ids = make_selling_campaign().id, make_selling_agent().id
    accrual.connect()
    with ThreadPoolExecutor(1) as threads:
        with every_client(), transaction():
            make_plan(db.session.get(Campaign, ids[0]))
            selling = threads.submit(_sell, app, ids, 0, None)
            if db.engine.dialect.name == "postgresql":
                wait_until(lambda: selling.done() or _somebody_waits())
        selling.result(timeout=WAIT_S)
    assert _paid_per_sale() == [500]


def _publish(app: Flask, campaign_id: int) -> None:
    with app.app_context(), every_client(), transaction():
        make_plan(db.session.get(Campaign, campaign_id))


def _somebody_waits() -> bool:
    with db.engine.connect() as connection:
        return bool(connection.scalar(text("SELECT count(*) FROM pg_locks WHERE NOT granted")))
