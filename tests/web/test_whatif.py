"""What-ifs in a browser."""

import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete, select

from dialer.queues import REPORT
from telesales import clock
from telesales.access.roles import Role
from telesales.campaigns.queries import get_campaign
from telesales.extensions import db, transaction
from telesales.tenancy.scope import every_client
from telesales.whatif.models import WhatIf, WhatIfShift, WhatIfState
from telesales.whatif.queries import get_what_if, read_answer
from telesales.whatif.question import Goal, Question
from telesales.whatif.running import STALE_AFTER, run_what_if
from tests.actors import as_role
from tests.factories import make_campaign, make_client, make_history, make_user, make_what_if, make_worked_day
from tests.statements import count_statements

TYPED = {
    "goal": "", "agents": "5, 10", "mode": "progressive", "hours": "8", "limit": "3", "lines": "60", "leads": "1000",
    "starts_on": "2026-11-23", "seeds": "3",
}  # fmt: skip


@pytest.fixture
def campaign_id(app) -> int:
    with every_client(), transaction():
        return make_campaign().id


@pytest.fixture
def form(campaign_id) -> str:
    return f"/campaigns/{campaign_id}/what-if/new"


@pytest.fixture
def leader(client: FlaskClient):
    return as_role(client, Role.SUPERVISOR)


def asked() -> list[WhatIf]:
    db.session.rollback()
    with every_client():
        return list(db.session.scalars(select(WhatIf)))


def what_if(campaign_id: int, *, play: bool = True, **question) -> int:
    with every_client(), transaction():
        key = make_what_if(get_campaign(campaign_id), **question).id
    if play:
        run_what_if(key)
        db.session.rollback()
    return key


def test_leader_asks_and_a_worker_is_told(leader, form, redis_server):
    answer = leader.post(form, **TYPED)

    [found] = asked()
    question = Question.from_json(found.question)
    assert (answer.status_code, answer.location) == (303, f"/what-if/{found.id}")
    assert (question.agents, question.hours, question.limit, question.leads) == ((5, 10), 8.0, 0.03, 1_000)
    assert question.open_days == ("mon",)
    assert (question.answer_rate, question.talk_seconds) == (None, None)
    assert found.created_by_id == leader.user_id
    assert redis_server.llen(f"rq:queue:{REPORT.name}") == 1


def test_everything_that_can_be_typed_is_read(leader, form, campaign_id):
    leader.post(
        form, **{**TYPED, "answer_rate": "27,5", "talk_seconds": "120", "wrap_up_seconds": "0", "sale_share": "4"},
        agent_hour="18.50", minutes="15", goal_sales="40",
    )  # fmt: skip
    leader.post(form, **{**TYPED, "goal": "sales", "agents": "", "goal_sales": "40"})
    leader.post(form, **{**TYPED, "goal": "end", "goal_date": "2026-12-01"})

    typed, sales, end = (Question.from_json(found.question) for found in asked())
    assert (typed.answer_rate, typed.talk_seconds, typed.wrap_up_seconds) == (0.275, 120, 0)
    assert (typed.sale_share, typed.agent_hour_minor, typed.minutes_minor) == (0.04, 1_850, 1_500)
    assert typed.goal_sales == 0  # belongs to no goal
    assert (sales.goal, sales.goal_sales, sales.agents) == (Goal.SALES, 40, ())
    assert (end.goal, end.goal_date.isoformat()) == (Goal.END, "2026-12-01")


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("agents", ""),
        ("agents", "0"),
        ("agents", "301"),
        ("agents", "five"),
        ("agents", "1,2,3,4,5,6,7,8,9"),
        ("agents", "9" * 400),
        ("agents", "<script>alert(1)</script>"),
        ("mode", "manual"),
        ("hours", "0"),
        ("hours", "13"),
        ("hours", "NaN"),
        ("hours", "1e400"),
        ("limit", "-1"),
        ("limit", "11"),
        ("lines", "0"),
        ("leads", "-5"),
        ("leads", "0"),
        ("leads", "99999999999"),
        ("seeds", "2"),
        ("seeds", "21"),
        ("starts_on", "tomorrow"),
        ("starts_on", "0001-01-01"),
        ("lines", "--7"),
        ("agents", "5, --5"),
        ("answer_rate", "0"),
        ("answer_rate", "101"),
        ("talk_seconds", "1"),
        ("wrap_up_seconds", "3600"),
        ("sale_share", "200"),
        ("talk_like", "campaign:999999"),
        ("talk_like", "script:1 or 1=1"),
        ("agent_hour", "much"),
        ("agent_hour", "-5"),
        ("agent_hour", "1e99"),
        ("minutes", "0.015"),
        ("goal", "everything"),
    ],
)
def test_what_cannot_be_taken_is_said_at_its_field_and_nothing_is_lost(leader, form, field, text):
    answer = leader.post(form, **{**TYPED, field: text})

    assert answer.status_code == 422
    assert f'id="f-{field}-error"' in answer.text
    assert 'value="2026-11-23"' in answer.text or field == "starts_on"
    assert "<script>alert(1)" not in answer.text
    assert asked() == []


