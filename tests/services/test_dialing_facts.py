"""Facts of the floor are written down exactly once, with what follows from them."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
import redis
from flask import Flask
from rq import Queue
from sqlalchemy import func, select

from dialer.live import FACTS_STREAM
from dialer.queues import SETTLE
from telesales.agents.models import AgentStateChange, User
from telesales.calls.daily import DailyResult
from telesales.calls.models import CallAttempt, CallEvent
from telesales.compliance.models import DoNotCallEntry
from telesales.dialing.facts import Fact, record_facts
from telesales.dialing.recorder import GROUP, UNREADABLE_STREAM, Recorder
from telesales.extensions import db
from telesales.phone import WITHHELD
from telesales.tenancy.scope import every_client
from tests.factories_calls import make_attempt, make_calling_agent

NOON = datetime(2026, 11, 18, 12, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def everything(app: Flask) -> Iterator[None]:
    with every_client():
        yield


def at(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def call_fact(attempt: CallAttempt, kind: str, offset: float, /, **data) -> Fact:
    source = f"call:{attempt.id}:{kind}"
    return Fact(f"call.{kind}", at(offset), source, attempt.campaign_id, attempt.id, attempt.agent_id, data)


def state_fact(
    agent: User, campaign_id: int, state: str, previous: str, *, since: float, until: float, **data
):
    values = {"state": state, "previous": previous, "since": at(since).timestamp(), **data}
    source = f"agent:{agent.id}:{round(at(until).timestamp() * 1e6)}:{state}"
    return Fact("agent.state", at(until), source, campaign_id, None, agent.id, values)


@pytest.fixture
def attempt() -> CallAttempt:
    return make_attempt(state="originating", connected_at=None)


def test_the_number_that_was_shown_is_kept_with_the_call(attempt):
    record_facts([call_fact(attempt, "dialed", 0, trunk="acme", node="one", caller_id="+442079460101")])

    assert attempt.caller_id == "+442079460101"


def whole_call(attempt: CallAttempt) -> list[Fact]:
    return [
        call_fact(attempt, "ringing", 1),
        call_fact(attempt, "answered", 9, answer="human", after=9),
        call_fact(attempt, "connected", 9.1, waited=0.1, late=False),
        call_fact(attempt, "ended", 70, result="talked", cause="callee_hung_up", talk_seconds=60.0),
    ]


ANSWERED = ("answered", {"answer": "human", "after": 9})
MACHINE = ("answered", {"answer": "machine", "after": 9})
CONNECTED = ("connected", {"waited": 0.1, "late": False})
ABANDONED = ("abandoned", {"waited": 1.9})


@pytest.mark.parametrize("lost", ["failed", "no_answer", "released"])
@pytest.mark.parametrize(
    ("heard", "result"),
    [
        ([ANSWERED, CONNECTED], "talked"),
        ([ANSWERED, ABANDONED], "abandoned"),
        ([ANSWERED], "abandoned"),
        ([MACHINE], "machine"),
    ],
)
def test_a_call_that_the_floor_has_forgotten_came_to_what_is_written_down(attempt, heard, result, lost):
    """Redis lost its memory, and nobody knows the call any more: it is not rung again as if nobody had answered."""
    record_facts([call_fact(attempt, kind, 9, **data) for kind, data in heard])

    ended = record_facts([call_fact(attempt, "ended", 70, result=lost, cause="failed", talk_seconds=0.0)])

    assert ended == [attempt.id]
    assert (attempt.state, attempt.result) == ("ended", result)


@pytest.mark.parametrize(("state", "ends"), [("originating", "released"), ("ringing", "ended")])
def test_a_call_that_rang_was_placed(attempt, state, ends):
    attempt.state = state

    record_facts([call_fact(attempt, "ended", 70, result="released", cause="failed", talk_seconds=0.0)])

    assert attempt.state == ends


def test_a_call_is_told_by_its_events(attempt):
    assert record_facts(whole_call(attempt)) == [attempt.id]

    assert (attempt.state, attempt.result, attempt.cause) == ("ended", "talked", "callee_hung_up")
    assert (attempt.answered_at, attempt.connected_at) == (at(9), at(9.1))
    assert attempt.talk_seconds == 60.0
    assert db.session.scalar(select(func.count()).select_from(CallEvent)) == 4


def test_facts_told_twice_count_once(attempt):
    facts = whole_call(attempt)
    record_facts([*facts, *facts])
    db.session.commit()

    assert record_facts(facts) == []
    assert db.session.scalar(select(func.count()).select_from(CallEvent)) == 4


def test_abandoned_call_and_its_message(attempt):
    attempt.agent_id = None
    record_facts(
        [
            call_fact(attempt, "answered", 9, answer="human", after=9),
            call_fact(attempt, "abandoned", 10.9, waited=1.9),
            call_fact(attempt, "message_played", 20, seconds=9),
            call_fact(attempt, "ended", 20, result="abandoned", cause="hung_up", talk_seconds=0.0),
        ]
    )

    assert (attempt.state, attempt.result) == ("ended", "abandoned")
    kinds = db.session.scalars(select(CallEvent.kind).order_by(CallEvent.id)).all()
    assert kinds == ["call.answered", "call.abandoned", "call.message_played", "call.ended"]


def test_a_key_during_the_message_puts_the_number_on_the_do_not_call_list(attempt):
    fact = call_fact(attempt, "opted_out", 13, key="9")
    record_facts([fact])
    record_facts([fact])
    settled = call_fact(attempt, "ended", 14, result="abandoned", cause="hung_up", talk_seconds=0.0)
    record_facts([settled])

    entry = db.session.scalars(select(DoNotCallEntry)).one()
    assert (entry.number, entry.client_id, entry.source) == (
        attempt.number,
        attempt.client_id,
        "pressed the key during the message",
    )
    assert (entry.attempt_id, entry.listed_on) == (attempt.id, NOON.date())
    assert (attempt.lead.dial_state, attempt.lead.done_reason) == ("done", "do_not_call")


def test_the_key_of_somebody_who_withheld_the_number_lists_nobody(attempt):
    attempt.number = WITHHELD

    record_facts([call_fact(attempt, "opted_out", 13, key="9")])

    assert db.session.scalars(select(DoNotCallEntry)).all() == []
    assert db.session.scalars(select(CallEvent.kind)).all() == ["call.opted_out"]


def test_late_word_does_not_open_a_call_again(attempt):
    attempt.state, attempt.result = "ended", "refused"

    record_facts(
        [call_fact(attempt, "ringing", 1), call_fact(attempt, "ended", 2, result="released", cause="")]
    )

    assert (attempt.state, attempt.result) == ("ended", "refused")


def test_released_call_is_not_settled(attempt):
    ended = call_fact(attempt, "ended", 5, result="released", cause="failed", talk_seconds=0.0)

    assert record_facts([ended]) == []
    assert attempt.state == "released"


def test_time_of_an_agent_falls_on_local_days(attempt):
    agent = make_calling_agent(time_zone="Asia/Shanghai")
    eight_hours = 8 * 3600  # noon in Greenwich is 20:00 in Shanghai; midnight is four hours later
    record_facts(
        [
            state_fact(
                agent, attempt.campaign_id, "paused", "ready", since=0, until=eight_hours, reason="lunch"
            ),
            state_fact(
                agent, attempt.campaign_id, "ready", "paused", since=eight_hours, until=eight_hours + 60
            ),
        ]
    )
    db.session.commit()

    rows = db.session.execute(
        select(DailyResult.day, DailyResult.ready_seconds, DailyResult.paused_seconds).order_by(
            DailyResult.day
        )
    ).all()
    assert [tuple(row) for row in rows] == [
        (date(2026, 11, 18), 4 * 3600, 0),
        (date(2026, 11, 19), 4 * 3600, 60),
    ]
    first = db.session.scalars(select(AgentStateChange).order_by(AgentStateChange.id)).first()
    assert (first.state, first.pause_reason, first.at) == ("paused", "lunch", at(eight_hours))


def test_short_stretches_add_up_to_the_second(attempt):
    agent = make_calling_agent(time_zone="UTC")
    record_facts(
        [
            state_fact(agent, attempt.campaign_id, "ready", "ready", since=n * 0.4, until=(n + 1) * 0.4)
            for n in range(100)
        ]
    )
    db.session.commit()

    assert db.session.scalar(select(DailyResult.ready_seconds)) == 40


def post(client: redis.Redis, fact: Fact) -> None:
    raw = {
        "kind": fact.kind,
        "at": fact.at.timestamp(),
        "source": fact.source,
        "campaign": fact.campaign_id,
        "attempt": fact.attempt_id,
        "agent": fact.agent_id,
        "data": dict(fact.data),
    }
    client.xadd(FACTS_STREAM, {"fact": json.dumps(raw)})


def record_all(app: Flask) -> Recorder:
    """A recorder takes what there is; the session of the test steps aside for it."""
    db.session.commit()
    recorder = Recorder(app)
    recorder.record_batch()
    recorder.record_batch()
    while recorder.record_batch():
        pass
    return recorder


@pytest.fixture(autouse=True)
def _short_waits(monkeypatch):
    monkeypatch.setattr("telesales.dialing.recorder.BLOCK_MS", 10)


def test_recorder_empties_the_stream_and_queues_settling(app, redis_server, attempt):
    for fact in whole_call(attempt):
        post(redis_server, fact)

    record_all(app)

    assert redis_server.xlen(FACTS_STREAM) == 0
    (job,) = Queue(SETTLE.name, connection=redis.Redis(**connection_of(redis_server))).jobs
    assert (job.func_name, job.args) == ("telesales.dialing.jobs.settle_call", (attempt.id,))
    db.session.expire_all()
    assert attempt.state == "ended"


def connection_of(client: redis.Redis) -> dict:
    known = client.connection_pool.connection_kwargs
    return {"host": known["host"], "port": known["port"]}


def test_recorder_takes_over_what_a_dead_one_had_read(app, redis_server, attempt):
    facts = whole_call(attempt)
    for fact in facts:
        post(redis_server, fact)
    redis_server.xgroup_create(FACTS_STREAM, GROUP, id="0")
    redis_server.xreadgroup(GROUP, GROUP, {FACTS_STREAM: ">"}, count=2)
    record_facts(facts[:1])  # it died after writing and before it could say so

    record_all(app)

    assert db.session.scalar(select(func.count()).select_from(CallEvent)) == 4
    assert redis_server.xlen(FACTS_STREAM) == 0


def test_fact_that_cannot_be_written_is_set_aside_and_holds_nobody_up(app, redis_server, attempt):
    facts = whole_call(attempt)
    post(redis_server, facts[0])
    redis_server.xadd(FACTS_STREAM, {"fact": "not JSON"})
    post(redis_server, facts[1])

    record_all(app)

    assert redis_server.xlen(UNREADABLE_STREAM) == 1
    assert db.session.scalar(select(func.count()).select_from(CallEvent)) == 2
    assert redis_server.xlen(FACTS_STREAM) == 0
