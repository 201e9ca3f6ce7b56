"""What the doctor says about messages: the general one, campaigns without any, nodes that lack what was uploaded."""

from dataclasses import replace
from pathlib import Path

import pytest

from dialer.carriers.asterisk import keys, message_book
from dialer.carriers.asterisk.settings_file import parse_telephony
from telesales.campaigns.states import CampaignState
from telesales.extensions import transaction
from telesales.telephony.doctor.findings import Verdict
from telesales.telephony.doctor.messages import examine_messages, list_dialed
from tests.factories_campaigns import make_campaign
from tests.factories_telephony import TELEPHONY_FILE

SILENCE = (7, "Autumn", "We are sorry.")


@pytest.fixture
def examine(redis_server, tmp_path: Path):
    def look(*campaigns):
        telephony = replace(parse_telephony(TELEPHONY_FILE), sounds_folder=str(tmp_path))
        found = list(examine_messages(telephony, redis_server, campaigns))
        return [(finding.subject, finding.verdict) for finding in found]

    return look


def test_nothing_recorded_is_a_fault_and_names_every_campaign_that_would_be_silent(examine):
    assert examine(SILENCE) == [("messages", Verdict.BAD), ("campaign Autumn", Verdict.BAD)]


def test_a_general_message_serves_every_campaign(examine, redis_server):
    redis_server.hset(message_book.INDEX, "abandoned", "a" * 64)

    assert examine(SILENCE) == [("messages", Verdict.GOOD)]


@pytest.mark.parametrize("uploaded", [True, False])
def test_a_message_of_its_own_serves_a_campaign(examine, redis_server, tmp_path, uploaded):
    name = "campaign-7-abandoned"
    if uploaded:
        redis_server.hset(message_book.INDEX, name, "a" * 64)
    else:
        (tmp_path / f"{name}.wav").touch()

    assert examine(SILENCE) == [("messages", Verdict.BAD)]


def test_a_node_that_runs_and_lacks_a_message_is_a_doubt(examine, redis_server):
    redis_server.hset(message_book.INDEX, "abandoned", "a" * 64)
    redis_server.set(keys.node_up("one"), "1")
    assert ("node one", Verdict.DOUBT) in examine()

    redis_server.hset(message_book.node_messages("one"), "abandoned", "a" * 64)
    assert examine() == [("messages", Verdict.GOOD)]


def test_only_campaigns_that_place_real_calls_by_themselves_are_looked_at(app):
    with transaction():
        wanted = make_campaign(carrier="asterisk", state=CampaignState.RUNNING)
        make_campaign(carrier="asterisk", state=CampaignState.FINISHED)
        make_campaign(carrier="asterisk", mode="manual")
        make_campaign(carrier="simulated")
        expected = [(wanted.id, wanted.name, wanted.abandoned_message)]

    assert list(list_dialed()) == expected
