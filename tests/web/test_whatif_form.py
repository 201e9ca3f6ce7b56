"""Asking a what-if in a browser: what can be typed, and who may."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from dialer.queues import REPORT
from telesales.access.roles import Role
from telesales.campaigns.queries import get_campaign
from telesales.extensions import db, transaction
from telesales.tenancy.scope import every_client
from telesales.whatif.models import WhatIf
from telesales.whatif.question import Goal, Question
from tests.actors import as_role
from tests.factories import make_asked_what_if, make_campaign, make_campaign_id, make_client, make_history

TYPED = {
    "goal": "", "agents": "5, 10", "mode": "progressive", "hours": "8", "limit": "3", "lines": "60", "leads": "1000",
    "starts_on": "2026-11-23", "seeds": "3",
}  # fmt: skip


@pytest.fixture
def campaign_id(app) -> int:
    return make_campaign_id()


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


def test_a_campaign_without_leads_asks_how_many_there_will_be(leader):
    empty = make_campaign_id(leads=0)

    assert 'name="leads" type="number" value=""' in leader.get(f"/campaigns/{empty}/what-if/new").text


def test_a_question_can_be_changed_and_asked_again(leader, form, campaign_id):
    key = make_asked_what_if(campaign_id, answer_rate=0.25, leads=777, agents=(3, 9), agent_hour_minor=1_950)

    page = leader.get(f"{form}?like={key}").text

    for shown in ('value="3, 9"', 'value="777"', 'value="25"', 'value="19.50"'):
        assert shown in page
    assert leader.get(f"{form}?like=999999").status_code == 404
    assert leader.get(f"{form}?like=x").status_code == 200


@pytest.mark.parametrize("role", [Role.AGENT, Role.REVIEWER, Role.CLIENT])
def test_others_may_neither_look_nor_ask(client, campaign_id, form, role):
    key = make_asked_what_if(campaign_id)
    actor = as_role(client, role, client_id=None if role != Role.CLIENT else 1)

    for path in (f"/campaigns/{campaign_id}/what-if", form, f"/what-if/{key}", f"/what-if/{key}/progress"):
        assert actor.get(path).status_code == 403
    assert actor.post(form, **TYPED).status_code == 403


def test_a_leader_of_another_client_finds_nothing(client, campaign_id, form):
    key = make_asked_what_if(campaign_id)
    actor = as_role(client, Role.MANAGER, client_id=make_client().id)

    for path in (f"/campaigns/{campaign_id}/what-if", form, f"/what-if/{key}", f"/what-if/{key}/progress"):
        assert actor.get(path).status_code == 404
    assert actor.post(form, **TYPED).status_code == 404
    assert actor.post(f"/what-if/{key}/cancel").status_code == 404
