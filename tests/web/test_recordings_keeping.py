"""Holding and deleting from the page: managers alone, with a reason, on record."""

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from telesales.access.roles import Role
from telesales.audit.models import AuditEntry
from telesales.extensions import db, transaction
from telesales.recordings.models import Recording
from telesales.tenancy.scope import every_client
from tests.actors import Actor, as_role
from tests.factories_agents import make_client
from tests.factories_calls import make_attempt
from tests.factories_recordings import make_recording, recording_keys


@pytest.fixture(autouse=True)
def keys(app: Flask):
    with recording_keys(app):
        yield


@pytest.fixture
def manager(client: FlaskClient) -> Actor:
    return as_role(client, Role.MANAGER)


@pytest.fixture
def attempt_id(app: Flask, tmp_path: Path) -> int:
    with every_client():
        return make_recording(app, tmp_path, make_attempt()).attempt_id


def url(attempt_id: int, what: str) -> str:
    return f"/recordings/calls/{attempt_id}/keeping/{what}"


def stored() -> Recording:
    db.session.rollback()
    with every_client():
        row = db.session.scalars(select(Recording)).one()
        db.session.expunge(row)
    db.session.rollback()
    return row


def actions() -> list[str]:
    found = select(AuditEntry.action).where(AuditEntry.action.startswith("recording."))
    return list(db.session.scalars(found.order_by(AuditEntry.id)))


def test_a_call_is_held_and_let_go(manager: Actor, attempt_id: int):
    assert manager.post(url(attempt_id, "hold"), reason="a dispute").status_code == 303
    assert stored().is_held is True
    assert "kept until somebody lets it go" in manager.get(f"/recordings/calls/{attempt_id}").text
    assert "held" in manager.get("/recordings").text

    assert manager.post(url(attempt_id, "delete"), reason="never mind").status_code == 409
    assert stored().is_kept

    assert manager.post(url(attempt_id, "release"), reason="over").status_code == 303
    assert stored().is_held is False
    assert actions() == ["recording.held", "recording.released"]


def test_a_deleted_call_says_when_and_why(manager: Actor, attempt_id: int):
    recording_id = stored().id

    manager.post(url(attempt_id, "delete"), reason="Asked by letter of 20 November")

    page = manager.get(f"/recordings/calls/{attempt_id}").text
    assert "The sound was deleted on" in page
    assert "Asked by letter of 20 November" in page
    assert "data-player" not in page
    assert manager.get(f"/recordings/{recording_id}/sound.wav").status_code == 404
    assert "No recording" not in manager.get("/recordings").text
    assert f"/recordings/calls/{attempt_id}" not in manager.get("/recordings").text
    assert manager.post(url(attempt_id, "hold"), reason="too late").status_code == 404
    assert actions() == ["recording.deletion_begun", "recording.deleted"]


@pytest.mark.parametrize("what", ["hold", "delete"])
@pytest.mark.parametrize("reason", ["", "x" * 301])
def test_without_a_reason_nothing_happens_and_nothing_typed_is_lost(
    manager: Actor, attempt_id: int, what: str, reason: str
):
    answer = manager.post(url(attempt_id, what), reason=reason)

    assert answer.status_code == 422
    assert f'id="reason-{what}-error"' in answer.text
    assert reason in answer.text
    assert stored().is_kept
    assert not stored().is_held


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.REVIEWER, Role.AGENT])
def test_only_managers_decide(client: FlaskClient, attempt_id: int, role: Role):
    assert as_role(client, role).post(url(attempt_id, "delete"), reason="x").status_code == 403
    assert stored().is_kept


@pytest.mark.parametrize("what", ["hold", "release", "delete"])
def test_another_clients_calls_are_not_there(client: FlaskClient, attempt_id: int, what: str):
    with transaction():
        other_id = make_client().id

    answer = as_role(client, Role.MANAGER, client_id=other_id).post(url(attempt_id, what), reason="x")

    assert answer.status_code == 404
    assert stored().is_kept
    assert not stored().is_held
