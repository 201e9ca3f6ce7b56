"""The recorder: takes facts from the stream into the database, in their order, exactly once."""

import contextlib
import logging
import threading
from typing import Any, cast

import redis
from flask import Flask
from sqlalchemy.exc import DBAPIError, OperationalError

from dialer.live import DECISION_FACT, FACTS_STREAM
from dialer.queues import SETTLE
from telesales.dialing.decisions.recording import record_decisions
from telesales.dialing.facts import Fact, record_facts
from telesales.dialing.lease import Lease
from telesales.dialing.signals import facts_recorded
from telesales.extensions import db, enqueue, transaction
from telesales.tenancy.scope import every_client

log = logging.getLogger(__name__)
GROUP, CONSUMER = "recorder", "recorder"  # one name: whoever takes over first takes what was left
LEASE_KEY = "ts:recorder:lease"
UNREADABLE_STREAM = "ts:facts:unreadable"  # kept for people to look at
SETTLE_CALL = "telesales.dialing.jobs.settle_call"
BATCH = 200
BLOCK_MS = 500
RETRY_SECONDS = 0.5
Entry = tuple[str, dict[str, str]]


class Recorder:
    """One recorder works at a time; a second one waits for its lease."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._client: redis.Redis = app.extensions["redis"]
        self._lease = Lease(self._client, LEASE_KEY)
        self._start = "0"  # first what was read before and not written

    def run(self, stopping: threading.Event) -> None:
        """Work until told to stop; whatever fails is tried again."""
        while not stopping.is_set():
            try:
                if not self._lease.take():
                    self._start = "0"
                    stopping.wait(RETRY_SECONDS)
                    continue
                self.record_batch()
            except (redis.RedisError, OperationalError) as error:
                log.warning("the recorder waits: %s", error)
                self._start = "0"
                stopping.wait(RETRY_SECONDS)
        with contextlib.suppress(redis.RedisError):
            self._lease.leave()

    def record_batch(self) -> int:
        """Write what there is, then take it from the stream. Returns the number of facts."""
        entries = self._read()
        if not entries:
            self._start = ">"
            return 0
        self._record(entries)
        ids = [entry_id for entry_id, _fields in entries]
        with self._client.pipeline(transaction=True) as pipe:
            pipe.xack(FACTS_STREAM, GROUP, *ids)
            pipe.xdel(FACTS_STREAM, *ids)
            pipe.execute()
        return len(entries)

    def _read(self) -> list[Entry]:
        try:
            answer: Any = self._client.xreadgroup(
                GROUP, CONSUMER, {FACTS_STREAM: self._start}, count=BATCH, block=BLOCK_MS
            )
        except redis.ResponseError as error:
            if "NOGROUP" not in str(error):
                raise
            self._client.xgroup_create(FACTS_STREAM, GROUP, id="0", mkstream=True)
            return []
        return cast(list[Entry], answer[0][1]) if answer else []

    def _record(self, entries: list[Entry]) -> None:
        try:
            self._write(entries)
        except OperationalError:
            raise
        except (DBAPIError, LookupError, ValueError) as error:
            if len(entries) > 1:
                for entry in entries:
                    self._record([entry])
                return
            log.error("a fact cannot be written and is set aside: %s %s", entries, error)
            self._client.xadd(UNREADABLE_STREAM, cast(Any, entries[0][1]))

    def _write(self, entries: list[Entry]) -> None:
        facts = [Fact.read(fields["fact"]) for _id, fields in entries]
        with self._app.app_context(), every_client():
            with transaction():
                ended = record_facts(facts)
                record_decisions([fact for fact in facts if fact.kind == DECISION_FACT])
            db.session.remove()
            for attempt_id in ended:
                enqueue(SETTLE, SETTLE_CALL, attempt_id)
            _tell(facts)


def _tell(facts: list[Fact]) -> None:
    """What others make of facts must not keep facts from being written."""
    try:
        facts_recorded.send(facts)
    except (redis.RedisError, OperationalError):
        raise  # told again with the same facts
    except Exception:
        log.exception("a reaction to facts failed")
        db.session.rollback()
