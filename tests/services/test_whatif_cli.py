"""`flask dialer simulate`."""

import json

import pytest
from sqlalchemy import func, select

from telesales import clock
from telesales.campaigns.queries import get_campaign
from telesales.extensions import db, transaction
from telesales.tenancy.scope import every_client
from telesales.whatif.actual import local_day
from telesales.whatif.models import WhatIf
from tests.factories import make_campaign, make_campaign_id, make_history

QUICK = ("--hours", "1", "--seeds", "3", "--mode", "progressive")


@pytest.fixture
def campaign_id(app) -> int:
    return make_campaign_id(leads=5)


def outcome(result) -> dict:
    """The first number of agents in what was printed as JSON."""
    return json.loads(result.stdout)["outcomes"][0]


@pytest.fixture
def simulate(app, campaign_id):
    def run(*words: str, campaign: int | None = None):
        db.session.remove()
        key = str(campaign_id if campaign is None else campaign)
        return app.test_cli_runner().invoke(args=["dialer", "simulate", "--campaign", key, *words])

    return run


def test_a_table_goes_out_and_progress_beside_it(simulate):
    result = simulate("--agents", "2,1", "--agent-hour", "20", "--leads", "5000", *QUICK)

    lines = result.stdout.splitlines()
    assert result.exit_code == 0
    assert lines[0] == "Too few own calls (0 answered): chosen figures are mixed in."
    assert lines[1].split()[:2] == ["agents", "occupancy"]
    assert [line.split()[0] for line in lines[2:4]] == ["1", "2"]
    assert lines[4] == "In brackets: eight of ten further days are expected there."
    assert "$40.00" in lines[3]
    assert f"[{15 * '#'}{15 * '-'}] 3 of 6 shifts" in result.stderr
    assert f"[{30 * '#'}] 6 of 6 shifts" in result.stderr
    assert "shifts" not in result.stdout


def test_json_holds_every_figure(simulate, campaign_id):
    with every_client(), transaction():
        campaign = get_campaign(campaign_id)
        make_history(campaign, talks=210, no_answer=90, sales=21)

    result = simulate("--agents", "3", "--json", "--answer-rate", "50", "--limit", "2", *QUICK)

    found = json.loads(result.stdout)
    [outcome] = found["outcomes"]
    assert (found["campaign"], found["own_answered"], found["currency"]) == (campaign_id, 210, "USD")
    assert outcome["agents"] == 3
    assert outcome["occupancy"]["low"] <= outcome["occupancy"]["mean"] <= outcome["occupancy"]["high"]
    assert outcome["sales"]["mean"] > 0
    assert found["enough_agents"] is None


def test_the_same_question_gets_the_same_answer(simulate):
    words = ("--agents", "2", "--json", *QUICK)

    assert simulate(*words).stdout == simulate(*words).stdout


def test_a_goal_is_answered_with_the_smallest_number(simulate):
    easy = simulate("--agents", "1,2", "--sales", "1", "--sale-share", "100", *QUICK)
    day = local_day(clock.now()).isoformat()
    hard = simulate("--agents", "1", "--list-through", day, "--leads", "9999", *QUICK)

    assert easy.stdout.endswith("Enough: 1 agents.\n")
    assert hard.stdout.endswith("Enough: none of these numbers.\n")


def test_numbers_are_chosen_when_only_the_goal_is_said(simulate):
    result = simulate("--sales", "3", "--leads", "5000", "--json", *QUICK)

    assert json.loads(result.stdout)["enough_agents"] >= 1


def test_a_day_ends_with_its_list(simulate):
    words = ("--agents", "2", "--sale-share", "50", "--agent-hour", "20", *QUICK)
    short, long = (simulate(*words, "--leads", leads) for leads in ("4", "9000"))
    found = outcome(simulate(*words, "--leads", "4", "--json"))

    assert short.stdout.splitlines()[2].endswith("(within the day)")
    assert "Within the day: 4 leads are through before it is over, and the day ends then." in short.stdout
    assert "ithin the day" not in long.stdout
    assert found["calls"]["mean"] <= 4 * 8  # calls that a lead takes at most
    assert found["sales"]["mean"] <= 2
    assert found["cost"]["mean"] < 4_000


def test_a_campaign_without_leads_has_to_be_told_how_many_there_will_be(simulate, app):
    empty = make_campaign_id(leads=0)

    result = simulate("--agents", "1", *QUICK, campaign=empty)

    assert result.exit_code == 2
    assert "--leads: no lead can be called now: say how many there will be" in result.stderr
    assert simulate("--agents", "1", "--leads", "50", *QUICK, campaign=empty).exit_code == 0


def test_nothing_is_kept(simulate):
    simulate("--agents", "1", *QUICK)

    with every_client():
        assert db.session.scalar(select(func.count(WhatIf.id))) == 0


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("--agents", "0"),
        ("--agents", "301"),
        ("--agents", "many"),
        ("--agents", "1,2,3,4,5,6,7,8,9"),
        ("--agents", "1", "--hours", "13"),
        ("--agents", "1", "--seeds", "2"),
        ("--agents", "1", "--limit", "11"),
        ("--agents", "1", "--mode", "manual"),
        ("--agents", "1", "--agent-hour", "much"),
        ("--agents", "1", "--list-through", "soon"),
        ("--agents", "1", "--list-through", "2020-01-01"),
        ("--agents", "1", "--list-through", "2026-12-01", "--from", "2026-12-02"),
        ("--agents", "1", "--leads", "0"),
        ("--agents", "1", "--hours", "nan"),
        ("--agents", "1", "--limit", "nan"),
        ("--agents", "1", "--answer-rate", "nan"),
        ("--agents", "1", "--sale-share", "nan"),
        ("--agents", "1", "--agent-hour", "1e99"),
        ("--agents", "1", "--talk-seconds", "4"),
        ("--agents", "1", "--wrap-up-seconds", "-1"),
        ("--agents", "1", "--talk-like", "campaign:999999"),
        ("--agents", "1", "--from", "tomorrow"),
        ("--sales", "5", "--list-through", "2026-12-01"),
    ],
)
def test_wrong_use_ends_with_2_and_a_sentence(simulate, words):
    result = simulate(*words)

    assert result.exit_code == 2
    assert "Error:" in result.stderr


@pytest.mark.parametrize(
    ("campaign", "says"),
    [(999_999, "there is no campaign 999999"), (10**25, "--campaign"), (0, "--campaign")],
)
def test_a_campaign_that_is_not_there_ends_with_2(simulate, campaign, says):
    result = simulate("--agents", "1", campaign=campaign)

    assert result.exit_code == 2
    assert says in result.stderr


def test_conversations_may_be_those_of_another_campaign_or_typed(simulate, campaign_id):
    with every_client(), transaction():
        here = get_campaign(campaign_id)
        other = make_campaign(client=here.client, leads=1)
        make_history(other, talks=150, sales=75)
        source = f"campaign:{other.id}"

    usual, like, long = (
        outcome(simulate("--agents", "2", "--json", *words, *QUICK))
        for words in ((), ("--talk-like", source), ("--talk-seconds", "1200", "--wrap-up-seconds", "0"))
    )

    assert like["sales"]["mean"] > 3 * usual["sales"]["mean"]
    assert long["talks_hour"]["mean"] < usual["talks_hour"]["mean"] / 3


def test_the_list_is_through_after_the_first_day(simulate):
    later = simulate("--agents", "1", "--json", "--from", "2026-12-07", "--leads", "1", *QUICK)

    assert outcome(later)["ends_on"] == "2026-12-07"