@pytest.mark.parametrize(
    ("goal", "field", "text"),
    [
        ("sales", "goal_sales", ""),
        ("sales", "goal_sales", "0"),
        ("end", "goal_date", ""),
        ("end", "goal_date", "2026-11-22"),
        ("end", "goal_date", "2126-11-22"),
    ],
)
def test_a_goal_needs_its_figure(leader, form, goal, field, text):
    answer = leader.post(form, **{**TYPED, "goal": goal, field: text})

    assert answer.status_code == 422
    assert f'id="f-{field}-error"' in answer.text


def test_an_empty_form_says_everything_at_once(leader, form):
    answer = leader.post(form)

    assert answer.status_code == 422
    assert answer.text.count("field-error") >= 7


def test_the_form_opens_with_the_campaign_as_it_is(leader, form):
    page = leader.get(form).text

    assert 'name="agents" type="text" value="1, 2"' in page
    assert 'name="leads" type="number" value="3"' in page
    assert "no answered calls yet" in page


def test_the_form_says_how_many_calls_are_its_own(leader, form, campaign_id):
    with every_client(), transaction():
        make_history(get_campaign(campaign_id), talks=7)

    assert "Too few own calls: 7 people have answered" in leader.get(form).text


def test_only_what_belongs_to_the_client_can_be_chosen(leader, form, campaign_id):
    with every_client(), transaction():
        campaign = get_campaign(campaign_id)
        mine, other = (
            make_campaign(client=campaign.client, name="My other"),
            make_campaign(name="Foreign one"),
        )
        make_history(mine, talks=1)
        make_history(other, talks=1)
        other_id = other.id

    page = leader.get(form).text
    refused = leader.post(form, **TYPED, talk_like=f"campaign:{other_id}")

    assert "My other" in page
    assert "Foreign one" not in page
    assert refused.status_code == 422


def test_a_question_that_waits_shows_its_progress(leader, campaign_id):
    key = what_if(campaign_id, play=False)

    page = leader.get(f"/what-if/{key}").text
    news = leader.get(f"/what-if/{key}/progress").json

    assert "waiting for a worker" in page
    assert "js/what_if.js" in page
    assert (news["state"], news["done"], news["total"]) == ("queued", 0, 0)


def test_a_question_that_is_played_shows_what_is_there_already(leader, campaign_id):
    key = what_if(campaign_id)
    with every_client(), transaction():
        found = db.session.get(WhatIf, key)
        found.state, found.done = WhatIfState.RUNNING, 4

    page = leader.get(f"/what-if/{key}").text

    assert "4 of 6 shifts" in page
    assert "So far" in page
    assert leader.get(f"/what-if/{key}/progress").json["left"] == "less than a minute left"


def test_an_interrupted_question_says_that_it_goes_on(leader, campaign_id):
    key = what_if(campaign_id, play=False)

    with clock.freeze(clock.now() + 2 * STALE_AFTER):
        assert "Nothing has been heard of it" in leader.get(f"/what-if/{key}").text


def test_the_answer_is_a_table_and_two_charts(leader, campaign_id):
    key = what_if(campaign_id, agent_hour_minor=2_000)

    page = leader.get(f"/what-if/{key}").text

    assert page.count('<svg class="what-if-chart"') == 2
    assert "eight of ten further days are expected there" in page
    assert "Fewer than three shifts" not in page
    assert 'aria-label="Occupancy by number of agents: 1 agent ' in page
    assert "Money in USD." in page
    assert ">40<span" in page  # two agents, an hour
    assert "Costs are not known" not in page
    assert "no answered calls yet" in page
    assert "js/what_if.js" not in page


