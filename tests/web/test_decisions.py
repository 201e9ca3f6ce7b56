"""Pages of decisions: a stretch of time, one decision, one call."""

from datetime import UTC, datetime, timedelta

import pytest

from dialer.core.pacing import Reason
from telesales import clock
from telesales.access.roles import Role
from telesales.calls.models import CallEvent
from telesales.campaigns.models import Campaign
from telesales.extensions import db, transaction
from telesales.tenancy.scope import every_client
from tests.actors import as_role
from tests.factories_calls import make_attempt
from tests.factories_dialing import ESTIMATES, make_decision, make_dialing_campaign

ELEVEN = datetime(2026, 11, 20, 10, 42, 7, tzinfo=UTC)  # 10:42:07 where the reader is


@pytest.fixture
def supervisor(client):
    return as_role(client, Role.SUPERVISOR, time_zone="UTC")


@pytest.fixture
def floor(app) -> int:
    return make_floor()


def make_floor() -> int:
    """A campaign that dials; its number, because each request has a session of its own."""
    with every_client():
        return make_dialing_campaign(leads=0).id


def keep(floor: int, **columns) -> int:
    with every_client():
        return make_decision(db.session.get_one(Campaign, floor), **columns).id


def decided(floor, *, seconds: float = 0, **columns) -> int:
    with transaction():
        return keep(floor, at=ELEVEN + timedelta(seconds=seconds), **columns)


def called(floor, *, seconds: float = 0, **columns) -> int:
    at = ELEVEN + timedelta(seconds=seconds)
    with every_client(), transaction():
        return make_attempt(
            campaign=db.session.get_one(Campaign, floor),
            reserved_at=at + timedelta(seconds=0.1),
            decision={"at": at.timestamp(), "calls": 3, "reason": "lines", "estimates": {}},
            **columns,
        ).id


def around(floor, day: str = "2026-11-20", time: str = "10:42", **more) -> str:
    query = "&".join(f"{name}={value}" for name, value in {"day": day, "time": time, **more}.items())
    return f"/floor/{floor}/decisions?{query}"


def test_why_did_it_dial_so_much_at_that_minute(supervisor, floor):
    decision_id = decided(floor, calls=2)
    called(floor)
    called(floor)

    page = supervisor.get(around(floor)).text

    assert "10:42:07" in page
    assert "Placed 2: 2.1 agents free within 9 s" in page
    assert f"/floor/{floor}/decisions/{decision_id}" in page
    assert "became calls" not in page


def test_decisions_that_found_fewer_leads_say_so(supervisor, floor):
    decided(floor, calls=3)
    called(floor)

    assert "Only 1 became calls." in supervisor.get(around(floor)).text


def test_decisions_that_placed_nothing_are_shown_when_asked_for(supervisor, floor):
    decided(floor, calls=0, reason=Reason.LINES)

    assert "No calls were placed in these minutes." in supervisor.get(around(floor)).text
    assert "Placed nothing: all lines" in supervisor.get(around(floor, idle="1")).text


def test_other_minutes_and_other_campaigns_are_left_out(supervisor, floor):
    decided(floor, seconds=-3600)
    decided(make_floor())

    assert "Nothing was decided then" in supervisor.get(around(floor)).text
    assert "Placed 3" in supervisor.get(around(floor, span="240")).text


def test_the_page_of_the_list_is_the_one_with_the_moment(supervisor, floor):
    with transaction():
        for second in range(-120, 120):
            keep(floor, at=ELEVEN + timedelta(seconds=second))

    page = supervisor.get(around(floor)).text

    assert "10:42:00" in page
    assert "10:44:00" not in page
    assert "10:44:00" in supervisor.get(around(floor, page=1)).text


def test_the_numbers_of_the_charts_are_a_table_too(supervisor, floor):
    decided(floor)

    table = supervisor.get(around(floor)).text.split("The charts as a table</summary>")[1]

    assert ">60<" in table
    assert ">2.7%<" in table


def test_without_a_moment_it_is_now(supervisor, floor):
    with transaction():
        keep(floor, at=clock.now() - timedelta(minutes=1))

    assert "Placed 3" in supervisor.get(f"/floor/{floor}/decisions").text


@pytest.mark.parametrize(
    ("args", "says"),
    [
        ({"time": "25:00"}, "Write a time such as 10:42."),
        ({"day": "yesterday"}, "Write a date such as 2026-11-21."),
        ({"span": "7"}, "Choose one."),
    ],
)
def test_what_cannot_be_read_is_said_and_kept(supervisor, floor, args, says):
    answer = supervisor.get(around(floor, **args))

    assert answer.status_code == 422
    assert says in answer.text
    assert next(iter(args.values())) in answer.text or "span" in args


def test_a_night_when_the_clocks_go_back_has_the_time_twice(client, floor):
    berliner = as_role(client, Role.MANAGER, time_zone="Europe/Berlin")
    first, second = (datetime(2026, 10, 25, hour, 30, 5, tzinfo=UTC) for hour in (0, 1))
    with transaction():
        keep(floor, at=first, reason=Reason.LINES)
        keep(floor, at=second, reason=Reason.ENOUGH)

    page = berliner.get(around(floor, day="2026-10-25", time="02:30")).text
    again = berliner.get(around(floor, day="2026-10-25", time="02:30", again="1")).text

    assert "this time came twice" in page
    assert "all lines" in page
    assert "every ready agent" not in page
    assert "every ready agent" in again
    assert "again=1" in page


