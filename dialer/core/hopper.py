"""The hopper: which lead is next, and what the result of an attempt means for its lead. Times are seconds since 1970."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Result(StrEnum):
    """What an attempt came to without an agent's word; dispositions of agents use their own codes."""

    BUSY = "busy"
    NO_ANSWER = "no_answer"
    MACHINE = "machine"
    CONGESTION = "congestion"
    FAILED = "failed"
    ABANDONED = "abandoned"
    INVALID = "invalid"


class Done(StrEnum):
    """Why a lead is not dialed again."""

    FINAL = "final"  # the result ends it: sale, refusal, do not call
    INVALID = "invalid"  # the number does not exist
    MAX_ATTEMPTS = "max_attempts"  # of the lead, whatever the results
    MAX_FOR_RESULT = "max_for_result"  # this result came too often


@dataclass(frozen=True, slots=True)
class RetryRule:
    """When a lead is tried again after one result: not before `delay` seconds, at most `attempts` times with it."""

    delay: float
    attempts: int

    def __post_init__(self) -> None:
        if self.delay < 0 or self.attempts < 1:
            raise ValueError(f"delay must not be negative and attempts at least 1: {self}")


MINUTE, HOUR, DAY = 60.0, 3600.0, 86400.0
DEFAULT_RULES: Mapping[str, RetryRule] = {
    Result.BUSY: RetryRule(10 * MINUTE, 4),
    Result.NO_ANSWER: RetryRule(2 * HOUR, 5),
    Result.MACHINE: RetryRule(4 * HOUR, 4),
    Result.CONGESTION: RetryRule(5 * MINUTE, 10),
    Result.FAILED: RetryRule(5 * MINUTE, 10),
    Result.ABANDONED: RetryRule(3 * DAY, 1),  # 72 h: the United Kingdom's rule, kind everywhere
}


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """The retry rules of a campaign by result or disposition code; a code without a rule is final."""

    rules: Mapping[str, RetryRule] = field(default_factory=lambda: DEFAULT_RULES)
    max_attempts: int = 8


@dataclass(frozen=True, slots=True)
class Next:
    """What a result means for the lead: the time of the next attempt, or why there is none."""

    at: float | None
    done: Done | None = None


def next_attempt(
    policy: RetryPolicy,
    *,
    result: str,
    ended_at: float,
    attempts: int,
    same_result: int = 1,
    callback_at: float | None = None,
) -> Next:
    """Say when a lead is dialed again. Both counts include the attempt that has just ended.

    A call-back that was promised is kept whatever the counts say.
    """
    if callback_at is not None:
        return Next(max(callback_at, ended_at))
    if result == Result.INVALID:
        return Next(None, Done.INVALID)
    rule = policy.rules.get(result)
    if rule is None:
        return Next(None, Done.FINAL)
    if attempts >= policy.max_attempts:
        return Next(None, Done.MAX_ATTEMPTS)
    if same_result > rule.attempts:
        return Next(None, Done.MAX_FOR_RESULT)
    return Next(ended_at + rule.delay)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A lead as the hopper sorts it."""

    lead_id: int
    due_at: float | None = None  # of its next attempt; None when it was never dialed
    is_callback: bool = False
    priority: int = 0  # higher goes first
    attempts: int = 0


def is_due(candidate: Candidate, *, now: float) -> bool:
    """True when the lead may be dialed now, calling hours and other rules apart."""
    return candidate.due_at is None or candidate.due_at <= now


def hopper_order(candidate: Candidate) -> tuple[int, int, int, float, int]:
    """Sort key: promised call-backs, priority, leads tried least, longest due, then the order of arrival."""
    return (
        0 if candidate.is_callback else 1,
        -candidate.priority,
        candidate.attempts,
        0.0 if candidate.due_at is None else candidate.due_at,
        candidate.lead_id,
    )
