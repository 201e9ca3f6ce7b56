"""A campaign with real calls may only show a number of its own."""

from dataclasses import replace

import pytest

from telesales.telephony.launch import check_own_number
from telesales.tenancy.scope import every_client
from tests.factories_dialing import make_dialing_campaign
from tests.factories_telephony import TELEPHONY_FILE


@pytest.fixture(autouse=True)
def everything(app):
    with every_client():
        yield


@pytest.fixture
def trunk(app, tmp_path, monkeypatch):
    path = tmp_path / "telephony.toml"
    path.write_text(TELEPHONY_FILE)
    monkeypatch.setitem(app.config, "TELESALES", replace(app.config["TELESALES"], telephony_file=str(path)))


@pytest.mark.parametrize(
    ("number", "passed"), [("+12025550100", True), ("+12025550199", False), (None, False)]
)
def test_the_caller_id_has_to_belong_to_a_trunk(trunk, number, passed):
    check = check_own_number(make_dialing_campaign(carrier="asterisk", caller_id=number))

    assert check.passed is passed
    assert "202-555-0100" in check.text or "(202) 555-0100" in check.text


def test_without_a_trunk_there_is_nothing_to_launch_with(app):
    assert not check_own_number(make_dialing_campaign(carrier="asterisk")).passed


def test_simulated_calls_show_what_they_like(app):
    assert check_own_number(make_dialing_campaign(caller_id="+12025550199")).passed
