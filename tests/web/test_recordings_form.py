"""The campaign form's part on recording."""

import re

import pytest
from flask import Flask

from telesales.access.roles import Role
from tests.actors import as_role
from tests.factories_recordings import recording_keys
from tests.web.test_campaigns import filled, made, stored

TOLD = "This call is recorded."


@pytest.fixture
def manager(client):
    return as_role(client, Role.MANAGER)


def test_what_is_chosen_is_kept_and_shown_again(app: Flask, manager):
    campaign_id = made()
    chosen = {
        "recording_policy": "share",
        "recording_share": "25",
        "recording_announce": "needed",
        "recording_announcement": TOLD,
        "recording_days": "30",
        "recording_heard_by_agents": "yes",
    }

    with recording_keys(app):
        answer = manager.post(f"/campaigns/{campaign_id}/edit", **filled(campaign_id, **chosen))
        page = manager.get(f"/campaigns/{campaign_id}/edit").text

    campaign = stored(campaign_id)
    assert answer.status_code == 303
    assert (campaign.recording_policy, campaign.recording_share, campaign.recording_days) == ("share", 25, 30)
    assert (campaign.recording_announce, campaign.recording_announcement) == ("needed", TOLD)
    assert campaign.recording_heard_by_agents is True
    assert re.search(r'name="recording_policy" value="share" checked', page)
    assert "RECORDING_KEYS" not in page


def test_without_a_key_the_page_says_what_to_do_and_loses_nothing(manager):
    campaign_id = made()

    answer = manager.post(
        f"/campaigns/{campaign_id}/edit",
        **filled(campaign_id, recording_policy="always", recording_announcement=TOLD),
    )

    assert answer.status_code == 422
    assert answer.text.count("RECORDING_KEYS") >= 2
    assert TOLD in answer.text
    assert re.search(r'name="recording_policy" value="always" checked', answer.text)
    assert stored(campaign_id).recording_policy == "never"


@pytest.mark.parametrize(
    ("field", "typed"), [("recording_share", "many"), ("recording_days", ""), ("recording_days", "9999")]
)
def test_numbers_that_cannot_be_read_are_told_at_their_field(manager, field: str, typed: str):
    campaign_id = made()

    answer = manager.post(f"/campaigns/{campaign_id}/edit", **filled(campaign_id, **{field: typed}))

    assert answer.status_code == 422
    assert f'id="f-{field}-error"' in answer.text


def test_two_people_editing_see_each_others_choice_in_words(app: Flask, manager):
    campaign_id = made()
    first, second = filled(campaign_id), filled(campaign_id)

    with recording_keys(app):
        manager.post(
            f"/campaigns/{campaign_id}/edit",
            **(first | {"recording_policy": "always", "recording_announcement": TOLD}),
        )
        answer = manager.post(f"/campaigns/{campaign_id}/edit", **(second | {"purpose": "Another"}))

    assert answer.status_code == 409
    assert "Which calls are recorded" in answer.text
    assert "Always" in answer.text
