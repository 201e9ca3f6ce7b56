"""Asking, reading the campaign's calls, playing shifts, being killed and going on."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from dialer.ports import DialingMode
from dialer.queues import REPORT
from dialer.simulation.replay import Replayed
from telesales import clock
from telesales.calls.models import CallDirection, Sale, SaleCancellation
from telesales.errors import ConflictError
from telesales.extensions import db, transaction
from telesales.scripting.service import current_version
from telesales.tenancy.scope import client_scope, every_client
from telesales.whatif import measuring, queries, running, service
from telesales.whatif.actual import actual_since, house_zone, local_day, runs_from
from telesales.whatif.comparing import compare
from telesales.whatif.forms import WhatIfForm
from telesales.whatif.jobs import ANSWER, answer_what_if, resume_interrupted_what_ifs
from telesales.whatif.models import WhatIf, WhatIfShift, WhatIfState
from telesales.whatif.outcome import Prices
from telesales.whatif.question import Goal
from telesales.whatif.running import STALE_AFTER, OvertakenError, run_what_if, take_interrupted
from telesales.whatif.world import make_world
from tests.crashing import see_die
from tests.factories import (
    make_campaign,
    make_history,
    make_published_script,
    make_question,
    make_what_if,
    make_worked_day,
)

LATER = 3 * STALE_AFTER


@pytest.fixture
def campaign(app):
    with every_client():
        with transaction():
            made = make_campaign()
        yield made


def asked(campaign, **question) -> int:
    with transaction():
        return make_what_if(campaign, **question).id


def read(what_if_id: int) -> WhatIf:
    db.session.rollback()
    with every_client():
        return db.session.get(WhatIf, what_if_id, populate_existing=True)


def played(what_if_id: int) -> list[tuple[int, int]]:
    with every_client():
        rows = select(WhatIfShift.agents, WhatIfShift.seed).where(WhatIfShift.what_if_id == what_if_id)
        return sorted(tuple(row) for row in db.session.execute(rows))


ALL_SHIFTS = [(1, 1), (1, 2), (1, 3), (2, 1), (2, 2), (2, 3)]


# what the campaign's calls were like


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


# what it is played with


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


# playing


def test_every_number_of_agents_is_played_with_every_seed(campaign):
    what_if_id = asked(campaign)

    assert run_what_if(what_if_id) is False

    found = read(what_if_id)
    assert (found.state, found.done, found.total) == (WhatIfState.DONE, 6, 6)
    assert played(what_if_id) == ALL_SHIFTS
    with every_client():
        one, two = queries.read_answer(found).outcomes
    assert 0.3 < one.occupancy.mean <= 1
    assert two.calls.mean > 1.5 * one.calls.mean


def test_a_slice_that_is_over_leaves_the_rest_for_the_next(campaign):
    what_if_id = asked(campaign)

    assert run_what_if(what_if_id, seconds=0) is True
    assert (read(what_if_id).state, played(what_if_id)) == (WhatIfState.RUNNING, [])
    assert run_what_if(what_if_id) is False
    assert played(what_if_id) == ALL_SHIFTS


def test_an_answered_question_is_not_played_again(campaign):
    what_if_id = asked(campaign)
    answer_what_if(what_if_id)
    finished = read(what_if_id).finished_at

    answer_what_if(what_if_id)

    assert read(what_if_id).finished_at == finished
    assert len(played(what_if_id)) == 6


@pytest.mark.parametrize("nth", [1, 6, 11, 19])
def test_a_worker_killed_at_any_statement_leaves_a_question_that_goes_on(
    app, settings, campaign, redis_server, nth
):
    what_if_id = asked(campaign)

    see_die("crashing_job", settings, ANSWER, what_if_id, nth)
    before = played(what_if_id)
    db.session.rollback()
    with clock.freeze(clock.now() + LATER):
        resume_interrupted_what_ifs()
    assert redis_server.llen(f"rq:queue:{REPORT.name}") == 1
    answer_what_if(what_if_id)

    assert len(before) < 6
    assert played(what_if_id) == ALL_SHIFTS
    assert read(what_if_id).state == WhatIfState.DONE


def test_shifts_that_were_played_before_a_kill_are_kept(campaign):
    """A shift depends on its question and seed alone: whoever plays it, it is the same."""
    interrupted, whole = asked(campaign), asked(campaign)
    with every_client(), transaction():
        run_what_if(whole)
        for_good = db.session.scalars(
            select(WhatIfShift).where(WhatIfShift.what_if_id == whole, WhatIfShift.seed == 1)
        ).all()
        for shift in for_good:
            db.session.add(
                WhatIfShift(
                    client_id=shift.client_id, what_if_id=interrupted, agents=shift.agents, seed=1, figures=shift.figures
                )
            )  # fmt: skip
    run_what_if(interrupted)

    with every_client():
        figures = [
            db.session.scalars(
                select(WhatIfShift.figures)
                .where(WhatIfShift.what_if_id == key)
                .order_by(WhatIfShift.agents, WhatIfShift.seed)
            ).all()
            for key in (interrupted, whole)
        ]
    assert figures[0] == figures[1]


def test_a_run_that_was_overtaken_stops_at_its_next_beat(campaign):
    what_if_id = asked(campaign)
    with client_scope(campaign.client_id):
        old = running._begin(what_if_id)
        running._begin(what_if_id)
        old.beaten_at = 0.0

        with pytest.raises(OvertakenError):
            old.beat()


def test_a_cancelled_question_is_not_played_on(campaign):
    what_if_id = asked(campaign)
    with client_scope(campaign.client_id):
        run = running._begin(what_if_id)
        with transaction():
            service.cancel(queries.get_what_if(what_if_id))
        run.beaten_at = 0.0
        with pytest.raises(OvertakenError):
            run.beat()

    assert run_what_if(what_if_id) is False
    assert read(what_if_id).state == WhatIfState.CANCELLED
    assert played(what_if_id) == []


def test_what_is_over_cannot_be_cancelled(campaign):
    what_if_id = asked(campaign)
    run_what_if(what_if_id)

    with every_client(), pytest.raises(ConflictError):
        service.cancel(queries.get_what_if(what_if_id))


def test_a_question_that_is_heard_of_is_not_taken(campaign):
    what_if_id = asked(campaign)

    assert take_interrupted() == []
    with clock.freeze(clock.now() + LATER):
        assert take_interrupted() == [what_if_id]
        assert take_interrupted() == []


def test_a_question_that_is_cut_off_again_and_again_fails(campaign, monkeypatch):
    monkeypatch.setattr(running, "MAX_RUNS", 2)
    what_if_id = asked(campaign)

    for _ in range(3):
        run_what_if(what_if_id, seconds=0)

    assert (read(what_if_id).state, read(what_if_id).error) == (WhatIfState.FAILED, "interrupted")


def test_a_question_that_cannot_be_played_fails_once_and_for_all(campaign):
    what_if_id = asked(campaign)
    with every_client(), transaction():
        found = db.session.get(WhatIf, what_if_id)
        found.question = {"no": "question"}

    with pytest.raises(KeyError):
        answer_what_if(what_if_id)

    assert (read(what_if_id).state, read(what_if_id).error) == (WhatIfState.FAILED, "broken")


def test_an_unfinished_slice_is_queued_again(campaign, redis_server, monkeypatch):
    monkeypatch.setattr(running, "SLICE_SECONDS", -1.0)
    monkeypatch.setattr("telesales.whatif.jobs.run_what_if", lambda key: run_what_if(key, seconds=-1.0))
    what_if_id = asked(campaign)

    answer_what_if(what_if_id)

    assert redis_server.llen(f"rq:queue:{REPORT.name}") == 1


@pytest.mark.parametrize(
    ("people", "agents"), [(8, "4, 8, 12, 16"), (1, "1, 2"), (250, "125, 250, 300"), (900, "300")]
)
def test_numbers_of_agents_are_proposed_once_each(campaign, people, agents):
    form = WhatIfForm.show(campaign, people=people, leads=1, today=local_day(clock.now()))

    assert form.texts["agents"] == agents


# side by side


def test_actual_figures_are_those_since_the_question(campaign):
    today = local_day(clock.now())
    make_worked_day(campaign, today - timedelta(days=1), hours=8.0)
    make_worked_day(campaign, today, hours=4.0, sales=6)
    make_history(campaign, talks=20, abandoned=5, no_answer=15)

    with every_client():
        found = actual_since(campaign.id, clock.now() - timedelta(hours=4))
        today_only = actual_since(
            campaign.id, runs_from(clock.now() - timedelta(hours=30), today, house_zone())
        )

    assert (found.calls, found.answered, found.abandoned) == (40, 25, 5)
    assert found.counted_from == found.first_call_at >= found.since
    assert (today_only.days, today_only.agents, today_only.sales) == (1, 1.0, 6)
    assert today_only.work_hours == pytest.approx(4.0)
    assert today_only.occupancy == pytest.approx(0.875)


def test_only_calls_of_the_dialer_are_compared_with_what_it_was_expected_to_do(campaign):
    make_history(campaign, talks=20, abandoned=5)
    make_history(campaign, talks=10, mode=DialingMode.MANUAL)
    make_history(campaign, talks=10, direction=CallDirection.INBOUND)

    with every_client():
        found = actual_since(
            campaign.id,
            runs_from(
                clock.now() - timedelta(hours=30), local_day(clock.now()) - timedelta(days=1), house_zone()
            ),
        )

    assert (found.calls, found.answered, found.abandoned) == (25, 25, 5)


def test_predicted_and_actual_figures_stand_side_by_side(campaign):
    what_if_id = asked(campaign, agents=(1, 20), agent_hour_minor=2_000)
    run_what_if(what_if_id)
    with transaction():
        make_worked_day(campaign, local_day(clock.now()), hours=4.0, sales=6)
        make_history(campaign, talks=150)

    with every_client():
        answered = queries.read_answer(read(what_if_id))
        actual = actual_since(
            campaign.id,
            runs_from(
                clock.now() - timedelta(hours=30), local_day(clock.now()) - timedelta(days=1), house_zone()
            ),
        )
        compared = compare(answered.outcomes, actual, answered.prices, "USD")

    assert compared.outcome.agents == 1
    assert [line.key for line in compared.lines][:3] == ["occupancy", "abandonment", "calls"]
    assert compared.line("occupancy").actual == "87.5%"
    assert compared.line("sales").actual == "1.50"


@pytest.mark.parametrize(("agents", "shifts", "judged"), [(1, 3, True), (20, 3, False), (1, 1, False)])
def test_only_as_many_agents_and_enough_shifts_are_judged(campaign, agents, shifts, judged):
    what_if_id = asked(campaign, agents=(agents,), seeds=shifts)
    run_what_if(what_if_id)
    with transaction():
        make_worked_day(campaign, local_day(clock.now()), hours=4.0, sales=6)
        make_history(campaign, talks=150)

    with every_client():
        answered = queries.read_answer(read(what_if_id))
        actual = actual_since(
            campaign.id,
            runs_from(
                clock.now() - timedelta(hours=30), local_day(clock.now()) - timedelta(days=1), house_zone()
            ),
        )
        compared = compare(answered.outcomes, actual, answered.prices, "USD")

    assert compared.is_fair == judged
    assert {line.holds is not None for line in compared.lines} == {judged}
    assert (compared.line("occupancy").within == "–") == (shifts < 3)


def test_too_little_is_not_compared(campaign):
    what_if_id = asked(campaign)
    run_what_if(what_if_id)

    with every_client():
        answered = queries.read_answer(read(what_if_id))
        actual = actual_since(
            campaign.id, runs_from(clock.now() - timedelta(hours=30), local_day(clock.now()), house_zone())
        )

        assert compare(answered.outcomes, actual, answered.prices, "USD") is None


def test_a_sale_costs_paid_hours_and_connected_minutes(campaign):
    make_worked_day(campaign, local_day(clock.now()), hours=4.0, sales=5)

    with every_client():
        actual = actual_since(
            campaign.id, runs_from(clock.now() - timedelta(hours=30), local_day(clock.now()), house_zone())
        )

    assert actual.cost_per_sale(Prices(2_000, 1_000, 0)) == pytest.approx((4.25 * 2_000 + 180) / 5)


def test_shifts_are_kept_once_by_number_and_seed(campaign):
    what_if_id = asked(campaign)
    run_what_if(what_if_id)
    with client_scope(campaign.client_id):
        run = running.Run(what_if_id, campaign.client_id, read(what_if_id).fence, make_question(), None, 0.0)
        with transaction():
            read(what_if_id).state = WhatIfState.RUNNING
        figures = Replayed(1.0, 1.0, 1.0, 1.0, 1.0, 1, 1, 0, 0.0)
        running._keep(run, 1, 1, figures)
        count = select(func.count(WhatIfShift.id)).where(WhatIfShift.what_if_id == what_if_id)

        assert db.session.scalar(count) == 6