def test_a_decision_opens_with_its_numbers_and_its_calls(supervisor, floor):
    decision_id = decided(floor, estimates={**ESTIMATES, "moon_phase": 0.25})
    attempt_id = called(floor, state="ended", result="no_answer")

    page = supervisor.get(f"/floor/{floor}/decisions/{decision_id}").text

    assert "2.1 agents free within 9 s" in page
    assert "Agents who work" in page
    assert "moon_phase" in page
    assert "No answer" in page
    assert f"/floor/{floor}/calls/{attempt_id}" in page
    assert "3 were decided, 1 became calls" in page


def test_what_is_pushed_to_the_floor_page_can_be_opened_by_its_moment(supervisor, floor):
    decision_id = decided(floor)
    decided(floor, seconds=0.05)

    found = supervisor.get(f"/floor/{floor}/decisions/at/{round(ELEVEN.timestamp() * 1000)}")
    missing = supervisor.get(f"/floor/{floor}/decisions/at/{round(ELEVEN.timestamp() * 1000) + 7}")

    assert found.location == f"/floor/{floor}/decisions/{decision_id}"
    assert missing.location == f"/floor/{floor}/decisions?day=2026-11-20&time=10:42&idle=1"


def test_decisions_lead_to_the_one_before_and_the_next(supervisor, floor):
    ids = [decided(floor, seconds=second) for second in (0, 1, 2)]

    page = supervisor.get(f"/floor/{floor}/decisions/{ids[1]}").text

    assert f"/decisions/{ids[0]}" in page
    assert f"/decisions/{ids[2]}" in page


def test_what_was_foreseen_is_compared_with_what_came(supervisor, floor):
    decision_id = decided(floor)
    called(floor, answered_at=ELEVEN + timedelta(seconds=5), connected_at=None)

    page = supervisor.get(f"/floor/{floor}/decisions/{decision_id}").text

    assert "1.6 people were expected to answer in that time; 1 did." in page


def test_a_decision_of_another_campaign_is_not_there(supervisor, floor):
    decision_id = decided(make_floor())

    assert supervisor.get(f"/floor/{floor}/decisions/{decision_id}").status_code == 404


def test_a_call_says_who_decided_it_what_was_looked_at_and_what_happened(supervisor, floor):
    decision_id = decided(floor)
    checks = [{"rule": "calling_hours", "input": {}, "passed": True}]
    attempt_id = called(floor, checks=checks)
    with every_client(), transaction():
        db.session.add(
            CallEvent(
                client_id=db.session.get_one(Campaign, floor).client_id,
                source_id="call:ringing",
                attempt_id=attempt_id,
                kind="call.ringing",
                at=ELEVEN,
            )
        )

    page = supervisor.get(f"/floor/{floor}/calls/{attempt_id}").text

    assert f"/decisions/{decision_id}" in page
    assert "inside the calling hours" in page
    assert "It rings" in page


def test_a_call_outlives_its_decision(supervisor, floor):
    attempt_id = called(floor)

    assert "Placed 3: all lines" in supervisor.get(f"/floor/{floor}/calls/{attempt_id}").text


def test_a_call_by_hand_has_no_decision(supervisor, floor):
    with every_client(), transaction():
        attempt_id = make_attempt(campaign=db.session.get_one(Campaign, floor)).id

    page = supervisor.get(f"/floor/{floor}/calls/{attempt_id}").text

    assert "An agent dialed it by hand." in page
    assert "the rules are looked at in the moment of dialing" in page


def test_a_call_of_another_campaign_is_not_there(supervisor, floor):
    attempt_id = called(make_floor())

    assert supervisor.get(f"/floor/{floor}/calls/{attempt_id}").status_code == 404


def test_the_floor_has_the_words_of_every_reason_and_its_charts(supervisor, floor):
    with transaction():
        keep(floor)

    page = supervisor.get(f"/floor/{floor}").text

    assert [reason for reason in Reason if f'data-reason="{reason}"' not in page] == []
    assert [reason for reason in Reason if f'data-short-reason="{reason}"' not in page] == []
    assert "&#34;agents&#34;: 60" in page
    assert f"/floor/{floor}/decisions" in page
    assert supervisor.get(f"/floor/{floor}/points").json[0]["air"] == 48


@pytest.mark.parametrize("role", [Role.AGENT, Role.CLIENT, Role.REVIEWER])
def test_decisions_are_for_those_who_lead(client, floor, role):
    decision_id = decided(floor)
    actor = as_role(client, role)

    for path in ("decisions", f"decisions/{decision_id}", "points", "calls/1"):
        assert actor.get(f"/floor/{floor}/{path}").status_code == 403


@pytest.mark.parametrize(
    "moment", ["0", "1", "946684800000", "9999999999999", str(10**18), str(2**63), "-1", "10.5", "now"]
)
def test_a_moment_of_no_time_is_no_address(supervisor, floor, moment):
    answer = supervisor.get(f"/floor/{floor}/decisions/at/{moment}")

    assert answer.status_code == 404
    assert "<h1" in answer.text


def test_a_moment_a_little_ahead_of_our_clock_leads_to_now(supervisor, floor):
    ahead = round((clock.now() + timedelta(seconds=30)).timestamp() * 1000)

    answer = supervisor.get(f"/floor/{floor}/decisions/at/{ahead}")

    assert answer.status_code == 302
    assert supervisor.get(answer.location).status_code == 200


def test_a_day_to_come_is_said_at_its_field(supervisor, floor):
    answer = supervisor.get(around(floor, day="2099-12-31"))

    assert answer.status_code == 422
    assert 'id="f-day-error"' in answer.text
    assert "Choose a day that has begun." in answer.text
