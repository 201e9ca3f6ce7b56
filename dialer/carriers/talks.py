"""What telephones do, kept in Redis for the pages: a carrier writes it here, with the fact and the news for the desk.

A change of a talk tells three things at once: the new state, a fact `call.<what>` of the attempt for the recorder, and the message
`talk` on the topic of the agent's desk. A line tells its desk `line`, a supervision the supervisor's `supervision`.
"""

import json
from dataclasses import asdict, replace
from enum import StrEnum
from typing import Any, cast

import redis.asyncio

from dialer import clock, live
from dialer.ports import Consulted, Line, LineState, SuperviseMode, Supervision, Talk

PUSH_LENGTH = 20_000
KEEP_SECONDS = 86_400


class TalkFact(StrEnum):
    """What can happen to a talk; as facts of an attempt they begin with `call.`."""

    BEGUN = "talk_begun"
    HELD = "held"
    RESUMED = "resumed"
    DIGITS_SENT = "digits_sent"  # count; the digits themselves may be somebody's secret
    CONSULTED = "consulted"  # number
    CONSULT_ANSWERED = "consult_answered"
    CONSULT_ENDED = "consult_ended"  # why
    MERGED = "merged"
    TRANSFERRED = "transferred"  # number, how: blind | warm
    TRANSFER_ANSWERED = "transfer_answered"
    TRANSFER_FAILED = "transfer_failed"  # why
    RECORDING_STARTED = "recording_started"
    RECORDING_PAUSED = "recording_paused"  # seconds
    RECORDING_RESUMED = "recording_resumed"
    VOICEMAIL_DROPPED = "voicemail_dropped"
    OPTED_OUT = "opted_out"  # key; of a person of whom the floor has let go: else the floor tells it
    NOT_DONE = "not_done"  # command, why


def read_talk(text: str | None) -> Talk | None:
    """Inverse of `dump`; a pause of the recording that is over is over."""
    if text is None:
        return None
    values = json.loads(text)
    talk = Talk(**{**values, "consulted": Consulted(values["consulted"])})
    if talk.recording == "paused" and talk.recording_again_at <= clock.now():
        return replace(talk, recording="on", recording_again_at=0.0)
    return talk


def read_line(text: str | None) -> Line | None:
    """Inverse of `dump`."""
    if text is None:
        return None
    values = json.loads(text)
    return Line(**{**values, "state": LineState(values["state"])})


def read_supervision(text: str | None) -> Supervision | None:
    """Inverse of `dump`."""
    if text is None:
        return None
    values = json.loads(text)
    return Supervision(**{**values, "mode": SuperviseMode(values["mode"])})


def dump(thing: Talk | Line | Supervision | dict[str, Any]) -> str:
    """Return compact JSON."""
    values = thing if isinstance(thing, dict) else asdict(thing)
    return json.dumps(values, ensure_ascii=False, separators=(",", ":"))


class TalkBook:
    """The carrier's pen."""

    def __init__(self, client: "redis.asyncio.Redis") -> None:
        self._client = client

    async def find_talk(self, attempt_id: int) -> Talk | None:
        """Return a talk that was begun and is not over."""
        return read_talk(cast("str | None", await self._client.get(live.talk_key(attempt_id))))

    async def write_talk(self, talk: Talk, what: TalkFact, **data: Any) -> None:
        """Keep the new state of a talk and tell of it."""
        async with self._client.pipeline(transaction=True) as pipe:
            pipe.set(live.talk_key(talk.attempt_id), dump(talk), ex=KEEP_SECONDS)
            add_fact(pipe, talk, what, data)
            news = {**asdict(talk), "what": what.value, "why": data.get("why", "")}
            add_push(pipe, talk.agent_id, "talk", news)
            await pipe.execute()

    async def end_talk(self, talk: Talk, what: TalkFact | None = None, **data: Any) -> None:
        """Forget a talk whose call is over, or whose agent is out of it; `what` tells how, if a command did it."""
        async with self._client.pipeline(transaction=True) as pipe:
            pipe.delete(live.talk_key(talk.attempt_id))
            if what is not None:
                add_fact(pipe, talk, what, data)
            add_push(pipe, talk.agent_id, "talk", {"attempt_id": talk.attempt_id, "what": "over"})
            await pipe.execute()

    async def tell_of(self, attempt_id: int, campaign_id: int, what: TalkFact, **data: Any) -> None:
        """Tell of something that no agent did."""
        async with self._client.pipeline(transaction=True) as pipe:
            add_fact(pipe, Talk(attempt_id, campaign_id, 0), what, data)
            await pipe.execute()

    async def refuse(self, talk: Talk, command: str, why: str) -> None:
        """Tell the agent that a command did not work; the state stays."""
        async with self._client.pipeline(transaction=True) as pipe:
            add_fact(pipe, talk, TalkFact.NOT_DONE, {"command": str(command), "why": why})
            news = {**asdict(talk), "what": "refused", "command": command, "why": why}
            add_push(pipe, talk.agent_id, "talk", news)
            await pipe.execute()

    async def write_line(self, line: Line) -> None:
        """Keep the state of a telephone and tell its desk."""
        async with self._client.pipeline(transaction=True) as pipe:
            pipe.set(live.line_key(line.agent_id), dump(line), ex=KEEP_SECONDS)
            add_push(pipe, line.agent_id, "line", asdict(line))
            await pipe.execute()

    async def close_line(self, agent_id: int) -> None:
        """Forget a telephone."""
        async with self._client.pipeline(transaction=True) as pipe:
            pipe.delete(live.line_key(agent_id))
            add_push(pipe, agent_id, "line", {"agent_id": agent_id, "state": "closed"})
            await pipe.execute()

    async def write_supervision(self, supervision: Supervision, why: str = "") -> None:
        """Keep whose calls a supervisor takes part in; STOP ends it, `why` says what did when nobody asked."""
        key = live.supervision_key(supervision.supervisor_id)
        async with self._client.pipeline(transaction=True) as pipe:
            if supervision.mode is SuperviseMode.STOP:
                pipe.delete(key)
            else:
                pipe.set(key, dump(supervision), ex=KEEP_SECONDS)
            add_push(pipe, supervision.supervisor_id, "supervision", {**asdict(supervision), "why": why})
            await pipe.execute()


def add_fact(pipe: "redis.asyncio.client.Pipeline", talk: Talk, what: TalkFact, data: dict[str, Any]) -> None:
    """Append a fact of the attempt for the recorder."""
    at = clock.now()
    fact = {
        "kind": f"call.{what}",
        "at": at,
        "source": f"call:{talk.attempt_id}:{what}:{round(at * 1_000_000)}",
        "campaign": talk.campaign_id,
        "attempt": talk.attempt_id,
        "agent": talk.agent_id or None,  # nobody's
        "data": data,
    }
    pipe.xadd(live.FACTS_STREAM, {"fact": dump(fact)})


def add_push(pipe: "redis.asyncio.client.Pipeline", agent_id: int, event: str, data: dict[str, Any]) -> None:
    """Append a message for the agent's desk."""
    fields = {"topic": f"desk:{agent_id}", "event": event, "data": dump(data)}
    pipe.xadd(live.PUSH_STREAM, cast(Any, fields), maxlen=PUSH_LENGTH, approximate=True)
