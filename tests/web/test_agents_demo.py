from dataclasses import replace

import pytest

from telesales.access.roles import Role
from tests.actors import as_role
from tests.factories_agents import make_user


@pytest.fixture
def demo(app, monkeypatch):
    monkeypatch.setitem(app.config, "TELESALES", replace(app.config["TELESALES"], demo=True))


def test_demo_visitor_becomes_the_demos_agent(demo, client):
    make_user(role=Role.AGENT, is_demo=True, is_simulated=True, name="Simulated")
    make_user(role=Role.AGENT, is_demo=True, name="Demo Agent")
    visitor = as_role(client, Role.MANAGER, is_demo=True)
    assert "Demo: be the Agent" in visitor.get("/account").text

    response = visitor.post("/demo/be/agent")

    assert response.status_code == 303
    assert "Demo Agent" in client.get("/account").text


@pytest.mark.parametrize("role", ["administrator", "screen", "nobody"])
def test_demo_has_no_door_to_power(demo, client, role):
    make_user(role=Role.ADMINISTRATOR, is_demo=True)
    visitor = as_role(client, Role.MANAGER, is_demo=True)

    assert visitor.post(f"/demo/be/{role}").status_code == 403


def test_real_person_has_no_demo_doors(demo, client):
    make_user(role=Role.AGENT, is_demo=True)
    manager = as_role(client, Role.MANAGER)

    assert "Demo: be" not in manager.get("/account").text
    assert manager.post("/demo/be/agent").status_code == 403


def test_real_installation_has_no_demo_doors(client):
    make_user(role=Role.AGENT, is_demo=True)

    assert as_role(client, Role.MANAGER, is_demo=True).post("/demo/be/agent").status_code == 403
