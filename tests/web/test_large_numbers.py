"""Numbers in URLs that no database can hold: the answer is that there is no such thing, not that we broke."""

import pytest

from telesales.access.roles import Role
from tests.actors import as_role

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
