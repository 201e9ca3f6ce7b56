"""The page of a campaign's abandonment: three formulas side by side, and the same as a file."""

import csv
import io
import re
from datetime import UTC, datetime, timedelta

import pytest

from telesales import clock
from telesales.access.roles import Role
from telesales.campaigns.models import Campaign
from telesales.centre.service import CentreFacts, change_settings
from telesales.extensions import db, transaction
from telesales.tenancy.scope import every_client
from tests.actors import as_role
from tests.factories_calls import make_attempt, make_called_lead, make_calling_agent
from tests.factories_campaigns import make_campaign

NOON = datetime(2026, 11, 18, 12, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def noon():
    with clock.freeze(NOON):
        yield


@pytest.fixture
def supervisor(client):
    return as_role(client, Role.SUPERVISOR)


def made(**columns) -> int:
    with transaction():
        return make_campaign(**{"state": "running", "started_at": NOON - timedelta(days=40), **columns}).id


def calls(
    campaign_id: int, *, days_ago: int = 0, connected: int = 0, abandoned: int = 0, machines: int = 0
) -> None:
    at = NOON - timedelta(days=days_ago, hours=1)
    with transaction(), every_client():
        campaign = db.session.get(Campaign, campaign_id)
        shared = {"agent": make_calling_agent(), "campaign": campaign, "lead": make_called_lead(campaign)}
        for result, count in (("talked", connected), ("abandoned", abandoned), ("machine", machines)):
            for _ in range(count):
                joined = at + timedelta(seconds=1) if result == "talked" else None
                make_attempt(**shared, answered_at=at, connected_at=joined, result=result, reserved_at=at)


def shown(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def test_three_formulas_stand_side_by_side_with_their_parts(supervisor):
    campaign_id = made(false_positives_bp=1_000, estimate_method="Listened to 300 calls in October.")
    calls(campaign_id, connected=9, abandoned=1, machines=20)
    calls(campaign_id, days_ago=5, connected=30, abandoned=2)
    calls(campaign_id, days_ago=25, connected=100)  # the last 30 days of the campaign and the last month

    page = shown(supervisor.get(f"/floor/{campaign_id}/abandonment").text)

    # United States: day 11 of the second 30 days; Canada: November; United Kingdom: 24 hours, 2 of 20 machines people
    assert "7.143%" in page  # 3 of 42
    assert "25.000%" in page  # 1 + 2 of 3 + 9
    assert "30 days from Nov 8, 2026, day 11" in page
    assert "Calendar month: November 2026" in page
    assert "The last 24 hours" in page
    assert page.count("too few to judge") == 3
    assert "Above the limit of 3%." in page
    assert "Above the limit of 5%." in page
    assert "Listened to 300 calls in October." in page


def test_british_rates_are_never_called_safe(supervisor):
    campaign_id = made(rule_pack="uk", abandonment_limit_bp=100)
    calls(campaign_id, connected=5)

    page = shown(supervisor.get(f"/floor/{campaign_id}/abandonment").text)

    assert "No limit, and no rate is called safe. Aim for 0 to 1 percent." in page
    assert "Nothing is estimated, so the British rate may be too low." in page


def test_a_campaign_without_calls_has_no_rates(supervisor):
    page = shown(supervisor.get(f"/floor/{made(started_at=None)}/abandonment").text)

    assert "Nobody has answered yet. The limit is 3%." in page
    assert "The last 30 days" in page


def test_an_earlier_day_shows_how_it_stood_then(supervisor):
    campaign_id = made()
    calls(campaign_id, connected=0, abandoned=5)
    calls(campaign_id, days_ago=1, connected=3, abandoned=1)

    page = shown(supervisor.get(f"/floor/{campaign_id}/abandonment?day=2026-11-17").text)

    assert page.count("25.000%") == 6  # three rates, and the day's own row
    assert "day 10" in page


@pytest.mark.parametrize("day", ["2026-11-19", "soon", "1999-12-31"])
@pytest.mark.parametrize("page", ["abandonment", "abandonment.csv"])
def test_a_day_that_cannot_be_is_said_at_its_field(supervisor, page, day):
    answer = supervisor.get(f"/floor/{made()}/{page}?day={day}")

    assert answer.status_code == 422
    assert 'id="f-day-error"' in answer.text
    assert f'value="{day}"' in answer.text


def test_days_are_those_of_the_centre(supervisor):
    with transaction():
        change_settings(CentreFacts(name="C", locale="en", time_zone="Asia/Tokyo", currency="JPY"))
    campaign_id = made()

    answer = supervisor.get(f"/floor/{campaign_id}/abandonment?day=2026-11-19")

    assert answer.status_code == 422  # noon in Greenwich is nine in the evening of the 18th in Tokyo
    assert "Asia/Tokyo" in answer.text


def test_the_file_has_every_part_of_every_rate_and_runs_no_formula(supervisor):
    campaign_id = made(name="=cmd()", false_positives_bp=500, estimate_method="+listened")
    calls(campaign_id, connected=8, abandoned=2, machines=10)

    answer = supervisor.get(f"/floor/{campaign_id}/abandonment.csv")

    rows = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}"))))
    today = rows[0]
    assert (today["Campaign"], today["Day"], today["Time zone"]) == ("'=cmd()", "2026-11-18", "UTC")
    assert (today["People who answered"], today["Taken for machines"]) == ("10", "10")
    assert today["United States: rate"] == today["Canada: rate"] == "0.200000"
    assert [today[f"United Kingdom: {part}"] for part in ("numerator", "denominator", "rate")] == [
        "3", "11", "0.272727",
    ]  # fmt: skip
    assert today["Method"] == "'+listened"
    assert rows[1]["United States: rate"] == ""
    assert "abandonment-" in answer.headers["Content-Disposition"]


@pytest.mark.parametrize("role", [Role.AGENT, Role.CLIENT, Role.REVIEWER])
@pytest.mark.parametrize("page", ["abandonment", "abandonment.csv"])
def test_the_page_is_for_those_who_lead(client, role, page):
    assert as_role(client, role).get(f"/floor/{made()}/{page}").status_code == 403


def test_floor_and_campaign_lead_to_it(supervisor):
    campaign_id = made()

    for page in (f"/floor/{campaign_id}", f"/campaigns/{campaign_id}"):
        assert f"/floor/{campaign_id}/abandonment" in supervisor.get(page).text
