"""Choosing who carries the calls of a campaign."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from telesales import clock
from telesales.access.roles import Role
from tests.actors import Actor, as_role
from tests.factories_telephony import TELEPHONY_FILE
from tests.web.test_campaigns import filled, made, stored


@pytest.fixture
def with_asterisk(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = replace(app.config["TELESALES"], telephony_file="telephony.toml")
    monkeypatch.setitem(app.config, "TELESALES", settings)


@pytest.fixture
def manager(client) -> Actor:
    return as_role(client, Role.MANAGER)


def save(manager: Actor, campaign_id: int, **changes):
    return manager.post(f"/campaigns/{campaign_id}/edit", **filled(campaign_id, **changes))


def test_without_a_telephone_there_is_nothing_to_choose(manager):
    campaign_id = made()

    assert 'name="carrier"' not in manager.get(f"/campaigns/{campaign_id}/edit").text
    assert save(manager, campaign_id, carrier="asterisk").status_code == 422
    assert stored(campaign_id).carrier == "simulated"


def test_a_carrier_that_is_set_up_can_be_chosen(manager, with_asterisk):
    campaign_id = made()

    assert 'value="asterisk"' in manager.get(f"/campaigns/{campaign_id}/edit").text
    assert save(manager, campaign_id, carrier="asterisk").status_code == 303
    assert stored(campaign_id).carrier == "asterisk"


def test_a_form_that_does_not_ask_keeps_the_carrier(manager):
    campaign_id = made(carrier="asterisk")

    assert save(manager, campaign_id, name="Autumn").status_code == 303
    assert stored(campaign_id).carrier == "asterisk"


def test_nonsense_is_refused(manager, with_asterisk):
    campaign_id = made()

    answer = save(manager, campaign_id, carrier="pigeons", name="Autumn")

    assert answer.status_code == 422
    assert "Choose a carrier that is set up." in answer.text
    assert "Autumn" in answer.text


def test_the_carrier_stays_once_the_campaign_was_started(manager, with_asterisk):
    campaign_id = made(started_at=clock.now())

    assert 'name="carrier"' not in manager.get(f"/campaigns/{campaign_id}/edit").text
    answer = save(manager, campaign_id, carrier="asterisk")

    assert answer.status_code == 422
    assert "The carrier stays as it was" in answer.text
    assert stored(campaign_id).carrier == "simulated"


def test_a_demo_calls_nobody_who_exists(manager, with_asterisk):
    assert 'name="carrier"' not in manager.get(f"/campaigns/{made(is_demo=True)}/edit").text


def test_machines_are_detected_only_when_somebody_wants_it(manager, with_asterisk):
    campaign_id = made(carrier="asterisk", carrier_profile={"opt_out_key": "7"})
    page = manager.get(f"/campaigns/{campaign_id}/edit").text
    assert 'name="detection"' in page

    answer = save(manager, campaign_id, detection="on")
    assert answer.status_code == 303, answer.text
    assert stored(campaign_id).carrier_profile == {"opt_out_key": "7", "detection": True}

    save(manager, campaign_id, name="Autumn")  # a form that does not ask
    assert stored(campaign_id).carrier_profile["detection"] is True

    save(manager, campaign_id, detection="off")
    assert stored(campaign_id).carrier_profile == {"opt_out_key": "7"}


def test_nonsense_about_machines_is_refused(manager, with_asterisk):
    campaign_id = made(carrier="asterisk")

    answer = save(manager, campaign_id, detection="perhaps")

    assert answer.status_code == 422
    assert "Choose whether machines are detected." in answer.text


def test_without_a_telephone_nothing_is_asked_about_machines(manager):
    assert 'name="detection"' not in manager.get(f"/campaigns/{made()}/edit").text


@pytest.fixture
def sounds(app: Flask, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    (tmp_path / "telephony.toml").write_text(f'sounds_folder = "{tmp_path}"\n{TELEPHONY_FILE}')
    settings = replace(app.config["TELESALES"], telephony_file=str(tmp_path / "telephony.toml"))
    monkeypatch.setitem(app.config, "TELESALES", settings)
    return tmp_path


def test_a_message_is_left_on_machines_only_when_somebody_wants_it_and_it_is_there(manager, sounds):
    campaign_id = made(carrier="asterisk")
    refused = save(manager, campaign_id, detection="message", name="Autumn")
    assert refused.status_code == 422
    assert "There is no message to leave" in refused.text
    assert "Autumn" in refused.text

    (sounds / f"campaign-{campaign_id}-voicemail.wav").touch()
    answer = save(manager, campaign_id, detection="message")
    assert answer.status_code == 303, answer.text
    assert stored(campaign_id).carrier_profile == {"detection": True, "voicemail": True}
    assert re.search(r'value="message"[^>]* checked', manager.get(f"/campaigns/{campaign_id}/edit").text)

    save(manager, campaign_id, detection="on")
    assert stored(campaign_id).carrier_profile == {"detection": True}
