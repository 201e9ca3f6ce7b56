"""Which campaigns may lend what they learned."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from telesales.dialing.ports import DatabaseCampaigns
from telesales.tenancy.scope import every_client
from tests.factories_agents import make_client
from tests.factories_dialing import make_dialing_campaign
from tests.factories_scripting import make_published_script

MONDAY, TUESDAY = (datetime(2026, 11, day, 12, tzinfo=UTC) for day in (16, 17))


@pytest.fixture
def ports(app) -> Iterator[DatabaseCampaigns]:
    with every_client():
        yield DatabaseCampaigns(app)


def test_same_client_and_script_come_first_then_the_client_then_the_centre(ports):
    client, script = make_client(is_demo=True), make_published_script()
    mine = make_dialing_campaign(leads=0, client=client, script=script)
    strange = make_dialing_campaign(leads=0, started_at=TUESDAY)
    of_client = make_dialing_campaign(leads=0, client=client, started_at=TUESDAY)
    older = make_dialing_campaign(leads=0, client=client, script=script, started_at=MONDAY)
    twin = make_dialing_campaign(leads=0, client=client, script=script, started_at=TUESDAY)
    make_dialing_campaign(leads=0, client=client, script=script)  # never started
    expected = [twin.id, older.id, of_client.id, strange.id]

    assert list(ports.list_similar(mine.id)) == expected


def test_the_engine_is_told_of_the_calls_per_second(ports):
    capped = make_dialing_campaign(leads=0, calls_per_second=7)

    assert ports.settings(capped.id).calls_per_second == 7


def test_a_campaign_that_nobody_knows_is_like_none(ports):
    assert list(ports.list_similar(99)) == []


def test_another_speed_or_other_people_are_another_world_another_seed_is_not(ports):
    profiles = ({}, {"seed": 5}, {"speed": 20.0}, {"human": 0.5})
    campaigns = [make_dialing_campaign(leads=0, carrier_profile=profile).id for profile in profiles]

    worlds = [ports.settings(campaign).world for campaign in campaigns]

    assert worlds[0] == worlds[1]
    assert len(set(worlds)) == 3
