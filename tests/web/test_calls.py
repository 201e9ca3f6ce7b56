"""The page of sales."""

from flask.testing import FlaskClient
from sqlalchemy import select

from telesales.access.roles import Role
from telesales.agents.models import User
from telesales.calls.models import SaleCancellation
from telesales.extensions import db, transaction
from telesales.tenancy.scope import every_client
from tests.actors import as_role, as_user
from tests.factories_calls import make_attempt, make_calling_agent, make_recorded_sale


def make_sale(product: str = "Fibre 500") -> tuple[int, int]:
    """Return ids of a sale and its agent."""
    with transaction(), every_client():
        agent = make_calling_agent()
        sale = make_recorded_sale(make_attempt(agent), product=product)
        return sale.id, agent.id


def test_leaders_see_every_sale_with_its_amount(client: FlaskClient) -> None:
    make_sale("Fibre 500")
    make_sale("Fibre 1000")

    page = as_role(client, Role.SUPERVISOR).get("/sales").text

    assert "Fibre 500" in page
    assert "Fibre 1000" in page
    assert "$49.00" in page


def test_agents_see_their_own_sales_only_and_cannot_cancel(client: FlaskClient) -> None:
    sale_id, _ = make_sale("Somebody else's")

    agent = as_role(client, Role.AGENT)

    assert "Somebody else" not in agent.get("/sales").text
    assert agent.post(f"/sales/{sale_id}/cancel", reason="mine").status_code == 403


def test_an_agent_finds_an_own_sale(client: FlaskClient) -> None:
    _, agent_id = make_sale("Fibre 500")
    agent = db.session.get(User, agent_id)

    assert "Fibre 500" in as_user(client, agent).get("/sales").text


def test_a_leader_cancels_a_sale_with_its_reason(client: FlaskClient) -> None:
    sale_id, _ = make_sale()

    leader = as_role(client, Role.MANAGER)
    answer = leader.post(f"/sales/{sale_id}/cancel", reason="the callee changed their mind")

    assert answer.status_code == 303
    assert "the callee changed their mind" in leader.get("/sales").text


def test_without_a_reason_nothing_is_cancelled_and_the_field_says_so(client: FlaskClient) -> None:
    sale_id, _ = make_sale()

    answer = as_role(client, Role.MANAGER).post(f"/sales/{sale_id}/cancel", reason=" ")

    assert answer.status_code == 422
    assert "Say why" in answer.text
    with every_client():
        assert db.session.scalars(select(SaleCancellation)).all() == []


def test_an_unknown_sale_is_not_found(client: FlaskClient) -> None:
    assert as_role(client, Role.MANAGER).post("/sales/99/cancel", reason="x").status_code == 404


def test_the_list_can_be_narrowed_to_days(client: FlaskClient) -> None:
    make_sale("Fibre 500")

    page = as_role(client, Role.MANAGER).get("/sales?from=2030-01-01").text

    assert "Fibre 500" not in page
    assert "No sale yet" in page