def test_every_figure_of_the_table_has_its_range(leader, campaign_id):
    key = what_if(campaign_id, agent_hour_minor=2_000, minutes_minor=100_000)

    rows = re.findall(
        r"<tr>\s*<th scope=\"row\" class=\"is-number\">.*?</tr>",
        leader.get(f"/what-if/{key}").text,
        re.DOTALL,
    )

    assert [row.count("what-if-range") - row.count("what-if-range warning") for row in rows] == [7, 7]


@pytest.mark.parametrize("few", [1, 2])
def test_one_or_two_shifts_have_no_range_and_the_page_says_so(leader, campaign_id, few):
    key = what_if(campaign_id, agents=(2,), agent_hour_minor=2_000)
    with every_client(), transaction():
        db.session.execute(delete(WhatIfShift.__table__).where(WhatIfShift.__table__.c.seed > few))
        db.session.get(WhatIf, key).state = WhatIfState.CANCELLED

    page = leader.get(f"/what-if/{key}").text

    assert "what-if-range" not in page.replace("what-if-range warning", "")
    assert 'class="what-if-interval"' not in page
    assert "eight of ten further days" not in page
    assert "Fewer than three shifts cannot say where further days lie" in page


def test_what_nobody_gave_a_price_is_not_called_free(leader, campaign_id):
    key = what_if(campaign_id)

    page = leader.get(f"/what-if/{key}").text

    assert "Costs are not known" in page
    assert ">0<" not in page
    assert ">0.00<" not in page


def test_the_chart_of_abandoned_people_has_the_limit(leader, campaign_id):
    page = leader.get(f"/what-if/{what_if(campaign_id, limit=0.025)}").text

    assert page.count('class="what-if-limit"') == 1
    assert page.count("limit 2.5%") == 2  # for those who see it and for those who hear it


def test_a_list_that_ends_within_the_day_is_marked(leader, campaign_id):
    short, long = (leader.get(f"/what-if/{what_if(campaign_id, leads=n)}").text for n in (1, 50_000))

    assert "before the day is over" in short
    assert "before the day is over" not in long


def test_a_day_promises_no_more_than_its_list_holds(leader, campaign_id):
    """Four leads, each of whom buys: no more than four sales, whoever asks for more."""
    key = what_if(campaign_id, leads=4, sale_share=1.0, goal=Goal.SALES, goal_sales=40)

    page = leader.get(f"/what-if/{key}").text

    assert "The list is too short for the goal: 40 sales a day. Its 4 leads come to about " in page
    assert "the day ends then, and with it calls, sales and paid hours" in page
    assert "Even 2 agents" not in page


def test_a_campaign_without_leads_asks_how_many_there_will_be(leader):
    with every_client(), transaction():
        empty = make_campaign(leads=0).id

    assert 'name="leads" type="number" value=""' in leader.get(f"/campaigns/{empty}/what-if/new").text


def test_the_list_shows_what_was_predicted_until_it_can_be_compared(leader, campaign_id):
    key = what_if(campaign_id)
    with every_client():
        outcomes = read_answer(get_what_if(key)).outcomes
    db.session.rollback()

    listed = leader.get(f"/campaigns/{campaign_id}/what-if").text

    assert f"{outcomes[0].occupancy.mean:.1%} – {outcomes[-1].occupancy.mean:.1%}" in listed


def test_the_number_of_agents_that_is_needed_is_said_in_a_sentence(leader, campaign_id):
    enough = what_if(campaign_id, goal=Goal.SALES, goal_sales=1, sale_share=1.0)
    never = what_if(campaign_id, goal=Goal.SALES, goal_sales=1_000)

    assert "1 agent will do for the goal: 1 sale a day." in leader.get(f"/what-if/{enough}").text
    assert "Even 2 agents do not reach the goal: 1,000 sales a day." in leader.get(f"/what-if/{never}").text


def test_predicted_and_actual_stand_side_by_side(leader, campaign_id):
    key = what_if(campaign_id)
    with every_client(), transaction():
        campaign = get_campaign(campaign_id)
        make_worked_day(campaign, clock.now().date() + timedelta(days=1))
        db.session.get(WhatIf, key).created_at = clock.now() - timedelta(hours=24)
        make_history(campaign, talks=120)

    page = leader.get(f"/what-if/{key}").text
    listed = leader.get(f"/campaigns/{campaign_id}/what-if").text

    assert "Sales an agent hour" in page
    assert "87.5%" in page
    assert "came: 87.5%" in listed
    assert "1 h a day, limit 3.0%, 500 leads" in listed


