"""Saving what a call came to, from the desk."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from telesales import clock
from telesales.calls.models import Callback, CallDisposition, Sale
from telesales.calls.service.sales import cancel_sale
from telesales.compliance.models import DoNotCallEntry
from telesales.extensions import db, redis_client, transaction
from telesales.tenancy.scope import every_client
from tests.actors import Actor, as_user
from tests.factories_desk import DeskScene, make_desk_call

FINISHED = "agent.wrapped_up"


@pytest.fixture(autouse=True)
def friday_noon() -> Iterator[None]:
    """In New York, where the lead is."""
    with clock.freeze(datetime(2026, 11, 20, 17, tzinfo=UTC)):
        yield


@pytest.fixture
def scene(app) -> DeskScene:
    with transaction():
        return make_desk_call(state="wrap_up")


@pytest.fixture
def agent(client: FlaskClient, scene: DeskScene) -> Actor:
    return as_user(client, scene.agent)


def move(agent: Actor, scene: DeskScene, *choices: str) -> None:
    for revision, choice in enumerate(choices):
        agent.post(f"/desk/call/{scene.attempt_id}/answer", choice=choice, revision=revision)


def finish(agent: Actor, scene: DeskScene, **form: str):
    return agent.post(f"/desk/call/{scene.attempt_id}/finish", **form)


def ready_to_sell(agent: Actor, scene: DeskScene) -> str:
    """Say and write everything; return the product's id."""
    move(agent, scene, "go_on", "agrees")
    agent.post(f"/desk/call/{scene.attempt_id}/field", field="people", value="4")
    with every_client():
        return str(db.session.scalar(text_of_products(scene.campaign_id)))


def text_of_products(campaign_id: int) -> Any:
    from_products = db.metadata.tables["products"]
    return select(from_products.c.id).where(from_products.c.campaign_id == campaign_id)


def kinds(scene: DeskScene) -> list[str]:
    return [fields["kind"] for _id, fields in redis_client().xrange(f"ts:{{c{scene.campaign_id}}}:events")]


def rows(model: type) -> int:
    with every_client():
        return db.session.scalar(select(func.count()).select_from(model)) or 0


def first(model: type, read: Callable[[Any], Any]) -> Any:
    with every_client():
        return read(db.session.scalars(select(model)).one())


def test_one_key_and_a_note_end_a_call_and_free_the_agent(agent: Actor, scene: DeskScene) -> None:
    answer = finish(agent, scene, code="not_interested", note="moves abroad")

    assert answer.status_code == 200
    assert "Not interested" in answer.text
    assert first(CallDisposition, lambda row: (row.code, row.note)) == ("not_interested", "moves abroad")
    assert kinds(scene)[-1] == FINISHED


def test_a_sale_keeps_product_amount_and_currency(agent: Actor, scene: DeskScene) -> None:
    product = ready_to_sell(agent, scene)

    answer = finish(agent, scene, code="sale", product=product, amount="1,049.50")

    assert answer.status_code == 200
    assert first(Sale, lambda sale: (sale.product_id, sale.amount_minor, sale.currency)) == (
        int(product), 104950, "USD",
    )  # fmt: skip


def test_a_sale_pressed_twice_is_saved_once(agent: Actor, scene: DeskScene) -> None:
    product = ready_to_sell(agent, scene)

    finish(agent, scene, code="sale", product=product, amount="49.00")
    again = finish(agent, scene, code="sale", product=product, amount="49.00")

    assert again.status_code == 200
    assert (rows(Sale), rows(CallDisposition)) == (1, 1)


def test_a_sale_is_refused_while_something_has_not_been_said(agent: Actor, scene: DeskScene) -> None:
    answer = finish(agent, scene, code="sale", product="1", amount="49.00", note="keep me")

    assert answer.status_code == 422
    assert "“Recording” has to be said." in answer.text
    assert 'data-step="recording"' in answer.text
    assert "keep me" in answer.text
    assert rows(Sale) == 0
    assert FINISHED not in kinds(scene)


def test_a_missing_step_can_be_said_afterwards_and_the_sale_is_saved(agent: Actor, scene: DeskScene) -> None:
    product = ready_to_sell(agent, scene)
    with every_client(), transaction():
        other = make_desk_call(state="wrap_up")
    second = as_user(agent.client, other.agent)
    second.post(f"/desk/call/{other.attempt_id}/visit", step="recording", revision=0)
    second.post(f"/desk/call/{other.attempt_id}/answer", choice="agrees", revision=1)
    with every_client():
        product = str(db.session.scalar(text_of_products(other.campaign_id)))

    assert finish(second, other, code="sale", product=product, amount="49").status_code == 200


def test_a_required_field_of_the_way_is_asked_for(agent: Actor, scene: DeskScene) -> None:
    move(agent, scene, "go_on", "agrees")

    answer = finish(agent, scene, code="sale", product="1", amount="49.00")

    assert "“People” has to be filled in." in answer.text


@pytest.mark.parametrize(
    ("amount", "sentence"),
    [
        ("much", "This is not an amount."),
        ("49.0055", "no smaller unit"),
        ("-4", "cannot be negative"),
        ("", "This is not an amount."),
    ],
)
def test_an_amount_that_cannot_be_read_says_why_and_is_kept(
    agent: Actor, scene: DeskScene, amount: str, sentence: str
) -> None:
    product = ready_to_sell(agent, scene)

    answer = finish(agent, scene, code="sale", product=product, amount=amount, note="keep me")

    assert answer.status_code == 422
    assert sentence in answer.text
    assert 'value="keep me"' in answer.text
    assert rows(Sale) == 0


