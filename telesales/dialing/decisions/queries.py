"""Reads of decisions."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from flask_sqlalchemy.pagination import Pagination
from sqlalchemy import ColumnElement, Select, func, select

from telesales.agents.models import User
from telesales.calls.models import CallAttempt, CallEvent
from telesales.dialing.models import PacingDecision
from telesales.errors import NotFoundError
from telesales.extensions import db

PER_PAGE = 50
A_MOMENT = timedelta(milliseconds=1)
RESERVED_WITHIN = timedelta(seconds=30)  # of the decision; the database may take its time
BY_DECISION = CallAttempt.decision["at"].as_float()


def get_decision(campaign_id: int, decision_id: int) -> PacingDecision:
    """Return a decision of a campaign in scope."""
    found: PacingDecision | None = db.session.scalar(
        select(PacingDecision).where(
            PacingDecision.id == decision_id, PacingDecision.campaign_id == campaign_id
        )
    )
    if found is None:
        raise NotFoundError
    return found


def find_decision(campaign_id: int, at: datetime) -> PacingDecision | None:
    """The decision of a moment, or None."""
    near = db.session.scalars(
        select(PacingDecision).where(
            PacingDecision.campaign_id == campaign_id,
            PacingDecision.at.between(at - A_MOMENT, at + A_MOMENT),
        )
    )
    return next((row for row in near if _key(row.at.timestamp()) == _key(at.timestamp())), None)


def get_call(campaign_id: int, attempt_id: int) -> CallAttempt:
    """Return a call of a campaign in scope."""
    found: CallAttempt | None = db.session.scalar(
        select(CallAttempt).where(CallAttempt.id == attempt_id, CallAttempt.campaign_id == campaign_id)
    )
    if found is None:
        raise NotFoundError
    return found


def events_of(attempt_id: int) -> Sequence[CallEvent]:
    """What happened to a call, in its order."""
    return db.session.scalars(
        select(CallEvent).where(CallEvent.attempt_id == attempt_id).order_by(CallEvent.at, CallEvent.id)
    ).all()


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of a campaign's decisions."""

    campaign_id: int
    since: datetime
    until: datetime

    @property
    def conditions(self) -> tuple[ColumnElement[bool], ...]:
        """For a query of decisions."""
        return (
            PacingDecision.campaign_id == self.campaign_id,
            PacingDecision.at >= self.since,
            PacingDecision.at <= self.until,
        )


def latest_decisions(campaign_id: int, count: int) -> Sequence[PacingDecision]:
    """The latest decisions, newest first."""
    return db.session.scalars(
        select(PacingDecision)
        .where(PacingDecision.campaign_id == campaign_id)
        .order_by(PacingDecision.at.desc())
        .limit(count)
    ).all()


def list_decisions(
    window: Window, *, with_idle: bool, page: int | None, around: datetime | None
) -> Pagination:
    """Decisions, newest first, a page at a time; without a page number the one with the moment asked for."""
    found = _wanted(window, with_idle)
    page = page or _page_around(found, around)
    return db.paginate(
        found.order_by(PacingDecision.at.desc()), page=page, per_page=PER_PAGE, error_out=False
    )


def _wanted(window: Window, with_idle: bool) -> Select[tuple[PacingDecision]]:
    found = select(PacingDecision).where(*window.conditions)
    return found if with_idle else found.where(PacingDecision.calls > 0)


def _page_around(found: Select[tuple[PacingDecision]], around: datetime | None) -> int:
    if around is None:
        return 1
    later = found.where(PacingDecision.at > around).with_only_columns(func.count())
    return (db.session.scalar(later) or 0) // PER_PAGE + 1


def placed_by(decisions: Sequence[PacingDecision]) -> Mapping[int, int]:
    """How many calls each decision placed in the end, by its id."""
    if not decisions:
        return {}
    times = [decision.at for decision in decisions]
    rows = db.session.scalars(
        select(BY_DECISION).where(
            CallAttempt.campaign_id == decisions[0].campaign_id,
            CallAttempt.reserved_at.between(min(times), max(times) + RESERVED_WITHIN),
        )
    )
    counts = Counter(_key(at) for at in rows if at is not None)
    return {decision.id: counts[_key(decision.at.timestamp())] for decision in decisions}


@dataclass(frozen=True, slots=True)
class PlacedCall:
    """A call that a decision placed, and who talked."""

    attempt: CallAttempt
    agent_name: str


def calls_of(decision: PacingDecision) -> Sequence[PlacedCall]:
    """The calls that a decision placed."""
    rows = db.session.execute(
        select(CallAttempt, User.name)
        .outerjoin(User, User.id == CallAttempt.agent_id)
        .where(
            CallAttempt.campaign_id == decision.campaign_id,
            CallAttempt.reserved_at.between(decision.at, decision.at + RESERVED_WITHIN),
        )
        .order_by(CallAttempt.id)
    )
    wanted = _key(decision.at.timestamp())
    return [
        PlacedCall(attempt, name or "")
        for attempt, name in rows
        if _key(attempt.decision.get("at") or 0.0) == wanted
    ]


def decision_of(attempt: CallAttempt) -> PacingDecision | None:
    """The decision that placed a call; None when it was dialed by hand, or the decision is kept no longer."""
    wanted = attempt.decision.get("at")
    if wanted is None:
        return None
    return find_decision(attempt.campaign_id, datetime.fromtimestamp(wanted, UTC))


def neighbours(decision: PacingDecision) -> tuple[PacingDecision | None, PacingDecision | None]:
    """The decisions just before and just after one."""
    same = select(PacingDecision).where(PacingDecision.campaign_id == decision.campaign_id).limit(1)
    before = same.where(PacingDecision.at < decision.at).order_by(PacingDecision.at.desc())
    after = same.where(PacingDecision.at > decision.at).order_by(PacingDecision.at)
    return db.session.scalar(before), db.session.scalar(after)


def _key(at: float) -> int:
    """Moments of decisions are told by the millisecond."""
    return round(at * 1000)
