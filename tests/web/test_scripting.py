"""Pages of scripts."""

from flask.testing import FlaskClient

from telesales.access.roles import Role
from telesales.extensions import transaction
from telesales.scripting import service
from tests.actors import as_role
from tests.factories_scripting import make_published_script
from tests.unit.scripts.sample import sample_data


def test_the_shelf_lists_published_scripts(client: FlaskClient) -> None:
    with transaction():
        service.load_library()

    page = as_role(client, Role.SUPERVISOR).get("/scripts")

    assert page.status_code == 200
    assert "Fibre upgrade for customers at home" in page.text
    assert "5G融合套餐升级" in page.text


def test_an_empty_shelf_says_what_to_do(client: FlaskClient) -> None:
    assert "scripts load" in as_role(client, Role.MANAGER).get("/scripts").text


def test_a_version_shows_steps_objections_and_checks(client: FlaskClient) -> None:
    with transaction():
        script_id = make_published_script().id

    page = as_role(client, Role.REVIEWER).get(f"/scripts/{script_id}")

    assert "This call is recorded." in page.text
    assert "Too expensive" in page.text
    assert "every answer leads on" in page.text


def test_an_older_version_stays_readable(client: FlaskClient) -> None:
    with transaction():
        script = make_published_script()
        script_id = script.id
        service.publish(script.slug, {**sample_data(), "key": script.slug, "purpose": "Another purpose"})

    actor = as_role(client, Role.MANAGER)

    assert "Another purpose" in actor.get(f"/scripts/{script_id}").text
    assert "Another purpose" not in actor.get(f"/scripts/{script_id}?version=1").text


def test_agents_and_clients_do_not_see_the_shelf(client: FlaskClient) -> None:
    assert as_role(client, Role.AGENT).get("/scripts").status_code == 403
    assert as_role(client, Role.CLIENT).get("/scripts").status_code == 403


def test_an_unknown_script_is_not_found(client: FlaskClient) -> None:
    assert as_role(client, Role.MANAGER).get("/scripts/99").status_code == 404
