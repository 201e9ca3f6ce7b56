"""The permission to hear: what one may see, and nothing else."""

import pytest
from flask import Flask

from telesales.access.roles import Role
from telesales.campaigns.models import Campaign
from telesales.extensions import transaction
from telesales.leads.models import LeadImport
from telesales.push import signing, topics
from telesales.tenancy.scope import every_client
from tests.actors import as_role
from tests.factories_agents import make_client
from tests.rows import make_row


@pytest.fixture
def own_and_other(app: Flask) -> tuple[int, list[str], list[str]]:
    """A client's id; topics of what is theirs, and of what is another's."""
    with transaction(), every_client():
        clients = make_client(), make_client()
        heard = [
            [
                topics.floor(make_row(Campaign, client=client, mark=client.name).id),
                topics.lead_import(make_row(LeadImport, client=client, mark=client.name).id),
            ]
            for client in clients
        ]
        return clients[0].id, *heard


def ask(actor, *wanted: str):
    return actor.post("/push/token", json={"topics": wanted})


@pytest.mark.parametrize("role", [Role.MANAGER, Role.SUPERVISOR])
def test_a_leader_of_one_client_hears_that_clients_floors_and_imports(app: Flask, own_and_other, role: Role):
    client_id, own, other = own_and_other
    leader = as_role(app.test_client(), role, client_id=client_id)

    answer = ask(leader, *own)

    assert signing.topics_of(answer.json["token"], app.config["SECRET_KEY"]) == own
    assert [ask(leader, topic).status_code for topic in other] == [403, 403]
    assert ask(leader, *own, other[0]).status_code == 403


def test_a_leader_of_the_centre_hears_every_floor_that_is_there(app: Flask, own_and_other):
    _, own, other = own_and_other
    leader = as_role(app.test_client(), Role.SUPERVISOR)

    assert ask(leader, *own, *other).status_code == 200
    assert ask(leader, topics.floor(999_999)).status_code == 403
    assert ask(leader, topics.lead_import(999_999)).status_code == 403


def test_an_agent_hears_no_floor(app: Flask, own_and_other):
    client_id, own, _ = own_and_other

    assert ask(as_role(app.test_client(), Role.AGENT, client_id=client_id), own[0]).status_code == 403


@pytest.mark.parametrize(
    "body", [{}, [], {"topics": 5}, {"topics": "floor:1"}, {"topics": [None, {}]}, "floor:1"]
)
def test_what_names_no_topics_is_refused(app: Flask, body: object):
    assert as_role(app.test_client(), Role.MANAGER).post("/push/token", json=body).status_code == 403
