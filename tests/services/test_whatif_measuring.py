"""What a what-if is played with: its campaign's calls as they were, and figures that were typed or chosen."""

import pytest
from sqlalchemy import select

from telesales import clock
from telesales.calls.models import Sale, SaleCancellation
from telesales.extensions import db, transaction
from telesales.scripting.service import current_version
from telesales.tenancy.scope import client_scope, every_client
from telesales.whatif import measuring
from telesales.whatif.actual import local_day
from telesales.whatif.forms import WhatIfForm
from telesales.whatif.question import Goal
from telesales.whatif.world import make_world
from tests.factories import make_campaign, make_history, make_published_script, make_question


@pytest.fixture
def campaign(app):
    with every_client():
        with transaction():
            made = make_campaign()
        yield made


def test_calls_are_read_as_they_were(campaign):
    make_history(campaign, talks=30, sales=6, abandoned=2, machine=40, no_answer=20, busy=8)

    with client_scope(campaign.client_id):
        found = measuring.of_campaign(campaign.id)

    assert (found.calls, found.answered, found.talks, found.wrap_ups) == (100, 32, 30, 30)
    assert found.measured.shares["human"] == 0.32
    assert found.measured.shares["machine"] == 0.4
    assert found.measured.sale_share == 0.2
    assert found.measured.mean_talk == pytest.approx(100)
    assert found.measured.rings["human"].mean == pytest.approx(8)
    assert found.measured.wrap_ups.mean == pytest.approx(20)
    assert found.sale_minor == 4_900


def test_cancelled_sales_do_not_count(campaign):
    make_history(campaign, talks=10, sales=2)
    with every_client():
        sale = db.session.scalars(select(Sale)).first()
        db.session.add(SaleCancellation(client_id=sale.client_id, sale_id=sale.id, reason="by mistake"))
        db.session.flush()

        assert measuring.of_campaign(campaign.id).measured.sale_share == 0.1


def test_wrap_ups_that_somebody_forgot_are_left_out(campaign):
    make_history(campaign, talks=5, wrap_up=4_000)

    with every_client():
        assert measuring.of_campaign(campaign.id).wrap_ups == 0


def test_only_the_last_calls_are_read(campaign, monkeypatch):
    make_history(campaign, talks=30)
    monkeypatch.setattr(measuring, "MOST_ATTEMPTS", 12)

    with every_client():
        assert measuring.of_campaign(campaign.id).calls == 12
        assert measuring.count_answered(campaign.id, most=7) == 7


def test_talks_of_a_script_are_those_of_the_same_client_only(app):
    script = make_published_script()
    version = current_version(script.id)
    mine, other = make_campaign(script=script), make_campaign(script=script)
    make_history(mine, talks=4, talk=50, script_version_id=version.id)
    make_history(other, talks=9, talk=900, script_version_id=version.id)

    with every_client():
        found = measuring.of_talk_like(f"script:{script.id}", mine.client_id)
        foreign = measuring.of_talk_like(f"campaign:{other.id}", mine.client_id)

    assert (found.talks, found.measured.mean_talk) == (4, 50)
    assert foreign.talks == 0


def world(campaign, **question):
    with client_scope(campaign.client_id):
        return make_world(campaign, make_question(**question))


def test_without_calls_the_chosen_figures_stand_in(campaign):
    found = world(campaign)

    assert (found.answered, found.own_answers, found.own_talks) == (0, 0.0, 0.0)
    assert found.measured.answer_rate == pytest.approx(0.27, abs=0.02)
    assert found.sale_minor == 4_900  # its product


def test_few_calls_are_mixed_with_the_chosen_figures(campaign):
    chosen = world(campaign).measured.answer_rate
    make_history(campaign, talks=50)

    found = world(campaign)

    assert found.own_answers == 0.25
    assert found.measured.answer_rate == pytest.approx(0.25 * 1 + 0.75 * chosen)
    assert found.own_talks == 0.5


def test_enough_calls_speak_for_themselves(campaign):
    make_history(campaign, talks=200, no_answer=200, talk=70)

    found = world(campaign)

    assert (found.own_answers, found.own_talks) == (1.0, 1.0)
    assert found.measured.answer_rate == 0.5
    assert found.measured.mean_talk == pytest.approx(70)


def test_typed_figures_go_before_measured_ones(campaign):
    make_history(campaign, talks=200, no_answer=200)

    found = world(campaign, answer_rate=0.2, talk_seconds=60.0, wrap_up_seconds=5.0, sale_share=0.5).measured

    figures = (found.answer_rate, found.mean_talk, found.wrap_ups.mean, found.sale_share)
    assert figures == pytest.approx((0.2, 60, 5, 0.5))


def test_talks_may_be_another_campaigns_while_answers_stay(app, campaign):
    other = make_campaign(client=campaign.client)
    make_history(campaign, talks=200, no_answer=200)
    make_history(other, talks=200, talk=300, sales=100, wrap_up=60)

    found = world(campaign, talk_like=f"campaign:{other.id}").measured

    assert found.answer_rate == 0.5
    assert (found.mean_talk, found.sale_share, found.wrap_ups.mean) == pytest.approx((300, 0.5, 60))


def test_candidates_are_chosen_for_the_goal(campaign):
    found = world(campaign, agents=(), goal=Goal.SALES, goal_sales=40, hours=8.0)

    assert len(found.candidates) > 3
    assert found.candidates == tuple(sorted(found.candidates))


@pytest.mark.parametrize(
    ("people", "agents"), [(8, "4, 8, 12, 16"), (1, "1, 2"), (250, "125, 250, 300"), (900, "300")]
)
def test_numbers_of_agents_are_proposed_once_each(campaign, people, agents):
    form = WhatIfForm.show(campaign, people=people, leads=1, today=local_day(clock.now()))

    assert form.texts["agents"] == agents
