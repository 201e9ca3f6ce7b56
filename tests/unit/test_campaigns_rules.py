from dataclasses import replace

import pytest

from dialer.ports import DialingMode
from telesales.campaigns import hours
from telesales.campaigns.rules import LaunchFacts, launch_findings, names_number, names_seller
from telesales.campaigns.states import CampaignState, Move, moves_from, prepared_state, target_of

COMPLETE = LaunchFacts(
    client_name="Northwind",
    purpose="Find households that overpay",
    daily_goal=6,
    has_script=True,
    script_name="Home energy review",
    lists=1,
    callable_leads=600,
    people=12,
    calling_hours=hours.OFFICE_HOURS,
    caller_id="+12025550100",
    message="This was Northwind. Please ring us at +1 202 555 0100.",
    mode=DialingMode.PREDICTIVE,
    ring_seconds=25,
    abandonment_limit_bp=300,
    products=3,
    currency="USD",
    carrier="simulated",
    is_demo=False,
)


def open_items(facts):
    return {finding.key: finding.code for finding in launch_findings(facts) if not finding.passed}


def test_a_complete_campaign_may_be_launched():
    assert open_items(COMPLETE) == {}


@pytest.mark.parametrize(
    ("change", "key", "code"),
    [
        ({"client_name": ""}, "client", "missing"),
        ({"purpose": "  "}, "goal", "no_purpose"),
        ({"daily_goal": 0}, "goal", "no_goal"),
        ({"has_script": False}, "script", "missing"),
        ({"lists": 0}, "leads", "no_list"),
        ({"callable_leads": 0}, "leads", "nobody_left"),
        ({"people": 0}, "people", "nobody"),
        ({"calling_hours": {}}, "hours", "none"),
        ({"calling_hours": {"mon": []}}, "hours", "none"),
        ({"calling_hours": {"mon": [["07:59", "12:00"]]}}, "hours", "illegal"),
        ({"calling_hours": {"sun": [["08:00", "21:01"]]}}, "hours", "illegal"),
        ({"caller_id": None}, "caller_id", "missing"),
        ({"message": ""}, "message", "missing"),
        ({"message": "Sorry, please ring 202 555 0100"}, "message", "no_seller"),
        ({"message": "Sorry, this was Northwind, since 1998"}, "message", "no_number"),
        ({"ring_seconds": 14}, "ring", "too_short"),
        ({"abandonment_limit_bp": 301}, "limit", "too_high"),
        ({"abandonment_limit_bp": 0}, "limit", "too_high"),
        ({"abandonment_limit_bp": 101, "rule_pack": "uk"}, "limit", "too_high"),
        ({"abandonment_limit_bp": 501, "rule_pack": "ca"}, "limit", "too_high"),
        ({"products": 0}, "products", "missing"),
    ],
)
def test_each_thing_that_is_missing_stops_the_launch(change, key, code):
    found = open_items(replace(COMPLETE, **change))

    assert found[key] == code


def test_each_law_has_its_own_highest_limit():
    highest = {"us": 300, "uk": 100, "ca": 500}

    for pack, limit_bp in highest.items():
        assert open_items(replace(COMPLETE, rule_pack=pack, abandonment_limit_bp=limit_bp)) == {}


def test_no_message_is_needed_when_nobody_can_be_abandoned():
    assert open_items(replace(COMPLETE, message="", mode=DialingMode.PROGRESSIVE)) == {}


def test_a_demo_may_call_at_any_hour_because_nobody_exists():
    demo = replace(COMPLETE, is_demo=True, calling_hours=hours.ROUND_THE_CLOCK)

    assert open_items(demo) == {}


def test_a_real_campaign_may_not_call_round_the_clock():
    assert open_items(replace(COMPLETE, calling_hours=hours.ROUND_THE_CLOCK)) == {"hours": "illegal"}


@pytest.mark.parametrize(
    ("change", "code"), [({"carrier": "asterisk"}, "real_carrier"), ({"real_numbers": 1}, "real_numbers")]
)
def test_a_demo_calls_nobody_who_exists(change, code):
    assert open_items(replace(COMPLETE, is_demo=True, **change)) == {"demo": code}


@pytest.mark.parametrize("message", ["Ring +44 1632 960 001", "call (202) 555-0100.", "电话2025550100。"])
def test_a_number_is_found_however_it_is_written(message):
    assert names_number(message)


def test_a_seller_is_found_in_any_case_and_an_empty_one_never():
    assert names_seller("this was NORTHWIND demo", "Northwind Demo")
    assert not names_seller("this was Northwind", "")


@pytest.mark.parametrize(
    ("state", "moves"),
    [
        (CampaignState.DRAFT, (Move.FINISH,)),
        (CampaignState.READY, (Move.START, Move.FINISH)),
        (CampaignState.RUNNING, (Move.PAUSE, Move.FINISH)),
        (CampaignState.PAUSED, (Move.RESUME, Move.FINISH)),
        (CampaignState.FINISHED, ()),
    ],
)
def test_moves_of_each_state(state, moves):
    assert moves_from(state) == moves


def test_a_finished_campaign_stays_finished():
    assert all(target_of(CampaignState.FINISHED, move) is None for move in Move)


def test_checks_decide_between_draft_and_ready():
    assert prepared_state(all_passed=True) is CampaignState.READY
    assert prepared_state(all_passed=False) is CampaignState.DRAFT
