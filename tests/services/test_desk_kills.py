"""A process that dies while a sale is being saved leaves all of it or nothing."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select

from telesales import clock
from telesales.agents.models import User
from telesales.calls.daily import DailyResult
from telesales.calls.models import CallAttempt, CallDisposition, Sale
from telesales.calls.rules import DispositionCode
from telesales.calls.service import dispositions, sales
from telesales.commissions.models import LedgerLine
from telesales.commissions.service import accrual, lines
from telesales.desk.service import outcomes, scripting
from telesales.desk.service.outcomes import Outcome
from telesales.dialing import days
from telesales.extensions import db, transaction
from telesales.standings.service import announcing, counting
from telesales.tenancy.scope import every_client
from tests.dying import dies
from tests.factories_commissions import make_plan
from tests.factories_desk import DeskScene, make_desk_call

NOON = datetime(2026, 11, 20, 17, tzinfo=UTC)
WATCHED = (outcomes, sales, dispositions, accrual, lines, counting, announcing, days)
STEP = 7  # every seventh line: each part is still met several times, and the test is seven times shorter

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture(autouse=True)
def friday_noon() -> Iterator[None]:
    with every_client(), clock.freeze(NOON):
        yield


@pytest.fixture
def scene() -> DeskScene:
    made = make_desk_call(state="wrap_up")
    make_plan(made.campaign)
    scripting.answer_step(made.agent, made.attempt, "go_on", revision=0)
    scripting.answer_step(made.agent, made.attempt, "agrees", revision=1)
    scripting.write_field(made.agent, made.attempt, "people", "4")
    db.session.commit()
    return made


def sell(scene: DeskScene) -> None:
    with transaction():
        agent = db.session.get_one(User, scene.agent_id)
        attempt = db.session.get_one(CallAttempt, scene.attempt_id)
        outcomes.finish_call(agent, attempt, Outcome(DispositionCode.SALE))


def kept() -> tuple[int, ...]:
    counts = [
        db.session.scalar(select(func.count()).select_from(kind))
        for kind in (Sale, CallDisposition, LedgerLine)
    ]
    figures = db.session.execute(select(DailyResult.sales, DailyResult.amount_minor)).one_or_none()
    db.session.rollback()
    return (*counts, *(figures or (0, 0)))


def test_sale_commission_outcome_and_standing_are_saved_together_wherever_the_process_dies(scene: DeskScene):
    line = 1
    while dies(lambda: sell(scene), line, *WATCHED):
        assert kept() == (0, 0, 0, 0, 0)
        line += STEP

    assert line > 15 * STEP
    assert kept() == (1, 1, 1, 1, 4900)
    sell(scene)
    assert kept() == (1, 1, 1, 1, 4900)
