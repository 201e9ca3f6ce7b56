"""Publishing follows the unit of work."""

import json

import pytest
import redis
from flask import Flask
from sqlalchemy import select

from telesales.extensions import db, read_only, transaction
from telesales.push.messages import STREAM
from telesales.push.publish import publish, publish_after_commit
from telesales.tenancy.models import Client
from telesales.tenancy.scope import every_client


def sent(server: redis.Redis) -> list[object]:
    return [json.loads(fields["data"]) for _id, fields in server.xrange(STREAM)]


def test_publish_sends_at_once(app: Flask, redis_server: redis.Redis):
    publish("floor:1", "floor", {"agents": 3})

    assert [fields for _id, fields in redis_server.xrange(STREAM)] == [
        {"topic": "floor:1", "event": "floor", "data": '{"agents":3}'}
    ]


def test_nothing_is_sent_before_the_commit(app: Flask, redis_server: redis.Redis):
    with transaction():
        publish_after_commit("a", "e", 1)
        db.session.add(Client(name="Acme"))
        db.session.flush()
        assert sent(redis_server) == []

    assert sent(redis_server) == [1]


def test_a_rollback_drops_what_was_waiting(app: Flask, redis_server: redis.Redis):
    publish_after_commit("a", "e", 1)
    db.session.add(Client(name="Acme"))
    db.session.flush()
    db.session.rollback()

    with transaction():
        db.session.add(Client(name="Beta"))
    assert sent(redis_server) == []


def test_a_session_that_is_closed_drops_what_was_waiting(app: Flask, redis_server: redis.Redis):
    publish_after_commit("a", "e", 1)
    db.session.add(Client(name="Acme"))
    db.session.flush()
    db.session().close()

    with transaction():
        db.session.add(Client(name="Beta"))
    assert sent(redis_server) == []


def test_a_savepoint_that_is_undone_drops_only_its_own(app: Flask, redis_server: redis.Redis):
    with transaction():
        publish_after_commit("a", "e", "before")
        savepoint = db.session.begin_nested()
        publish_after_commit("a", "e", "inside")
        savepoint.rollback()
        with db.session.begin_nested():
            publish_after_commit("a", "e", "kept")
        assert sent(redis_server) == []

    assert sent(redis_server) == ["before", "kept"]


def test_callable_data_sees_what_was_committed_and_leaves_no_transaction(
    app: Flask, redis_server: redis.Redis
):
    def names() -> list[str]:
        with every_client():
            return list(db.session.scalars(select(Client.name)))

    with transaction():
        db.session.add(Client(name="Acme"))
        publish_after_commit("a", "e", names)

    assert sent(redis_server) == [["Acme"]]
    assert not db.session().in_transaction()


def test_a_unit_without_writes_sends_too(app: Flask, redis_server: redis.Redis):
    with read_only(), transaction():
        publish_after_commit("a", "e", 1)

    assert sent(redis_server) == [1]


def test_a_failing_redis_does_not_fail_the_unit_of_work(
    app: Flask, redis_server: redis.Redis, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    away = redis.Redis(port=1)
    monkeypatch.setitem(app.extensions, "redis", away)

    with transaction():
        db.session.add(Client(name="Acme"))
        publish_after_commit("a", "e", 1)

    with every_client():
        assert db.session.scalar(select(Client.name)) == "Acme"
    assert "1 pushed messages were lost" in caplog.text
    away.close()
