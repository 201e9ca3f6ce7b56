import csv
import io

import pytest
from flask import Flask

from telesales import clock
from telesales.access.roles import Role
from telesales.audit import hook
from telesales.audit.models import AuditEntry
from telesales.audit.service import record
from telesales.extensions import db, transaction
from tests.actors import as_role
from tests.factories_agents import make_client, make_user


def make_entry(**columns) -> AuditEntry:
    entry = AuditEntry(**{"actor": "Mia", "action": "list.imported", "details": {}, **columns})
    db.session.add(entry)
    db.session.flush()
    return entry


def test_trail_shows_person_action_and_readable_changes(client):
    make_entry(actor="李娜", details={"changes": {"name": ["Anna", "Ana"]}, "rows": 600})

    page = as_role(client, Role.MANAGER).get("/audit/").text

    assert "李娜" in page
    assert "Anna → Ana" in page
    assert "600" in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("person=mia", {"A", "B"}),
        ("action=list.", {"A"}),
        ("subject=User+7", {"B"}),
        ("subject=7", {"B", "C"}),
        ("first_day=2026-11-21&last_day=2026-11-21", {"C"}),
    ],
)
def test_trail_is_filtered(client, query, found):
    at = clock.now().replace(year=2026, month=11, day=1, hour=12)
    make_entry(at=at, details={"mark": "mark-A"})
    make_entry(at=at, action="person.edited", subject_type="User", subject_id=7, details={"mark": "mark-B"})
    make_entry(
        at=at.replace(day=21), actor="Omar", action="person.edited", subject_type="Team", subject_id=7,
        details={"mark": "mark-C"},
    )  # fmt: skip

    page = as_role(client, Role.ADMINISTRATOR).get(f"/audit/?{query}").text

    assert {mark for mark in "ABC" if f"mark-{mark}" in page} == found


def test_long_trail_comes_in_pages(client):
    for number in range(60):
        make_entry(details={"mark": f"row-{number:02}-"})
    manager = as_role(client, Role.MANAGER)

    assert "row-59-" in manager.get("/audit/").text
    assert "row-05-" not in manager.get("/audit/").text
    assert "row-05-" in manager.get("/audit/?page=2").text


def test_export_runs_no_formula(client):
    make_entry(actor="=HYPERLINK(1)", action="list.imported", details={"name": "李娜"})

    response = as_role(client, Role.MANAGER).get("/audit/entries.csv?action=list.")

    rows = list(csv.reader(io.StringIO(response.data.decode("utf-8-sig"))))
    assert response.headers["Content-Disposition"].startswith("attachment")
    assert rows[1][1] == "'=HYPERLINK(1)"
    assert "李娜" in rows[1][5]


def test_manager_of_one_client_sees_its_entries_only(client):
    mine, theirs = make_client(), make_client()
    make_entry(client_id=mine.id, details={"mark": "mark-mine"})
    make_entry(client_id=theirs.id, details={"mark": "mark-theirs"})
    manager = as_role(client, Role.MANAGER, client_id=mine.id)

    for path in ("/audit/", "/audit/entries.csv"):
        text = manager.get(path).get_data(as_text=True)
        assert "mark-mine" in text
        assert "mark-theirs" not in text


def change(app: Flask, verb) -> None:
    with app.test_request_context("/nowhere", method="POST"):
        app.preprocess_request()
        with transaction():
            verb()


def test_change_through_the_web_without_an_entry_is_an_error(app):
    with pytest.raises(hook.UnauditedChangeError, match="User"):
        change(app, make_user)


def test_bulk_change_through_the_web_without_an_entry_is_an_error(app):
    make_user()
    db.session.commit()

    with pytest.raises(hook.UnauditedChangeError, match="Client"):
        change(app, lambda: db.session.execute(db.update(make_client().__class__).values(name="x")))


def test_change_with_an_entry_is_fine(app):
    change(app, lambda: record("person.added", make_user()))


def test_refused_change_does_not_excuse_the_next(app):
    with pytest.raises(ZeroDivisionError):
        change(app, lambda: record("person.added", make_user()) or 1 / 0)
    with pytest.raises(hook.UnauditedChangeError):
        change(app, make_user)
