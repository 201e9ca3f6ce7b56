"""The operator's page of nodes, trunks and numbers."""

import json
from dataclasses import asdict, replace

import pytest

from dialer import live
from dialer.carriers.asterisk import keys
from dialer.carriers.asterisk.caller_ids import counts_key
from dialer.spool_news import LOST_KEY, LostRecording, tell_spool
from telesales import clock
from telesales.access.roles import Role
from tests.actors import as_role
from tests.factories_telephony import TELEPHONY_FILE, make_node_with_calls

NUMBER = "+12025550100"


@pytest.fixture
def write_file(app, tmp_path, monkeypatch):
    def write(text: str = TELEPHONY_FILE) -> None:
        path = tmp_path / "telephony.toml"
        path.write_text(text)
        monkeypatch.setitem(
            app.config, "TELESALES", replace(app.config["TELESALES"], telephony_file=str(path))
        )

    return write


@pytest.fixture
def floor(redis_server, write_file):
    """A node that is up with two calls, one of them talking, and one telephone."""
    write_file(TELEPHONY_FILE.replace("max_channels = 30", "max_channels = 30\ncaller_id_daily_calls = 5"))
    make_node_with_calls(redis_server)
    return redis_server


def page_of(client, role: Role = Role.ADMINISTRATOR):
    return as_role(client, role).get("/telephones/")


def part(page, name: str) -> str:
    """The text of one part that is looked at again."""
    return page.text.split(f'data-refresh="{name}">')[1].split("</td>")[0].strip()


@pytest.mark.parametrize("role", [Role.MANAGER, Role.SUPERVISOR, Role.AGENT, Role.CLIENT])
def test_only_administrators_see_it(client, role):
    assert page_of(client, role).status_code == 403


def test_the_settings_lead_administrators_there(client):
    assert "/telephones/" in as_role(client, Role.ADMINISTRATOR).get("/settings").text
    assert "/telephones/" not in as_role(client, Role.MANAGER).get("/settings").text


def test_without_a_telephone_it_says_how_to_get_one(client):
    page = page_of(client)

    assert page.status_code == 200
    assert "calls are simulated" in page.text
    assert "TELEPHONY_FILE" in page.text


def test_a_file_with_mistakes_is_told_line_by_line(client, write_file):
    write_file(TELEPHONY_FILE.replace("max_channels = 30", "max_channels = 0"))

    page = page_of(client)

    assert page.status_code == 200
    assert "trunks[1].max_channels" in page.text


def test_it_counts_calls_by_what_happens_to_them(client, floor):
    page = page_of(client)

    assert part(page, "node-one-calls") == "2 of 200"
    assert (part(page, "node-one-ringing"), part(page, "node-one-talking")) == ("1", "1")
    assert part(page, "trunk-main-calls") == "2 of 30"
    assert part(page, "trunk-main-rate") == "1 of 5"
    assert part(page, "node-one-agents") == "1"
    assert "Connected" in part(page, "node-one-state")
    assert "Ready" in part(page, "trunk-main-state")
    assert part(page, "number-main-1-calls") == "3 of 5"


def test_a_node_that_is_away_takes_its_trunks_along(client, floor):
    floor.delete(keys.node_up("one"), live.alive_key("carrier", "asterisk"))

    page = page_of(client)

    assert "Away" in part(page, "node-one-state")
    assert "Node away" in part(page, "trunk-main-state")
    assert "No gateway is connected" in page.text


def test_a_trunk_that_rests_says_after_how_many_failures(client, floor):
    floor.set(keys.trunk_rests("main"), "5 failures")
    floor.set(keys.trunk_failures("main"), 5)

    assert "Rests after 5 failures" in part(page_of(client), "trunk-main-state")


def test_a_carrier_that_does_not_answer_is_told(client, floor):
    floor.set(keys.trunk_silent("main"), "1")

    assert "Carrier does not answer" in part(page_of(client), "trunk-main-state")


def test_a_number_that_rests_is_told_and_its_trunk_too(client, floor):
    floor.hset(counts_key(clock.now().timestamp()), NUMBER, 5)

    page = page_of(client)

    assert "Rests until midnight" in part(page, "number-main-1-state")
    assert "Every number rests" in part(page, "trunk-main-state")


def test_a_full_trunk_is_told(client, floor):
    floor.sadd(keys.trunk_calls("main"), *range(10, 40))

    assert "Full" in part(page_of(client), "trunk-main-state")


def test_no_password_is_on_the_page(client, floor, monkeypatch):
    monkeypatch.setenv("ASTERISK_PASSWORD", "a secret of the tests")

    assert "a secret of the tests" not in page_of(client).text


@pytest.mark.parametrize(
    ("told", "shown"),
    [("registered", "Ready"), ("failed", "Registration failed"), ("unanswered", "Not registered")],
)
def test_a_trunk_shows_how_its_registration_is(client, floor, told, shown):
    floor.set(keys.trunk_registration("main"), told)

    assert shown in part(page_of(client), "trunk-main-state")


def test_recordings_on_their_way_are_counted_by_machine(client, floor):
    now = clock.now().timestamp()
    tell_spool(floor, "/data/spool", waiting=3, oldest_at=now - 1200, aside=0, why="the store is away")
    assert "Files wait" in page_of(client).text

    tell_spool(floor, "/data/spool", waiting=3, oldest_at=now - 1200, aside=2, why="the store is away")
    text = page_of(client).text

    assert "Look at what was set aside" in text
    assert "the store is away" in text
    assert "recordings spool" in text


def test_sides_that_were_not_recorded_are_told(client, floor):
    assert "not recorded" not in page_of(client).text
    lost = LostRecording(clock.now().timestamp(), "one", "rec-1-callee-1", "no space left on device")
    floor.lpush(LOST_KEY, json.dumps(asdict(lost)))

    assert "1 side of a call was not recorded in the last seven days" in page_of(client).text
    assert "no space left on device" in page_of(client).text
