"""The page of a what-if: while it is played, its answer, what came, and stopping it."""

import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete

from telesales import clock
from telesales.access.roles import Role
from telesales.campaigns.queries import get_campaign
from telesales.extensions import db, transaction
from telesales.tenancy.scope import every_client
from telesales.whatif.models import WhatIf, WhatIfShift, WhatIfState
from telesales.whatif.question import Goal
from telesales.whatif.running import STALE_AFTER
from tests.actors import as_role
from tests.factories import (
    make_asked_what_if,
    make_campaign_id,
    make_history,
    make_played_what_if,
    make_worked_day,
)
from tests.factories_whatif import read_what_if


@pytest.fixture
def campaign_id(app) -> int:
    return make_campaign_id()


@pytest.fixture
def leader(client: FlaskClient):
    return as_role(client, Role.SUPERVISOR)


def test_a_question_that_waits_shows_its_progress(leader, campaign_id):
    key = make_asked_what_if(campaign_id)

    page = leader.get(f"/what-if/{key}").text
    news = leader.get(f"/what-if/{key}/progress").json

    assert "waiting for a worker" in page
    assert "data-what-if-so-far hidden" in page
    assert "js/what_if.js" in page
    assert (news["state"], news["done"], news["total"]) == ("queued", 0, 0)


def test_a_question_that_is_played_shows_what_is_there_already(leader, campaign_id):
    key = make_played_what_if(campaign_id)
    with every_client(), transaction():
        found = db.session.get(WhatIf, key)
        found.state, found.done = WhatIfState.RUNNING, 4

    page = leader.get(f"/what-if/{key}").text

    assert "4 of 6 shifts" in page
    assert "data-what-if-so-far hidden" not in page
    assert "So far" in page
    assert leader.get(f"/what-if/{key}/progress").json["left"] == "Less than a minute left."


def test_an_interrupted_question_says_that_it_goes_on(leader, campaign_id):
    key = make_asked_what_if(campaign_id)

    with clock.freeze(clock.now() + 2 * STALE_AFTER):
        assert "Nothing has been heard of it" in leader.get(f"/what-if/{key}").text


def test_the_answer_is_a_table_and_two_charts(leader, campaign_id):
    key = make_played_what_if(campaign_id, agent_hour_minor=2_000)

    page = leader.get(f"/what-if/{key}").text

    assert page.count('<svg class="what-if-chart"') == 2
    assert "where eight of ten further days are expected" in page
    assert "Fewer than three shifts" not in page
    assert 'aria-label="Occupancy by number of agents: 1 agent ' in page
    assert "Money in USD." in page
    assert ">40<span" in page  # two agents, an hour
    assert "<dt>Numbers of agents</dt><dd>1, 2</dd><dt>Shifts for each number</dt><dd>3</dd>" in page
    assert "Costs are not known" not in page
    assert "The campaign had no answered calls: all figures are chosen ones." in page
    assert "js/what_if.js" not in page


def test_every_figure_of_the_table_has_its_range(leader, campaign_id):
    key = make_played_what_if(campaign_id, agent_hour_minor=2_000, minutes_minor=100_000)

    rows = re.findall(
        r"<tr>\s*<th scope=\"row\" class=\"is-number\">.*?</tr>",
        leader.get(f"/what-if/{key}").text,
        re.DOTALL,
    )

    assert [row.count("what-if-range") - row.count("what-if-range warning") for row in rows] == [7, 7]


@pytest.mark.parametrize("few", [1, 2])
def test_one_or_two_shifts_have_no_range_and_the_page_says_so(leader, campaign_id, few):
    key = make_played_what_if(campaign_id, agents=(2,), agent_hour_minor=2_000)
    with every_client(), transaction():
        db.session.execute(delete(WhatIfShift.__table__).where(WhatIfShift.__table__.c.seed > few))
        db.session.get(WhatIf, key).state = WhatIfState.CANCELLED

    page = leader.get(f"/what-if/{key}").text

    assert "what-if-range" not in page.replace("what-if-range warning", "")
    assert 'class="what-if-interval"' not in page
    assert "eight of ten further days" not in page
    assert "Fewer than three shifts cannot say where further days lie" in page


