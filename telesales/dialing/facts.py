"""Facts of the floor, written down exactly once: a fact whose source is known already changes nothing."""

import json
import logging
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from telesales.agents.models import AgentStateChange, User
from telesales.calls.models import CallAttempt, CallEvent, CallResult, CallState
from telesales.campaigns.models import Campaign
from telesales.centre import service as centre
from telesales.compliance import service as compliance
from telesales.compliance.models import PRESSED_THE_KEY, DoNotCallScope
from telesales.dialing.days import add_to_day
from telesales.dialing.spans import split_by_day
from telesales.extensions import db
from telesales.leads.models import DialState
from telesales.leads.service import DO_NOT_CALL
from telesales.phone import WITHHELD

log = logging.getLogger(__name__)
OVER = frozenset({CallState.ENDED, CallState.RELEASED})
UNPLACED = frozenset({CallState.RESERVED, CallState.ORIGINATING})
RELEASED = "released"
SECONDS_OF = {
    "ready": "ready_seconds",
    "wrap_up": "wrap_up_seconds",
    "paused": "paused_seconds",
}


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact as it stands in the stream; see `dialer.core.floor.effects.Fact`."""

    kind: str
    at: datetime
    source: str
    campaign_id: int
    attempt_id: int | None
    agent_id: int | None
    data: Mapping[str, Any]

    @classmethod
    def read(cls, text: str) -> "Fact":
        """Read an entry of the stream."""
        raw = json.loads(text)
        at = moment(raw["at"])
        return cls(raw["kind"], at, raw["source"], raw["campaign"], raw["attempt"], raw["agent"], raw["data"])


def moment(seconds: float) -> datetime:
    """Seconds since 1970 as a time."""
    return datetime.fromtimestamp(seconds, UTC)


def record_facts(facts: Sequence[Fact]) -> list[int]:
    """Write facts and what follows from them; return the attempts that are to be settled now."""
    calls = [fact for fact in facts if fact.kind.startswith("call.")]
    attempts = _attempts_of(calls)
    ended: list[int] = []
    for fact in _new_call_facts(calls, attempts):
        attempt = attempts[fact.attempt_id or 0]
        APPLY.get(fact.kind, _apply_nothing)(attempt, fact)
        if fact.kind == "call.ended" and attempt.state == CallState.ENDED:
            ended.append(attempt.id)
    db.session.flush()
    record_states([fact for fact in facts if fact.kind == "agent.state"])
    return ended


def _attempts_of(facts: Iterable[Fact]) -> dict[int, CallAttempt]:
    ids = {fact.attempt_id for fact in facts if fact.attempt_id is not None}
    found = db.session.scalars(select(CallAttempt).where(CallAttempt.id.in_(ids)))
    return {attempt.id: attempt for attempt in found}


def _new_call_facts(facts: Iterable[Fact], attempts: Mapping[int, CallAttempt]) -> list[Fact]:
    rows: dict[str, Fact] = {}
    for fact in facts:
        attempt = attempts.get(fact.attempt_id or 0)
        if attempt is None:
            log.error("fact of an unknown attempt: %s", fact)
            continue
        rows.setdefault(fact.source, fact)
    values = [
        {
            "source_id": fact.source,
            "attempt_id": fact.attempt_id,
            "client_id": attempts[fact.attempt_id or 0].client_id,
            "kind": fact.kind,
            "at": fact.at,
            "agent_id": fact.agent_id,
            "details": dict(fact.data),
        }
        for fact in rows.values()
    ]
    new = _insert_new(CallEvent, values)
    return [fact for fact in rows.values() if fact.source in new]


def _insert_new(model: type[CallEvent | AgentStateChange], values: list[dict[str, Any]]) -> Collection[str]:
    """Insert rows and return the sources of those that were not there."""
    if not values:
        return ()
    dialect: Any = postgresql if db.session.get_bind().dialect.name == "postgresql" else sqlite
    statement = dialect.insert(model.__table__).on_conflict_do_nothing(index_elements=["source_id"])
    return set(db.session.scalars(statement.returning(model.__table__.c.source_id), values))


def _apply_nothing(attempt: CallAttempt, fact: Fact) -> None:
    """The event itself says it all."""


def _advance(attempt: CallAttempt, state: CallState) -> None:
    if attempt.state not in OVER:
        attempt.state = state


def _apply_dialed(attempt: CallAttempt, fact: Fact) -> None:
    """A carrier with several numbers says which one the person sees."""
    attempt.caller_id = fact.data["caller_id"]


def _apply_ringing(attempt: CallAttempt, fact: Fact) -> None:
    if attempt.answered_at is None:
        _advance(attempt, CallState.RINGING)


def _apply_answered(attempt: CallAttempt, fact: Fact) -> None:
    attempt.answered_at = fact.at
    if fact.data["answer"] == "machine":
        attempt.result = CallResult.MACHINE
    _advance(attempt, CallState.ANSWERED)


def _apply_connected(attempt: CallAttempt, fact: Fact) -> None:
    attempt.connected_at, attempt.agent_id = fact.at, fact.agent_id
    _advance(attempt, CallState.CONNECTED)


def _apply_abandoned(attempt: CallAttempt, fact: Fact) -> None:
    attempt.result = CallResult.ABANDONED


def _apply_opted_out(attempt: CallAttempt, fact: Fact) -> None:
    """The person asked by a key never to be called again; a number that was not shown cannot be kept."""
    if attempt.number != WITHHELD:
        compliance.add_entry(
            number=attempt.number,
            scope=DoNotCallScope.CLIENT,
            client_id=attempt.client_id,
            source=PRESSED_THE_KEY,
            listed_on=fact.at.date(),
            attempt_id=attempt.id,
        )
    lead = attempt.lead
    if lead.dial_state == DialState.RESERVED:
        lead.dial_state, lead.done_reason = DialState.DONE, DO_NOT_CALL


def _apply_ended(attempt: CallAttempt, fact: Fact) -> None:
    """A conversation ends when somebody hangs up, the line a little later."""
    if attempt.state in OVER:
        return
    if fact.data["result"] == RELEASED and attempt.state in UNPLACED:
        attempt.state, attempt.ended_at = CallState.RELEASED, fact.at
        return
    attempt.result, attempt.cause = _result_of(attempt, fact), fact.data["cause"]
    attempt.ended_at = fact.at
    if attempt.connected_at is not None:
        attempt.ended_at = attempt.connected_at + timedelta(seconds=fact.data["talk_seconds"])
    attempt.state = CallState.ENDED


INBOUND_RESULTS = frozenset({CallResult.TALKED, CallResult.MISSED_INBOUND, CallResult.HUNG_UP_WAITING})
NEVER_ANSWERED = frozenset(
    {CallResult.FAILED, CallResult.NO_ANSWER, CallResult.BUSY, CallResult.CONGESTION, CallResult.INVALID}
)


def _result_of(attempt: CallAttempt, fact: Fact) -> CallResult:
    """A floor that lost a call takes it for one of ours that nobody answered; the record knows better."""
    told = fact.data["result"]
    result = CallResult.FAILED if told == RELEASED else CallResult(told)
    if attempt.is_inbound:
        return result if result in INBOUND_RESULTS else _result_of_lost(attempt, CallResult.HUNG_UP_WAITING)
    if result in NEVER_ANSWERED and attempt.answered_at is not None:
        return _result_of_lost(attempt, CallResult.ABANDONED)
    return result


def _result_of_lost(attempt: CallAttempt, unconnected: CallResult) -> CallResult:
    if attempt.connected_at is not None:
        return CallResult.TALKED
    return attempt.result or unconnected


def _apply_missed(attempt: CallAttempt, fact: Fact) -> None:
    attempt.result = CallResult.MISSED_INBOUND


APPLY: Mapping[str, Callable[[CallAttempt, Fact], None]] = {
    "call.dialed": _apply_dialed,
    "call.ringing": _apply_ringing,
    "call.answered": _apply_answered,
    "call.connected": _apply_connected,
    "call.abandoned": _apply_abandoned,
    "call.missed": _apply_missed,
    "call.opted_out": _apply_opted_out,
    "call.ended": _apply_ended,
}


def record_states(facts: Sequence[Fact]) -> None:
    """Write what agents did, and the time they spent on it."""
    values = [
        {
            "source_id": fact.source,
            "user_id": fact.agent_id,
            "campaign_id": fact.campaign_id,
            "state": fact.data["state"],
            "pause_reason": str(fact.data.get("reason", ""))[:20],
            "attempt_id": fact.attempt_id,
            "at": fact.at,
            "by_id": fact.data.get("by"),
        }
        for fact in facts
    ]
    new = _insert_new(AgentStateChange, values)
    spent = [fact for fact in facts if fact.source in new and fact.data["previous"] in SECONDS_OF]
    if spent:
        _add_time(spent)


def _add_time(facts: Sequence[Fact]) -> None:
    users = {user.id: user for user in _rows(User, {fact.agent_id for fact in facts})}
    campaigns = {row.id: row for row in _rows(Campaign, {fact.campaign_id for fact in facts})}
    usual = centre.settings().time_zone
    for fact in facts:
        user, campaign = users[fact.agent_id], campaigns[fact.campaign_id]
        column = SECONDS_OF[fact.data["previous"]]
        zone = ZoneInfo(user.time_zone or usual)
        for day, seconds in split_by_day(moment(fact.data["since"]), fact.at, zone):
            add_to_day(user.id, campaign, day, **{column: seconds})


def _rows(model: Any, ids: Collection[int | None]) -> Any:
    return db.session.scalars(select(model).where(model.id.in_(ids)))
