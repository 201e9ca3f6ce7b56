"""Numbers in URLs that no database can hold: the answer is that there is no such thing, not that we broke."""

import pytest

from telesales.access.roles import Role
from telesales.extensions import transaction
from telesales.tenancy.scope import every_client
from tests.actors import as_role
from tests.factories import make_campaign, make_published_script
from tests.factories_agents import make_team
from tests.web.test_campaigns import filled

HUGE = 10**25


@pytest.mark.parametrize(
    "path", ["/campaigns/{}", "/recordings/calls/{}", "/recordings/{}/sound.wav", "/timelines/calls/{}"]
)
def test_no_row_has_such_an_id(client, path):
    assert as_role(client, Role.MANAGER).get(path.format(HUGE)).status_code == 404


@pytest.mark.parametrize("path", ["/recordings?page={}", "/audit/?page={}", "/do-not-call?page={}"])
def test_behind_the_last_page_there_is_nothing(client, path):
    assert as_role(client, Role.ADMINISTRATOR).get(path.format(HUGE)).status_code == 200


@pytest.mark.parametrize("name", ["campaign", "agent"])
def test_no_recording_is_of_such_a_campaign_or_agent(client, name):
    assert as_role(client, Role.MANAGER).get(f"/recordings?{name}={HUGE}").status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/sales?agent={}",
        "/commissions?agent={}",
        "/commissions.csv?campaign={}",
        "/sales?campaign={}",
        "/standings?campaign={}",
        "/standings?team={}",
        "/standings/awards/2026-11-20?campaign={}",
    ],
)
@pytest.mark.parametrize("number", [HUGE, -HUGE])
def test_an_id_that_no_row_can_have_chooses_nothing(client, path, number):
    assert as_role(client, Role.MANAGER).get(path.format(number)).status_code == 200


def test_a_what_if_like_no_other_is_a_fresh_one(client):
    with every_client(), transaction():
        campaign_id = make_campaign().id

    page = as_role(client, Role.MANAGER).get(f"/campaigns/{campaign_id}/what-if/new?like={HUGE}")

    assert page.status_code == 200


def test_a_script_has_no_version_of_such_an_id(client):
    with every_client(), transaction():
        script_id = make_published_script().id

    assert as_role(client, Role.MANAGER).get(f"/scripts/{script_id}?version={HUGE}").status_code == 200


def test_nobody_signs_on_to_a_campaign_of_such_an_id(client):
    assert as_role(client, Role.AGENT).post("/desk/sign-on", campaign=str(HUGE)).status_code == 404


@pytest.mark.parametrize("field", ["list_ids", "agent_ids", "team_ids"])
def test_a_campaign_is_kept_without_what_no_row_can_be(client, field):
    with every_client(), transaction():
        campaign_id = make_campaign().id

    typed = filled(campaign_id, **{field: [str(HUGE)]})
    answer = as_role(client, Role.MANAGER).post(f"/campaigns/{campaign_id}/edit", **typed)

    assert answer.status_code == 303


def test_nobody_of_such_an_id_joins_a_team(client):
    with transaction():
        team_id = make_team().id

    answer = as_role(client, Role.MANAGER).post(f"/teams/{team_id}", name="South", members=[str(HUGE)])

    assert answer.status_code == 303


@pytest.mark.parametrize("digits", ["9" * 25, "9" * 5_000])
def test_no_client_of_such_an_id_has_a_do_not_call_entry(client, digits):
    typed = {"number": "2025550123", "scope": "client", "client_id": digits, "source": "a letter"}

    assert as_role(client, Role.MANAGER).post("/do-not-call/new", **typed).status_code == 422