def test_a_long_list_is_read_with_as_many_statements_as_a_short_one(leader, campaign_id):
    path = f"/campaigns/{campaign_id}/what-if"
    what_if(campaign_id, play=False)
    leader.get(path)
    few = count_statements(lambda: leader.get(path))
    for nth in range(1, 8):
        with every_client(), transaction():
            asker = make_user(name=f"Asker {nth}", role=Role.MANAGER)
            question = make_what_if(get_campaign(campaign_id))
            question.created_by_id = asker.id
            question.created_at = clock.now() - timedelta(days=nth)

    assert count_statements(lambda: leader.get(path)) == few
    assert "Asker 7" in leader.get(path).text


def test_a_first_day_to_come_is_counted_from_then_on(leader, campaign_id):
    key = what_if(campaign_id, starts_on=clock.now().date() + timedelta(days=9))

    assert "what comes is counted from then on" in leader.get(f"/what-if/{key}").text


def test_without_calls_since_there_is_nothing_to_compare(leader, campaign_id):
    key = what_if(campaign_id)

    assert "Too little was called since" in leader.get(f"/what-if/{key}").text


def test_a_question_can_be_stopped_once(leader, campaign_id):
    key = what_if(campaign_id, play=False)

    assert leader.post(f"/what-if/{key}/cancel").status_code == 303
    assert asked()[0].state == WhatIfState.CANCELLED


def test_who_stops_too_late_is_shown_the_answer(leader, campaign_id):
    key = what_if(campaign_id)

    answer = leader.post(f"/what-if/{key}/cancel")
    page = leader.get(answer.location).text

    assert (answer.status_code, answer.location) == (303, f"/what-if/{key}")
    assert "not running any more" in page
    assert asked()[0].state == WhatIfState.DONE


def test_a_question_can_be_changed_and_asked_again(leader, form, campaign_id):
    key = what_if(campaign_id, play=False, answer_rate=0.25, leads=777, agents=(3, 9), agent_hour_minor=1_950)

    page = leader.get(f"{form}?like={key}").text

    for shown in ('value="3, 9"', 'value="777"', 'value="25"', 'value="19.50"'):
        assert shown in page
    assert leader.get(f"{form}?like=999999").status_code == 404
    assert leader.get(f"{form}?like=x").status_code == 200


def test_a_failed_question_says_what_to_do(leader, campaign_id):
    key = what_if(campaign_id, play=False)
    with every_client(), transaction():
        found = db.session.get(WhatIf, key)
        found.state, found.error = WhatIfState.FAILED, "broken"

    assert "could not be played" in leader.get(f"/what-if/{key}").text


def test_an_empty_list_says_what_can_be_asked(leader, campaign_id):
    assert "Nothing was asked yet" in leader.get(f"/campaigns/{campaign_id}/what-if").text


def test_the_campaign_leads_to_its_what_ifs(leader, campaign_id):
    page = leader.get(f"/campaigns/{campaign_id}").text

    assert f'href="/campaigns/{campaign_id}/what-if"' in page
    assert f'href="/campaigns/{campaign_id}/what-if/new"' in page  # before it can start


@pytest.mark.parametrize("role", [Role.AGENT, Role.REVIEWER, Role.CLIENT])
def test_others_may_neither_look_nor_ask(client, campaign_id, form, role):
    key = what_if(campaign_id, play=False)
    actor = as_role(client, role, client_id=None if role != Role.CLIENT else 1)

    for path in (f"/campaigns/{campaign_id}/what-if", form, f"/what-if/{key}", f"/what-if/{key}/progress"):
        assert actor.get(path).status_code == 403
    assert actor.post(form, **TYPED).status_code == 403


def test_a_leader_of_another_client_finds_nothing(client, campaign_id, form):
    key = what_if(campaign_id, play=False)
    actor = as_role(client, Role.MANAGER, client_id=make_client().id)

    for path in (f"/campaigns/{campaign_id}/what-if", form, f"/what-if/{key}", f"/what-if/{key}/progress"):
        assert actor.get(path).status_code == 404
    assert actor.post(form, **TYPED).status_code == 404
    assert actor.post(f"/what-if/{key}/cancel").status_code == 404
