"""What follows a commit."""

import pytest
from flask import Flask
from sqlalchemy import select

from telesales.committed import Outbox, after_commit
from telesales.extensions import db, transaction
from telesales.tenancy.models import Client
from telesales.tenancy.scope import every_client


def names() -> list[str]:
    with every_client():
        return list(db.session.scalars(select(Client.name)))


def test_it_is_done_when_the_row_is_there_and_the_session_closed(app: Flask):
    seen: list[object] = []
    with transaction():
        db.session.add(Client(name="Acme"))
        after_commit(lambda: seen.append(db.session().in_transaction()))
        after_commit(lambda: seen.append(names()))
        db.session.flush()
        assert seen == []

    assert seen == [False, ["Acme"]]


def test_one_that_fails_keeps_nothing_from_being_done_and_is_told(app: Flask):
    done: list[list[str]] = []
    letters: Outbox[str] = Outbox(lambda items, _session: done.append(items))

    def fail() -> None:
        raise ConnectionError("nobody there")

    def change() -> None:
        with transaction():
            db.session.add(Client(name="Acme"))
            letters.add("a")
            after_commit(fail)
            after_commit(lambda: done.append(["after it"]))
            letters.add("b")

    with pytest.raises(ConnectionError):
        change()

    assert done == [["a", "b"], ["after it"]]
    assert not db.session().in_transaction()
    assert names() == ["Acme"]


def test_what_is_undone_is_forgotten(app: Flask):
    done: list[str] = []
    with transaction():
        after_commit(lambda: done.append("before"))
        savepoint = db.session.begin_nested()
        after_commit(lambda: done.append("inside"))
        savepoint.rollback()
    assert done == ["before"]

    after_commit(lambda: done.append("rolled back"))
    db.session.add(Client(name="Acme"))
    db.session.flush()
    db.session.rollback()
    with transaction():
        db.session.add(Client(name="Beta"))
    assert done == ["before"]
