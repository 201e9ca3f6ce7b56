"""One call that is finished from several sides at once, and one whose sale is cancelled meanwhile."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
import redis
from flask import Flask
from sqlalchemy import select, text

from telesales import clock
from telesales.agents.models import User
from telesales.calls.daily import DailyResult
from telesales.calls.models import CallAttempt, CallDisposition, CallResult, CallState, Sale
from telesales.calls.rules import DispositionCode
from telesales.calls.service.sales import cancel_sale
from telesales.commissions.models import LedgerLine
from telesales.desk.errors import SaleCancelledError, SaleSavedError
from telesales.desk.service import outcomes, scripting
from telesales.desk.service.outcomes import Outcome
from telesales.dialing.settling import settle
from telesales.extensions import db, redis_client, transaction
from telesales.money import Money
from telesales.tenancy.scope import every_client
from tests.factories_commissions import make_plan
from tests.factories_desk import DeskScene, make_desk_call
from tests.push_client import wait_until

NOON = datetime(2026, 11, 20, 17, tzinfo=UTC)
WAIT_S = 20
SOLD = Outcome(DispositionCode.SALE, price=Money(4900, "USD"))
DEARER = Outcome(DispositionCode.SALE, price=Money(9900, "USD"))
NOT_SOLD = Outcome(DispositionCode.NOT_INTERESTED)

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture(autouse=True)
def friday_noon() -> Iterator[None]:
    with every_client(), clock.freeze(NOON):
        yield


@pytest.fixture
def scene() -> DeskScene:
    made = make_desk_call(state="wrap_up")
    make_plan(made.campaign)
    scripting.answer_step(made.agent, made.attempt, "go_on", revision=0)
    scripting.answer_step(made.agent, made.attempt, "agrees", revision=1)
    scripting.write_field(made.agent, made.attempt, "people", "4")
    db.session.commit()
    return made


def finish(scene: DeskScene, outcome: Outcome) -> str:
    with transaction():
        agent, attempt = (
            db.session.get_one(User, scene.agent_id),
            db.session.get_one(CallAttempt, scene.attempt_id),
        )
        return outcomes.finish_call(agent, attempt, outcome).code


def elsewhere(app: Flask, work: Callable[[], object]) -> object:
    with app.app_context(), every_client():
        try:
            return work()
        finally:
            db.session.remove()


def waits_for_a_lock() -> bool:
    """True when somebody waits on PostgreSQL; SQLite lets one in after the other from the start."""
    with db.engine.connect() as connection:
        return bool(connection.scalar(text("SELECT count(*) FROM pg_locks WHERE NOT granted")))


def begin_behind(app: Flask, threads: ThreadPoolExecutor, work: Callable[[], object]) -> Future[object]:
    """Start the work; it is under way, or waits for what this thread holds."""
    begun = threads.submit(elsewhere, app, work)
    if db.engine.dialect.name == "postgresql":
        wait_until(lambda: begun.done() or waits_for_a_lock())
    return begun


def test_no_other_outcome_comes_beside_a_sale_that_another_window_is_saving(app: Flask, scene: DeskScene):
    with ThreadPoolExecutor(1) as threads:
        with transaction():
            outcomes.finish_call(scene.agent, scene.attempt, SOLD)
            other = begin_behind(app, threads, lambda: finish(scene, NOT_SOLD))
        with pytest.raises(SaleSavedError):
            other.result(WAIT_S)

    assert [row.code for row in db.session.scalars(select(CallDisposition))] == ["sale"]


def test_of_two_prices_saved_at_once_the_second_is_refused_not_swallowed(app: Flask, scene: DeskScene):
    with ThreadPoolExecutor(1) as threads:
        with transaction():
            outcomes.finish_call(scene.agent, scene.attempt, SOLD)
            other = begin_behind(app, threads, lambda: finish(scene, DEARER))
        with pytest.raises(SaleSavedError):
            other.result(WAIT_S)

    assert [sale.amount_minor for sale in db.session.scalars(select(Sale))] == [4900]


@pytest.mark.parametrize("outcome", [SOLD, NOT_SOLD], ids=["sale", "no sale"])
def test_an_outcome_is_saved_while_its_call_is_being_settled(app: Flask, scene: DeskScene, outcome: Outcome):
    scene.attempt.state, scene.attempt.result = CallState.ENDED, CallResult.TALKED
    scene.attempt.ended_at = NOON
    db.session.commit()
    with ThreadPoolExecutor(1) as threads:
        with transaction():
            db.session.scalar(select(CallAttempt).where(CallAttempt.id == scene.attempt_id).with_for_update())
            saving = begin_behind(app, threads, lambda: finish(scene, outcome))
            assert settle(scene.attempt_id)
        assert saving.result(WAIT_S) == outcome.code

    lead = db.session.get_one(CallAttempt, scene.attempt_id).lead
    assert (lead.attempts, lead.dial_state, lead.last_result) == (1, "done", outcome.code)


def test_a_sale_that_was_cancelled_is_not_shown_as_saved_but_refused_until_the_agent_knows(scene: DeskScene):
    finish(scene, SOLD)
    with transaction():
        cancelled = outcomes.sale_of(scene.attempt)
        cancel_sale(cancelled, "wrong price")

    with pytest.raises(SaleCancelledError):
        finish(scene, SOLD)
    assert outcomes.sale_of(scene.attempt) is None
    assert outcomes.cancelled_sale_of(scene.attempt).id == cancelled.id


def test_a_cancelled_sale_is_sold_again_and_earns_once(scene: DeskScene):
    finish(scene, SOLD)
    with transaction():
        cancelled = outcomes.sale_of(scene.attempt)
        cancel_sale(cancelled, "wrong price")
    again = Outcome(DispositionCode.SALE, price=Money(9900, "USD"), cancelled_sale_id=cancelled.id)

    finish(scene, again)
    finish(scene, again)

    assert outcomes.sale_of(scene.attempt).amount_minor == 9900
    assert [line.amount_minor for line in db.session.scalars(select(LedgerLine).order_by(LedgerLine.id))] == [
        500, -500, 500,
    ]  # fmt: skip
    day = db.session.scalars(select(DailyResult)).one()
    assert (day.sales, day.amount_minor) == (1, 9900)


def test_after_a_cancelled_sale_another_outcome_is_taken(scene: DeskScene):
    finish(scene, SOLD)
    with transaction():
        cancel_sale(outcomes.sale_of(scene.attempt), "misheard")

    assert finish(scene, NOT_SOLD) == "not_interested"


def test_two_supervisors_who_cancel_at_once_cancel_once(app: Flask, scene: DeskScene):
    finish(scene, SOLD)
    sale_id = outcomes.sale_of(scene.attempt).id
    db.session.commit()

    def cancel() -> None:
        with transaction():
            cancel_sale(db.session.get_one(Sale, sale_id), "the other was faster")

    with ThreadPoolExecutor(1) as threads:
        with transaction():
            cancel_sale(db.session.get_one(Sale, sale_id), "misheard")
            other = begin_behind(app, threads, cancel)
        other.result(WAIT_S)

    assert sum(line.amount_minor for line in db.session.scalars(select(LedgerLine))) == 0
    assert db.session.scalars(select(DailyResult)).one().sales == 0


def test_a_floor_that_is_away_takes_no_sale_back_and_hears_of_it_when_it_is_pressed_again(
    app: Flask, scene: DeskScene, monkeypatch: pytest.MonkeyPatch
):
    with monkeypatch.context() as away:
        away.setitem(app.extensions, "redis", redis.Redis(host="127.0.0.1", port=1))
        with pytest.raises(redis.ConnectionError):
            finish(scene, SOLD)
    assert outcomes.sale_of(scene.attempt).amount_minor == 4900

    assert finish(scene, SOLD) == "sale"

    stream = redis_client().xrange(f"ts:{{c{scene.campaign_id}}}:events")
    assert [fields["kind"] for _id, fields in stream][-1:] == ["agent.wrapped_up"]
    assert len(db.session.scalars(select(Sale)).all()) == 1


def test_what_is_rolled_back_is_not_told_with_the_next_outcome(scene: DeskScene):
    outcomes.finish_call(scene.agent, scene.attempt, SOLD)
    db.session.rollback()
    with transaction():
        assert db.session.scalars(select(Sale)).all() == []

    stream = redis_client().xrange(f"ts:{{c{scene.campaign_id}}}:events")
    assert "agent.wrapped_up" not in [fields["kind"] for _id, fields in stream]
