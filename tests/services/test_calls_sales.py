"""Sales are made once and taken back by a further fact."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime

import pytest
from flask import Flask
from sqlalchemy import select

from telesales import clock
from telesales.agents.models import User
from telesales.calls import signals
from telesales.calls.models import CallAttempt, Sale, SaleCancellation
from telesales.calls.queries import SalesFilter, list_sales
from telesales.calls.service.sales import cancel_sale, record_sale
from telesales.errors import ConflictError
from telesales.extensions import AppendOnlyError, db, transaction
from telesales.money import Money
from telesales.tenancy.scope import client_scope, every_client
from tests.factories_calls import make_attempt, make_calling_agent, make_recorded_sale
from tests.factories_campaigns import make_product

LATE_IN_LONDON = datetime(2026, 11, 20, 3, tzinfo=UTC)
PRICE = Money(4900, "USD")

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture(autouse=True)
def scene() -> Iterator[None]:
    with every_client(), clock.freeze(LATE_IN_LONDON):
        yield


def sell(attempt: CallAttempt, agent, key: str = "k1", product="Fibre 500", price: Money = PRICE) -> Sale:
    return record_sale(attempt, agent, product=product, price=price, request_key=key)


def test_a_sale_keeps_product_amount_and_currency() -> None:
    agent = make_calling_agent()
    attempt = make_attempt(agent)
    product = make_product(attempt.campaign, name="Fibre 300", price_minor=3900)

    sale = sell(attempt, agent, product=product, price=Money(3750, "USD"))

    assert (sale.product_id, sale.product_name) == (product.id, "Fibre 300")
    assert (sale.amount_minor, sale.currency) == (3750, "USD")


def test_the_day_of_a_sale_is_the_agents_own() -> None:
    agent = make_calling_agent(time_zone="America/New_York")

    assert sell(make_attempt(agent), agent).day == date(2026, 11, 19)


def test_pressed_twice_it_is_saved_once() -> None:
    agent = make_calling_agent()
    attempt = make_attempt(agent)

    assert sell(attempt, agent).id == sell(attempt, agent).id
    assert len(db.session.scalars(select(Sale)).all()) == 1


def test_a_request_key_of_another_call_is_refused() -> None:
    agent = make_calling_agent()
    sell(make_attempt(agent), agent)

    with pytest.raises(ConflictError):
        sell(make_attempt(agent), agent)


def test_who_listens_to_a_sale_is_saved_with_it_or_not_at_all() -> None:
    agent = make_calling_agent()
    attempt = make_attempt(agent)
    heard: list[int] = []

    def fail(sale: Sale) -> None:
        heard.append(sale.id)
        raise RuntimeError("the ledger refused")

    with signals.sale_saved.connected_to(fail), pytest.raises(RuntimeError), transaction():
        sell(attempt, agent)

    assert len(heard) == 1
    assert list(db.session.scalars(select(Sale))) == []


def test_a_repeated_sale_is_announced_once() -> None:
    agent = make_calling_agent()
    attempt = make_attempt(agent)
    heard: list[int] = []

    def note(sale: Sale) -> None:
        heard.append(sale.id)

    with signals.sale_saved.connected_to(note):
        sell(attempt, agent)
        sell(attempt, agent)

    assert len(heard) == 1


def test_cancelling_adds_a_fact_and_leaves_the_sale() -> None:
    sale = make_recorded_sale()
    heard: list[SaleCancellation] = []

    def note(_sale: Sale, cancellation: SaleCancellation) -> None:
        heard.append(cancellation)

    with signals.sale_cancelled.connected_to(note):
        cancel_sale(sale, "changed their mind")
        cancel_sale(sale, "pressed again")

    assert [entry.reason for entry in heard] == ["changed their mind"]
    assert db.session.scalars(select(SaleCancellation)).one().sale_id == sale.id


def test_a_sale_can_not_be_edited() -> None:
    make_recorded_sale().amount_minor = 1

    with pytest.raises(AppendOnlyError):
        db.session.flush()


def test_the_list_shows_whether_a_sale_counts_and_can_be_narrowed() -> None:
    first, second = make_recorded_sale(), make_recorded_sale()
    cancel_sale(first, "wrong amount")

    rows, pages = list_sales(SalesFilter())
    own, _ = list_sales(SalesFilter(agent_id=first.agent_id, first_day=first.day))

    assert [(row.sale.id, row.cancellation is not None) for row in rows] == [
        (second.id, False),
        (first.id, True),
    ]
    assert pages.total == 2
    assert [row.sale.id for row in own] == [first.id]


def test_another_clients_sales_are_not_seen() -> None:
    sale, _other = make_recorded_sale(), make_recorded_sale()

    with client_scope(sale.client_id):
        rows, _pages = list_sales(SalesFilter())

    assert [row.sale.id for row in rows] == [sale.id]


def test_two_windows_that_save_at_the_same_moment_make_one_sale(app: Flask) -> None:
    agent = make_calling_agent()
    attempt = make_attempt(agent)
    ids = (agent.id, attempt.id)
    db.session.commit()
    start = threading.Barrier(2)

    def press() -> int:
        with app.app_context(), every_client():
            start.wait(5)
            with transaction():
                person, call = db.session.get_one(User, ids[0]), db.session.get_one(CallAttempt, ids[1])
                return sell(call, person).id

    with ThreadPoolExecutor(2) as windows:
        sales = [window.result(10) for window in [windows.submit(press), windows.submit(press)]]

    assert sales[0] == sales[1]
    assert len(db.session.scalars(select(Sale)).all()) == 1
