"""Answering a question: shift after shift, in slices between which other jobs get their turn.

Each shift is kept when it was played. A run that was killed is found by its last beat and goes on with the next
shift; a run that was overtaken or cancelled stops at its next beat.
"""

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import func, select, update

from dialer.simulation.replay import Replayed, Terms, replay
from telesales import clock
from telesales.campaigns.models import Campaign
from telesales.extensions import db, insert_into, read_only, transaction
from telesales.tenancy.scope import client_scope, every_client
from telesales.whatif.models import OPEN, WhatIf, WhatIfShift, WhatIfState
from telesales.whatif.question import Question, simulated_hours
from telesales.whatif.world import World, make_world

SLICE_SECONDS = 20.0
BEAT_SECONDS = 2.0
STALE_AFTER = timedelta(seconds=15)
REST_AFTER_QUEUEING = timedelta(seconds=55)  # it may wait behind another job
MAX_RUNS = 500
WHAT_IFS: Any = WhatIf.__table__
log = logging.getLogger(__name__)


class OvertakenError(Exception):
    """A newer run has taken over, or somebody has cancelled the question."""


@dataclass(slots=True)
class Run:
    """What one run knows; copied, so that no row is held while a shift is played."""

    id: int
    client_id: int
    fence: int
    question: Question
    world: World | None
    beaten_at: float

    def save(self, **values: Any) -> None:
        """Write to the question, if it is still this run's."""
        done: Any = db.session.execute(
            update(WHAT_IFS)
            .where(
                WHAT_IFS.c.id == self.id,
                WHAT_IFS.c.fence == self.fence,
                WHAT_IFS.c.state == WhatIfState.RUNNING,
            )
            .values(beat_at=clock.now(), **values)
        )
        if not done.rowcount:
            raise OvertakenError

    def beat(self) -> None:
        """Be heard of, every few seconds."""
        if time.monotonic() - self.beaten_at >= BEAT_SECONDS:
            self.beaten_at = time.monotonic()
            with transaction():
                self.save()


def run_what_if(what_if_id: int, *, seconds: float = SLICE_SECONDS) -> bool:
    """Go on with a question for a while. True: there is more to do. Safe to run twice, also at once."""
    with every_client():
        client_id = _client_of(what_if_id)
    if client_id is None:
        return False
    with client_scope(client_id):
        run = _begin(what_if_id)
        try:
            return run is not None and _work(run, until=time.monotonic() + seconds)
        except OvertakenError:
            log.info("what-if %s is somebody else's now", what_if_id)
            return False


def _client_of(what_if_id: int) -> int | None:
    with read_only():
        found = db.session.scalar(select(WhatIf.client_id).where(WhatIf.id == what_if_id))
        db.session.rollback()
    return found


def _begin(what_if_id: int) -> Run | None:
    """Take the question over from whoever had it; read the campaign's calls the first time."""
    with transaction():
        found = db.session.scalar(select(WhatIf).where(WhatIf.id == what_if_id).with_for_update())
        if found is None or found.state not in OPEN:
            return None
        found.fence += 1
        found.beat_at = clock.now()
        if found.fence > MAX_RUNS:
            found.state, found.error, found.finished_at = WhatIfState.FAILED, "interrupted", clock.now()
            return None
        found.state = WhatIfState.RUNNING
        question = Question.from_json(found.question)
        world = World.from_json(found.world) if found.world else None
        run = Run(found.id, found.client_id, found.fence, question, world, time.monotonic())
    if run.world is None:
        _read_calls(run)
    return run


def _read_calls(run: Run) -> None:
    """Reading holds nobody up: the row is written in a unit of its own."""
    with read_only():
        campaign = db.session.scalars(
            select(Campaign).join(WhatIf, WhatIf.campaign_id == Campaign.id).where(WhatIf.id == run.id)
        ).one()
        world = make_world(campaign, run.question)
        db.session.rollback()
    with transaction():
        total = len(world.candidates) * run.question.seeds
        run.save(world=world.to_json(), started_at=clock.now(), total=total)
    run.world = world


def _work(run: Run, *, until: float) -> bool:
    world = run.world
    if world is None:
        return False
    for agents, seed in _missing(run, world.candidates):
        if time.monotonic() >= until:
            return _rest(run)
        figures = play(run.question, world, agents=agents, seed=seed, beat=run.beat)
        _keep(run, agents, seed, figures)
    with transaction():
        run.save(state=WhatIfState.DONE, finished_at=clock.now())
    return False


def play(
    question: Question, world: World, *, agents: int, seed: int, beat: Callable[[], None] | None = None
) -> Replayed:
    """Play one shift of a question."""
    terms = Terms(
        agents=agents,
        seed=seed,
        hours=simulated_hours(question, agents),
        limit=question.limit,
        lines=question.lines,
        mode=question.mode.value,
        ring_seconds=question.ring_seconds,
        calls_per_second=question.calls_per_second,
    )
    return replay(world.measured, terms, beat=beat)


def _missing(run: Run, candidates: Sequence[int]) -> list[tuple[int, int]]:
    """Shifts that nobody has played yet: one of each number of agents first, so that a table can be shown early."""
    with read_only():
        rows = db.session.execute(
            select(WhatIfShift.agents, WhatIfShift.seed).where(WhatIfShift.what_if_id == run.id)
        )
        played = {(agents, seed) for agents, seed in rows}
        db.session.rollback()
    wanted = [(n, seed) for seed in range(1, run.question.seeds + 1) for n in candidates]
    return [shift for shift in wanted if shift not in played]


def _keep(run: Run, agents: int, seed: int, figures: Replayed) -> None:
    with transaction():
        run.save()
        db.session.execute(
            insert_into(WhatIfShift.__table__)
            .values(
                client_id=run.client_id,
                what_if_id=run.id,
                agents=agents,
                seed=seed,
                figures=figures.to_dict(),
            )
            .on_conflict_do_nothing(index_elements=["what_if_id", "agents", "seed"])
        )
        played = select(func.count(WhatIfShift.id)).where(WhatIfShift.what_if_id == run.id)
        run.save(done=db.session.scalar(played))


def _rest(run: Run) -> bool:
    """Let others have their turn; the job is queued again."""
    with transaction():
        run.save()
        again = update(WHAT_IFS).where(WHAT_IFS.c.id == run.id)
        db.session.execute(again.values(beat_at=clock.now() + REST_AFTER_QUEUEING))
    return True


def fail(what_if_id: int) -> None:
    """Note that a question cannot be answered: playing it raised an error."""
    with every_client(), transaction():
        broken = update(WhatIf).where(WhatIf.id == what_if_id, WhatIf.state.in_(OPEN))
        db.session.execute(broken.values(state=WhatIfState.FAILED, error="broken", finished_at=clock.now()))


def take_interrupted() -> list[int]:
    """Questions whose run has not been heard of for a while; they are not given again for a minute."""
    stale = (WhatIf.state.in_(OPEN), WhatIf.beat_at < clock.now() - STALE_AFTER)
    with every_client():
        with read_only():
            found = list(db.session.scalars(select(WhatIf.id).where(*stale)))
            db.session.rollback()
        if found:
            with transaction():
                again = update(WhatIf).where(WhatIf.id.in_(found))
                db.session.execute(again.values(beat_at=clock.now() + REST_AFTER_QUEUEING))
    return found
