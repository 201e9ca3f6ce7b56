"""Points of the charts: what was decided, what was foreseen, what came."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Integer, cast, func, or_, select

from telesales import clock
from telesales.calls.models import CallAttempt, CallResult
from telesales.dialing.decisions.queries import BY_DECISION, Window
from telesales.dialing.models import PacingDecision
from telesales.extensions import db

MOST_POINTS = 180
LEAST_SECONDS = 5.0
USUAL_HORIZON = 10.0  # seconds; of rules that foresee nothing
DAY_SECONDS = 86_400
LONGEST_RING = timedelta(minutes=3)


@dataclass(frozen=True, slots=True)
class Point:
    """One step of the charts; None where it is not known."""

    at: float
    calls: int  # decided since the point before
    agents: int
    air: int  # calls in the air
    predicted: float | None
    actual: int | None
    risk: float | None
    threshold: float | None
    day: float | None  # people who may still be abandoned
    half_hour: float | None
    window: float | None

    @property
    def moment(self) -> datetime:
        """When."""
        return datetime.fromtimestamp(self.at, UTC)


@dataclass(frozen=True, slots=True)
class Answer:
    """A person answered a call that was decided at a time."""

    decided_at: float
    answered_at: float


def chart_points(window: Window) -> list[Point]:
    """At most some two hundred points, whatever the length of the window."""
    steps = _steps(window)
    if not steps:
        return []
    rows = db.session.scalars(select(PacingDecision).where(PacingDecision.id.in_(steps)))
    answers = _answers(window)
    now = clock.now().timestamp()
    ordered = sorted(rows, key=lambda row: row.at)
    return [_point(row, steps[row.id], answers, now) for row in ordered]


def step_seconds(window: Window) -> float:
    """Between two points."""
    return max(LEAST_SECONDS, (window.until - window.since).total_seconds() / MOST_POINTS)


def _steps(window: Window) -> Mapping[int, int]:
    """The last decision of each step, with the calls of the whole step."""
    step = cast(_epoch(PacingDecision.at) / step_seconds(window), Integer)
    rows = db.session.execute(
        select(func.max(PacingDecision.id), func.sum(PacingDecision.calls))
        .where(*window.conditions)
        .group_by(step)
    )
    return {decision_id: int(calls) for decision_id, calls in rows}


def _epoch(moment: Any) -> Any:
    if db.session.get_bind().dialect.name == "postgresql":
        return func.extract("epoch", moment)
    return func.julianday(moment) * DAY_SECONDS


def _answers(window: Window) -> Sequence[Answer]:
    """People who answered, by time. Calls that somebody dialed by hand were not foreseen by anybody."""
    rows = db.session.execute(
        select(BY_DECISION.label("decided"), CallAttempt.answered_at)
        .where(
            CallAttempt.campaign_id == window.campaign_id,
            CallAttempt.reserved_at.between(window.since - LONGEST_RING, window.until + LONGEST_RING),
            CallAttempt.answered_at.is_not(None),
            or_(CallAttempt.result.is_(None), CallAttempt.result != CallResult.MACHINE),
        )
        .order_by(CallAttempt.answered_at)
    )
    return [Answer(row.decided, row.answered_at.timestamp()) for row in rows if row.decided is not None]


def _point(row: PacingDecision, calls: int, answers: Sequence[Answer], now: float) -> Point:
    known = row.estimates
    at = row.at.timestamp()
    return Point(
        at=round(at, 3),
        calls=calls,
        agents=int(known.get("agents", 0)),
        air=in_the_air(known),
        predicted=foreseen(known),
        actual=answered_after(answers, at, until=at + horizon_of(known), now=now),
        risk=known.get("risk") if row.calls else None,
        threshold=known.get("threshold"),
        day=known.get("day_room"),
        half_hour=known.get("half_hour_room"),
        window=known.get("window_room"),
    )


def in_the_air(known: Mapping[str, Any]) -> int:
    """Calls that were placed and not ended."""
    return int(sum(known.get(name, 0) for name in ("ringing", "waiting", "talking")))


def foreseen(known: Mapping[str, Any]) -> float | None:
    """People expected to answer within the horizon; those who had answered already are left out."""
    expected = known.get("expected_answers")
    return None if expected is None else max(0.0, expected - known.get("waiting", 0))


def answered_after(answers: Sequence[Answer], at: float, *, until: float, now: float) -> int | None:
    """How many answered in (at, until], of the calls decided by then; None while it is too early to tell."""
    if until > now:
        return None
    first = bisect_right(answers, at, key=lambda answer: answer.answered_at)
    last = bisect_right(answers, until, key=lambda answer: answer.answered_at)
    return sum(answer.decided_at <= at + 0.0005 for answer in answers[first:last])


def what_came(decision: PacingDecision) -> int | None:
    """People who answered within the time that a decision looked ahead; None while it is too early to tell."""
    at = decision.at.timestamp()
    answers = _answers(Window(decision.campaign_id, decision.at, decision.at))
    until = at + horizon_of(decision.estimates)
    return answered_after(answers, at, until=until, now=clock.now().timestamp())


def horizon_of(known: Mapping[str, Any]) -> float:
    """How many seconds a decision looked ahead."""
    return float(known.get("horizon_seconds", USUAL_HORIZON))
