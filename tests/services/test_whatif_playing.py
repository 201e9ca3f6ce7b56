"""Playing shifts, being overtaken, being killed and going on."""

import pytest
from sqlalchemy import func, select

from dialer.queues import REPORT
from dialer.simulation.replay import Replayed
from telesales import clock
from telesales.errors import ConflictError
from telesales.extensions import db, transaction
from telesales.tenancy.scope import client_scope, every_client
from telesales.whatif import queries, running, service
from telesales.whatif.jobs import ANSWER, answer_what_if, resume_interrupted_what_ifs
from telesales.whatif.models import WhatIf, WhatIfShift, WhatIfState
from telesales.whatif.running import STALE_AFTER, OvertakenError, run_what_if, take_interrupted
from tests.crashing import see_die
from tests.factories import make_asked_what_if, make_campaign, make_played_what_if, make_question
from tests.factories_whatif import read_what_if

LATER = 3 * STALE_AFTER
ALL_SHIFTS = [(1, 1), (1, 2), (1, 3), (2, 1), (2, 2), (2, 3)]


@pytest.fixture
def campaign(app):
    with every_client():
        with transaction():
            made = make_campaign()
        yield made


def played(what_if_id: int) -> list[tuple[int, int]]:
    with every_client():
        rows = select(WhatIfShift.agents, WhatIfShift.seed).where(WhatIfShift.what_if_id == what_if_id)
        return sorted(tuple(row) for row in db.session.execute(rows))


def test_every_number_of_agents_is_played_with_every_seed(campaign):
    what_if_id = make_asked_what_if(campaign.id)

    assert run_what_if(what_if_id) is False

    found = read_what_if(what_if_id)
    assert (found.state, found.done, found.total) == (WhatIfState.DONE, 6, 6)
    assert played(what_if_id) == ALL_SHIFTS
    with every_client():
        one, two = queries.read_answer(found).outcomes
    assert 0.3 < one.occupancy.mean <= 1
    assert two.calls.mean > 1.5 * one.calls.mean


def test_a_slice_that_is_over_leaves_the_rest_for_the_next(campaign):
    what_if_id = make_asked_what_if(campaign.id)

    assert run_what_if(what_if_id, seconds=0) is True
    assert (read_what_if(what_if_id).state, played(what_if_id)) == (WhatIfState.RUNNING, [])
    assert run_what_if(what_if_id) is False
    assert played(what_if_id) == ALL_SHIFTS


def test_an_answered_question_is_not_played_again(campaign):
    what_if_id = make_asked_what_if(campaign.id)
    answer_what_if(what_if_id)
    finished = read_what_if(what_if_id).finished_at

    answer_what_if(what_if_id)

    assert read_what_if(what_if_id).finished_at == finished
    assert len(played(what_if_id)) == 6


@pytest.mark.parametrize("nth", [1, 6, 11, 19])
def test_a_worker_killed_at_any_statement_leaves_a_question_that_goes_on(
    app, settings, campaign, redis_server, nth
):
    what_if_id = make_asked_what_if(campaign.id)

    see_die("crashing_job", settings, ANSWER, what_if_id, nth)
    before = played(what_if_id)
    db.session.rollback()
    with clock.freeze(clock.now() + LATER):
        resume_interrupted_what_ifs()
    assert redis_server.llen(f"rq:queue:{REPORT.name}") == 1
    answer_what_if(what_if_id)

    assert len(before) < 6
    assert played(what_if_id) == ALL_SHIFTS
    assert read_what_if(what_if_id).state == WhatIfState.DONE


def test_shifts_that_were_played_before_a_kill_are_kept(campaign):
    """A shift depends on its question and seed alone: whoever plays it, it is the same."""
    interrupted, whole = make_asked_what_if(campaign.id), make_played_what_if(campaign.id)
    with every_client(), transaction():
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
    what_if_id = make_asked_what_if(campaign.id)
    with client_scope(campaign.client_id):
        old = running._begin(what_if_id)
        running._begin(what_if_id)
        old.beaten_at = 0.0

        with pytest.raises(OvertakenError):
            old.beat()


def test_a_cancelled_question_is_not_played_on(campaign):
    what_if_id = make_asked_what_if(campaign.id)
    with client_scope(campaign.client_id):
        run = running._begin(what_if_id)
        with transaction():
            service.cancel(queries.get_what_if(what_if_id))
        run.beaten_at = 0.0
        with pytest.raises(OvertakenError):
            run.beat()

    assert run_what_if(what_if_id) is False
    assert read_what_if(what_if_id).state == WhatIfState.CANCELLED
    assert played(what_if_id) == []


def test_what_is_over_cannot_be_cancelled(campaign):
    what_if_id = make_played_what_if(campaign.id)

    with every_client(), pytest.raises(ConflictError):
        service.cancel(queries.get_what_if(what_if_id))


def test_a_question_that_is_heard_of_is_not_taken(campaign):
    what_if_id = make_asked_what_if(campaign.id)

    assert take_interrupted() == []
    with clock.freeze(clock.now() + LATER):
        assert take_interrupted() == [what_if_id]
        assert take_interrupted() == []


def test_a_question_that_is_cut_off_again_and_again_fails(campaign, monkeypatch):
    monkeypatch.setattr(running, "MAX_RUNS", 2)
    what_if_id = make_asked_what_if(campaign.id)

    for _ in range(3):
        run_what_if(what_if_id, seconds=0)

    assert (read_what_if(what_if_id).state, read_what_if(what_if_id).error) == (
        WhatIfState.FAILED,
        "interrupted",
    )


def test_a_question_that_cannot_be_played_fails_once_and_for_all(campaign):
    what_if_id = make_asked_what_if(campaign.id)
    with every_client(), transaction():
        found = db.session.get(WhatIf, what_if_id)
        found.question = {"no": "question"}

    with pytest.raises(KeyError):
        answer_what_if(what_if_id)

    assert (read_what_if(what_if_id).state, read_what_if(what_if_id).error) == (WhatIfState.FAILED, "broken")


def test_an_unfinished_slice_is_queued_again(campaign, redis_server, monkeypatch):
    monkeypatch.setattr(running, "SLICE_SECONDS", -1.0)
    monkeypatch.setattr("telesales.whatif.jobs.run_what_if", lambda key: run_what_if(key, seconds=-1.0))
    what_if_id = make_asked_what_if(campaign.id)

    answer_what_if(what_if_id)

    assert redis_server.llen(f"rq:queue:{REPORT.name}") == 1


def test_shifts_are_kept_once_by_number_and_seed(campaign):
    what_if_id = make_played_what_if(campaign.id)
    with client_scope(campaign.client_id):
        run = running.Run(
            what_if_id, campaign.client_id, read_what_if(what_if_id).fence, make_question(), None, 0.0
        )
        with transaction():
            read_what_if(what_if_id).state = WhatIfState.RUNNING
        figures = Replayed(1.0, 1.0, 1.0, 1.0, 1.0, 1, 1, 0, 0.0)
        running._keep(run, 1, 1, figures)
        count = select(func.count(WhatIfShift.id)).where(WhatIfShift.what_if_id == what_if_id)

        assert db.session.scalar(count) == 6