def test_a_sale_without_a_product_asks_for_it(agent: Actor, scene: DeskScene) -> None:
    ready_to_sell(agent, scene)

    assert "Choose what was sold." in finish(agent, scene, code="sale", amount="49").text


def test_a_product_of_another_campaign_is_not_sold(agent: Actor, scene: DeskScene) -> None:
    ready_to_sell(agent, scene)

    assert finish(agent, scene, code="sale", product="9999", amount="49").status_code == 404


def test_after_a_sale_no_other_outcome_is_taken(agent: Actor, scene: DeskScene) -> None:
    product = ready_to_sell(agent, scene)
    finish(agent, scene, code="sale", product=product, amount="49")

    answer = finish(agent, scene, code="not_interested")

    assert answer.status_code == 422
    assert "A supervisor can cancel it" in answer.text


def test_a_cancelled_sale_is_said_and_can_be_sold_again(agent: Actor, scene: DeskScene) -> None:
    product = ready_to_sell(agent, scene)
    finish(agent, scene, code="sale", product=product, amount="49")
    with every_client(), transaction():
        sale = db.session.scalars(select(Sale)).one()
        cancel_sale(sale, "wrong amount")
        cancelled = str(sale.id)

    stale = finish(agent, scene, code="sale", product=product, amount="49")
    known = finish(agent, scene, code="sale", product=product, amount="99", cancelled_sale=cancelled)

    assert (stale.status_code, "was cancelled. Save it once more" in stale.text) == (422, True)
    assert f'name="cancelled_sale" value="{cancelled}"' in stale.text
    assert (known.status_code, rows(Sale)) == (200, 2)


def test_a_sale_that_was_cancelled_is_not_shown_as_one(agent: Actor, scene: DeskScene) -> None:
    product = ready_to_sell(agent, scene)
    finish(agent, scene, code="sale", product=product, amount="49")
    with every_client(), transaction():
        cancel_sale(db.session.scalars(select(Sale)).one(), "wrong amount")

    panel = agent.get(f"/desk/call/{scene.attempt_id}/outcome").text

    assert "The sale was cancelled: " in panel
    assert "data-change-outcome" in panel


@pytest.mark.parametrize("product", ["²", "9" * 25])
def test_a_product_that_no_row_can_be_is_asked_for_again(
    agent: Actor, scene: DeskScene, product: str
) -> None:
    ready_to_sell(agent, scene)

    answer = finish(agent, scene, code="sale", product=product, amount="49")

    assert (answer.status_code, "Choose what was sold." in answer.text) == (422, True)


def test_a_call_back_is_agreed_in_the_leads_time(agent: Actor, scene: DeskScene) -> None:
    answer = finish(agent, scene, code="callback", day="2026-11-30", time="10:00", note="ask for Ann")

    assert answer.status_code == 200
    at, zone, owner = first(Callback, lambda row: (row.scheduled_for, row.time_zone, row.agent_id))
    assert at.isoformat() == "2026-11-30T15:00:00+00:00"
    assert (zone, owner) == ("America/New_York", scene.agent_id)


def test_an_illegal_hour_is_told_at_the_field_and_nothing_typed_is_lost(
    agent: Actor, scene: DeskScene
) -> None:
    answer = finish(
        agent, scene, code="callback", day="2026-11-30", time="23:00", note="late, please", anyone="1"
    )

    assert answer.status_code == 422
    assert "Nobody may be called there at that time" in answer.text
    for kept in (
        'value="2026-11-30"',
        'value="23:00"',
        'value="late, please"',
        'name="anyone" value="1" checked',
    ):
        assert kept in answer.text
    assert rows(Callback) == 0


def test_a_call_back_without_a_time_is_refused(agent: Actor, scene: DeskScene) -> None:
    assert "Choose a day and a time." in finish(agent, scene, code="callback", day="", time="").text


def test_a_lead_without_a_zone_cannot_be_promised_anything(client: FlaskClient, app) -> None:
    with transaction():
        scene = make_desk_call(lead={"zone_key": ""})

    answer = finish(as_user(client, scene.agent), scene, code="callback", day="2026-11-30", time="10:00")

    assert "The time zone of this lead is not known" in answer.text


def test_do_not_call_reaches_the_list_at_once(agent: Actor, scene: DeskScene) -> None:
    finish(agent, scene, code="do_not_call")

    assert rows(DoNotCallEntry) == 1


def test_an_unknown_outcome_is_refused(agent: Actor, scene: DeskScene) -> None:
    assert "Choose an outcome." in finish(agent, scene, code="maybe").text


def test_the_outcome_can_be_changed_while_the_call_is_open(agent: Actor, scene: DeskScene) -> None:
    finish(agent, scene, code="not_interested")
    finish(agent, scene, code="wrong_person")

    assert rows(CallDisposition) == 2
    assert "Wrong person" in agent.get("/desk").text


def test_an_outcome_for_somebody_elses_call_is_refused(client: FlaskClient, scene: DeskScene) -> None:
    with transaction():
        other = make_desk_call()

    answer = finish(as_user(client, other.agent), scene, code="not_interested")

    assert answer.status_code == 403
    assert rows(CallDisposition) == 0
