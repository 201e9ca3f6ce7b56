"""Reading what-ifs and what came of them."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from dialer.simulation.replay import Replayed
from telesales import clock
from telesales.errors import NotFoundError
from telesales.extensions import db
from telesales.whatif.models import OPEN, WhatIf, WhatIfShift
from telesales.whatif.outcome import Outcome, Prices, outcomes
from telesales.whatif.question import Question, seconds_to_play
from telesales.whatif.running import STALE_AFTER
from telesales.whatif.world import World

MOST_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Answered:
    """A what-if with its question read and its outcomes so far. `world` is None until calls were read."""

    what_if: WhatIf
    question: Question
    world: World | None
    outcomes: Sequence[Outcome]

    @property
    def prices(self) -> Prices:
        """What was typed, and the usual sale."""
        return prices_of(self.question, self.world)


def prices_of(question: Question, world: World | None) -> Prices:
    """What a day costs and brings."""
    return Prices(question.agent_hour_minor, question.minutes_minor, world.sale_minor if world else 0)


def get_what_if(what_if_id: int) -> WhatIf:
    """Return a what-if in scope or raise."""
    found: WhatIf | None = db.session.scalar(select(WhatIf).where(WhatIf.id == what_if_id))
    if found is None:
        raise NotFoundError
    return found


def list_what_ifs(campaign_id: int) -> list[Answered]:
    """The last what-ifs of a campaign, newest first."""
    found = db.session.scalars(
        select(WhatIf)
        .options(joinedload(WhatIf.created_by), joinedload(WhatIf.campaign))
        .where(WhatIf.campaign_id == campaign_id)
        .order_by(WhatIf.id.desc())
        .limit(MOST_SHOWN)
    ).all()
    shifts = _shifts_of([what_if.id for what_if in found])
    return [_read(what_if, shifts[what_if.id]) for what_if in found]


def read_answer(what_if: WhatIf) -> Answered:
    """The question and its outcomes so far."""
    return _read(what_if, _shifts_of([what_if.id])[what_if.id])


def _read(what_if: WhatIf, shifts: dict[int, list[Replayed]]) -> Answered:
    question = Question.from_json(what_if.question)
    if not what_if.world:
        return Answered(what_if, question, None, ())
    world = World.from_json(what_if.world)
    found = work_out(shifts, question, world)
    return Answered(what_if, question, world, found)


def work_out(shifts: dict[int, list[Replayed]], question: Question, world: World) -> list[Outcome]:
    """The figures of a day from shifts by number of agents."""
    return outcomes(
        shifts,
        question,
        sale_share=world.measured.sale_share,
        calls_per_lead=world.calls_per_lead,
        prices=prices_of(question, world),
    )


def _shifts_of(ids: Collection[int]) -> defaultdict[int, defaultdict[int, list[Replayed]]]:
    found: defaultdict[int, defaultdict[int, list[Replayed]]] = defaultdict(lambda: defaultdict(list))
    rows = db.session.execute(
        select(WhatIfShift.what_if_id, WhatIfShift.agents, WhatIfShift.figures)
        .where(WhatIfShift.what_if_id.in_(ids))
        .order_by(WhatIfShift.agents, WhatIfShift.seed)
    )
    for what_if_id, agents, figures in rows:
        found[what_if_id][agents].append(Replayed.read(figures))
    return found


def is_interrupted(what_if: WhatIf) -> bool:
    """Say whether its worker has not been heard of for a while."""
    beat = what_if.beat_at
    return what_if.state in OPEN and (beat is None or beat < clock.now() - STALE_AFTER)


def seconds_left(what_if: WhatIf) -> float | None:
    """How long it is likely to take still; None until it is known what is to be played."""
    if not what_if.total:
        return None
    left = what_if.total - what_if.done
    if what_if.done and what_if.started_at:
        return (clock.now() - what_if.started_at).total_seconds() / what_if.done * left
    question, world = Question.from_json(what_if.question), World.from_json(what_if.world)
    return seconds_to_play(question, world.candidates)