def test_what_nobody_gave_a_price_is_not_called_free(leader, campaign_id):
    key = make_played_what_if(campaign_id)

    page = leader.get(f"/what-if/{key}").text

    assert "Costs are not known" in page
    assert ">0<" not in page
    assert ">0.00<" not in page
    assert "<dt>An hour of an agent</dt><dd>–</dd>" in page
    assert "<dt>1,000 connected minutes</dt><dd>–</dd>" in page


def test_the_chart_of_abandoned_people_has_the_limit(leader, campaign_id):
    page = leader.get(f"/what-if/{make_played_what_if(campaign_id, limit=0.025)}").text

    assert page.count('class="what-if-limit"') == 1
    assert page.count("limit 2.5%") == 2  # for those who see it and for those who hear it


def test_a_list_that_ends_within_the_day_is_marked(leader, campaign_id):
    short, long = (
        leader.get(f"/what-if/{make_played_what_if(campaign_id, leads=n)}").text for n in (1, 50_000)
    )

    assert "before the day is over" in short
    assert "before the day is over" not in long


def test_a_day_promises_no_more_than_its_list_holds(leader, campaign_id):
    """Four leads, each of whom buys: no more than four sales, whoever asks for more."""
    key = make_played_what_if(campaign_id, leads=4, sale_share=1.0, goal=Goal.SALES, goal_sales=40)

    page = leader.get(f"/what-if/{key}").text

    assert "The list is too short for the goal: 40 sales a day. Its 4 leads come to about " in page
    assert "the day ends then, and with it calls, sales and paid hours" in page
    assert "Even 2 agents" not in page


def test_the_number_of_agents_that_is_needed_is_said_in_a_sentence(leader, campaign_id):
    enough = make_played_what_if(campaign_id, goal=Goal.SALES, goal_sales=1, sale_share=1.0)
    never = make_played_what_if(campaign_id, goal=Goal.SALES, goal_sales=1_000)

    assert "1 agent will do for the goal: 1 sale a day." in leader.get(f"/what-if/{enough}").text
    assert "Even 2 agents do not reach the goal: 1,000 sales a day." in leader.get(f"/what-if/{never}").text


def test_predicted_and_actual_stand_side_by_side(leader, campaign_id):
    key = make_played_what_if(campaign_id)
    with every_client(), transaction():
        campaign = get_campaign(campaign_id)
        make_worked_day(campaign, clock.now().date() + timedelta(days=1))
        db.session.get(WhatIf, key).created_at = clock.now() - timedelta(hours=48)
        make_history(campaign, talks=120)

    page = leader.get(f"/what-if/{key}").text
    listed = leader.get(f"/campaigns/{campaign_id}/what-if").text

    assert "Sales an agent hour" in page
    assert "87.5%" in page
    assert "came: 87.5%" in listed
    assert "1 h a day, limit 3.0%, 500 leads" in listed


def test_a_first_day_to_come_is_counted_from_then_on(leader, campaign_id):
    key = make_played_what_if(campaign_id, starts_on=clock.now().date() + timedelta(days=9))

    assert "what comes is counted from then on" in leader.get(f"/what-if/{key}").text


def test_without_calls_since_there_is_nothing_to_compare(leader, campaign_id):
    key = make_played_what_if(campaign_id)

    assert "Too little was called since" in leader.get(f"/what-if/{key}").text


def test_a_question_can_be_stopped_once(leader, campaign_id):
    key = make_asked_what_if(campaign_id)

    assert leader.post(f"/what-if/{key}/cancel").status_code == 303
    assert read_what_if(key).state == WhatIfState.CANCELLED


def test_who_stops_too_late_is_shown_the_answer(leader, campaign_id):
    key = make_played_what_if(campaign_id)

    answer = leader.post(f"/what-if/{key}/cancel")
    page = leader.get(answer.location).text

    assert (answer.status_code, answer.location) == (303, f"/what-if/{key}")
    assert "not running any more" in page
    assert read_what_if(key).state == WhatIfState.DONE


def test_a_failed_question_says_what_to_do(leader, campaign_id):
    key = make_asked_what_if(campaign_id)
    with every_client(), transaction():
        found = db.session.get(WhatIf, key)
        found.state, found.error = WhatIfState.FAILED, "broken"

    assert "could not be played" in leader.get(f"/what-if/{key}").text
