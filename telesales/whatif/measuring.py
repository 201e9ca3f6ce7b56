"""What a campaign's calls were like, read from its attempts: the last ones, never all."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from dialer.core.floor.agent import AgentState
from dialer.ports import DialingMode
from dialer.simulation.measured import FATES, Measured, Samples
from telesales.agents.models import AgentStateChange
from telesales.calls.models import CallAttempt, CallDirection, CallResult, CallState, Sale, SaleCancellation
from telesales.campaigns.models import Campaign, Product
from telesales.extensions import db
from telesales.scripting.models import ScriptVersion

MOST_ATTEMPTS = 20_000
MOST_STATES = 60_000
LONGEST_WRAP_UP = 1_800.0  # longer ones are people who forgot to say that they are ready
FATE_OF = {
    CallResult.TALKED: "human",
    CallResult.ABANDONED: "human",
    CallResult.HUNG_UP_FIRST: "human",
    CallResult.MACHINE: "machine",
    CallResult.BUSY: "busy",
    CallResult.NO_ANSWER: "no_answer",
    CallResult.INVALID: "invalid",
    CallResult.CONGESTION: "congestion",
    CallResult.FAILED: "congestion",
}


@dataclass(frozen=True, slots=True)
class Found:
    """Distributions, and of how many calls they are."""

    measured: Measured
    calls: int
    answered: int
    talks: int
    wrap_ups: int
    sale_minor: int  # of a sale on average; 0 while there is none


def of_campaign(campaign_id: int) -> Found:
    """The last calls of a campaign."""
    return _measure([campaign_id])


def of_talk_like(source: str, client_id: int) -> Found:
    """The last calls of "campaign:3" or "script:4", of one client."""
    kind, _, number = source.partition(":")
    campaigns = select(Campaign.id).where(Campaign.client_id == client_id)
    if kind == "campaign":
        return _measure(list(db.session.scalars(campaigns.where(Campaign.id == int(number)))))
    versions = db.session.scalars(select(ScriptVersion.id).where(ScriptVersion.script_id == int(number)))
    return _measure(list(db.session.scalars(campaigns)), CallAttempt.script_version_id.in_(versions.all()))


def usual_price(campaign_id: int) -> int:
    """What the campaign's products cost on average, in minor units."""
    mean = db.session.scalar(
        select(func.avg(Product.price_minor)).where(Product.campaign_id == campaign_id, Product.is_active)
    )
    return round(mean or 0)


def count_answered(campaign_id: int, *, most: int) -> int:
    """How many people answered so far, counted up to `most`."""
    found = select(CallAttempt.id).where(
        CallAttempt.campaign_id == campaign_id,
        CallAttempt.result.in_([result for result, fate in FATE_OF.items() if fate == "human"]),
        CallAttempt.mode != DialingMode.MANUAL,
        CallAttempt.direction == CallDirection.OUTBOUND,
    )
    return db.session.scalar(select(func.count()).select_from(found.limit(most).subquery())) or 0


def _measure(campaign_ids: Collection[int], *conditions: Any) -> Found:
    attempts = _attempts(campaign_ids, *conditions)
    sold = _sales(campaign_ids, attempts)
    talks: dict[bool, list[float]] = {True: [], False: []}
    rings: dict[str, list[float]] = defaultdict(list)
    counts: Counter[str] = Counter()
    for attempt in attempts:
        fate = FATE_OF[attempt.result]
        counts[fate] += 1
        decided_at = attempt.answered_at or attempt.ended_at
        rings[fate].append(max(0.0, (decided_at - attempt.originating_at).total_seconds()))
        if attempt.result == CallResult.TALKED and attempt.connected_at:
            talk = max(1.0, (attempt.ended_at - attempt.connected_at).total_seconds())
            talks[attempt.id in sold].append(talk)
    wrap_ups = _wrap_ups(campaign_ids, attempts)
    conversations = len(talks[True]) + len(talks[False])
    measured = Measured(
        shares={fate: counts[fate] / max(1, len(attempts)) for fate in FATES},
        rings={fate: Samples.of(rings[fate]) for fate in FATES},
        talks=Samples.of(talks[False]),
        selling_talks=Samples.of(talks[True]),
        sale_share=len(talks[True]) / max(1, conversations),
        wrap_ups=Samples.of(wrap_ups),
    )
    amount = round(sum(sold.values()) / len(sold)) if sold else 0
    return Found(measured, len(attempts), counts["human"], conversations, len(wrap_ups), amount)


def _attempts(campaign_ids: Collection[int], *conditions: Any) -> Sequence[Any]:
    return db.session.execute(
        select(
            CallAttempt.id, CallAttempt.result, CallAttempt.agent_id, CallAttempt.reserved_at,
            CallAttempt.originating_at, CallAttempt.answered_at, CallAttempt.connected_at, CallAttempt.ended_at,
        )
        .where(
            CallAttempt.campaign_id.in_(campaign_ids),
            CallAttempt.state == CallState.ENDED,
            CallAttempt.result.in_(FATE_OF),
            CallAttempt.mode != DialingMode.MANUAL,
            CallAttempt.originating_at.is_not(None),
            CallAttempt.ended_at.is_not(None),
            *conditions,
        )
        .order_by(CallAttempt.reserved_at.desc())
        .limit(MOST_ATTEMPTS)
    ).all()  # fmt: skip


def _sales(campaign_ids: Collection[int], attempts: Sequence[Any]) -> dict[int, int]:
    """Amount by attempt; several sales of one call add up, cancelled ones do not count."""
    if not attempts:
        return {}
    rows = db.session.execute(
        select(Sale.attempt_id, Sale.amount_minor)
        .outerjoin(SaleCancellation, SaleCancellation.sale_id == Sale.id)
        .where(
            Sale.campaign_id.in_(campaign_ids),
            Sale.attempt_id >= min(attempt.id for attempt in attempts),
            SaleCancellation.id.is_(None),
        )
    )
    known = {attempt.id for attempt in attempts}
    amounts: Counter[int] = Counter()
    for attempt_id, minor in rows:
        if attempt_id in known:
            amounts[attempt_id] += minor
    return dict(amounts)


def _wrap_ups(campaign_ids: Collection[int], attempts: Sequence[Any]) -> list[float]:
    """Seconds from each wrap-up to whatever the agent did next."""
    agents = {attempt.agent_id for attempt in attempts if attempt.agent_id is not None}
    if not agents:
        return []
    changes = db.session.execute(
        select(AgentStateChange.user_id, AgentStateChange.state, AgentStateChange.at)
        .where(
            AgentStateChange.user_id.in_(agents),
            AgentStateChange.campaign_id.in_(campaign_ids),
            AgentStateChange.at >= min(attempt.reserved_at for attempt in attempts),
        )
        .order_by(AgentStateChange.at.desc())
        .limit(MOST_STATES)
    )
    return [seconds for seconds in _wrap_up_seconds(changes) if seconds <= LONGEST_WRAP_UP]


def _wrap_up_seconds(changes: Iterable[Any]) -> Iterable[float]:
    """Newest first: the change that was seen last is the one that came next."""
    after: dict[int, datetime] = {}
    for change in changes:
        if change.state == AgentState.WRAP_UP and change.user_id in after:
            yield (after[change.user_id] - change.at).total_seconds()
        after[change.user_id] = change.at
