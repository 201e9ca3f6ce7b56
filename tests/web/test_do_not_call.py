"""The pages of the do-not-call list."""

import io

import pytest

from telesales.access.roles import Role
from telesales.compliance.models import DoNotCallEntry, DoNotCallScope, DoNotCallUpload
from telesales.extensions import db, transaction
from tests.actors import as_role
from tests.factories import make_client, make_do_not_call, make_list_client

NUMBER = "+12025550123"
TERMS = {"scope": "national", "source": "register", "listed_on": "2026-11-01", "region": "US"}


@pytest.fixture
def manager(client):
    return as_role(client, Role.MANAGER)


def entries():
    db.session.rollback()
    return db.session.scalars(db.select(DoNotCallEntry).order_by(DoNotCallEntry.id)).all()


def test_an_empty_list_says_what_to_do(app, manager):
    assert "The list is empty" in manager.get("/do-not-call").text


def test_a_number_is_added_with_source_and_date(app, manager):
    answer = manager.post("/do-not-call/new", number="(202) 555-0123", reason="angry", **TERMS)

    assert answer.status_code == 303
    entry = entries()[0]
    assert (entry.number, entry.scope, entry.source, str(entry.listed_on)) == (
        NUMBER,
        "national",
        "register",
        "2026-11-01",
    )
    assert entry.added_by_id == manager.user_id
    assert "angry" in manager.get(answer.location).text


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [({"number": "12"}, "not a telephone number"), ({"source": ""}, "Say where it comes from"),
     ({"listed_on": "yesterday"}, "year-month-day"), ({"listed_on": "2999-01-01"}, "has not come yet"),
     ({"scope": "client"}, "Say for which client"), ({"scope": "world"}, "how far it reaches"),
     ({"source": "x" * 121}, "At most 120"), ({"reason": "x" * 301}, "At most 300")],
)  # fmt: skip
def test_bad_input_is_shown_again_with_what_was_typed(app, manager, changed, sentence):
    answer = manager.post(
        "/do-not-call/new", **{"number": "2025550123", "reason": "kept words", **TERMS, **changed}
    )

    assert answer.status_code == 422
    assert sentence in answer.text
    assert changed.get("reason", "kept words") in answer.text
    assert entries() == []


def test_a_clients_entry_names_the_client(app, manager):
    with transaction():
        client_id = make_list_client(name="Northwind").id

    manager.post(
        "/do-not-call/new", **{**TERMS, "number": NUMBER, "scope": "client", "client_id": str(client_id)}
    )

    assert entries()[0].client_id == client_id
    assert "Northwind" in manager.get("/do-not-call").text


@pytest.mark.parametrize("typed", ["+1 202 555 0123", "2025550123", "12025550123", "(202) 555-0123"])
def test_a_number_is_found_however_it_is_typed(app, manager, typed):
    with transaction():
        make_do_not_call(NUMBER)
        make_do_not_call("+12025550199")

    page = manager.get("/do-not-call", query_string={"number": typed}).text

    assert "202-555-0123" in page
    assert "202-555-0199" not in page


@pytest.mark.parametrize("typed", ["+12025550177", "nobody", "%", "'; DROP TABLE leads"])
def test_a_number_that_is_not_there_can_be_added(app, manager, typed):
    with transaction():
        make_do_not_call(NUMBER)

    page = manager.get("/do-not-call", query_string={"number": typed}).text

    assert "is not on the list" in page
    assert "202-555-0123" not in page


def test_a_number_is_taken_off_with_a_reason(app, manager):
    with transaction():
        entry_id = make_do_not_call(NUMBER).id

    refused = manager.post(f"/do-not-call/{entry_id}/remove", reason="  ")
    assert refused.status_code == 422
    assert "Say why" in refused.text
    assert entries()[0].removed_at is None
    manager.post(f"/do-not-call/{entry_id}/remove", reason="she agreed")

    assert entries()[0].removal_reason == "she agreed"
    assert "202-555-0123" not in manager.get("/do-not-call").text
    assert "she agreed" in manager.get("/do-not-call?removed=1").text
    assert manager.post(f"/do-not-call/{entry_id}/remove", reason="twice").status_code == 409


def test_who_works_for_one_client_lifts_only_that_clients_entries(app, client):
    with transaction():
        own = make_client()
        for_all = make_do_not_call(NUMBER).id
        for_own = make_do_not_call("+12025550199", scope=DoNotCallScope.CLIENT, client_id=own.id).id
    bound = as_role(client, Role.MANAGER, client_id=own.id)

    assert "danger" not in bound.get(f"/do-not-call/{for_all}").text
    assert bound.post(f"/do-not-call/{for_all}/remove", reason="ours").status_code == 403
    assert "danger" in bound.get(f"/do-not-call/{for_own}").text
    assert bound.post(f"/do-not-call/{for_own}/remove", reason="ours").status_code == 303


def upload(actor, content: str, **form):
    return actor.post(
        "/do-not-call/uploads/new", file=(io.BytesIO(content.encode()), "register.csv"), **{**TERMS, **form}
    )


def test_a_small_register_is_read_at_once(app, manager):
    answer = upload(manager, "Phone\n202-555-0123\n202-555-0124\nnobody\n")

    page = manager.get(answer.location).text

    assert len(entries()) == 2
    assert "register.csv" in page
    assert "not a telephone number" in page


def test_a_large_register_is_read_by_a_worker(app, manager, redis_server):
    answer = upload(manager, "Phone\n" + "".join(f"+1212555{n:04}\n" for n in range(9_000)))

    assert redis_server.llen("rq:queue:import") == 1
    assert entries() == []
    assert manager.get(answer.location, headers={"Accept": "application/json"}).json["state"] == "running"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [("", "The file is empty"), ("Name\nAnn\n", "No column of the file looks like telephone")],
)
def test_a_register_that_cannot_be_read_says_why(app, manager, settings, content, sentence):
    folder = settings.data_dir / "do-not-call"
    before = set(folder.glob("*"))

    answer = upload(manager, content, source="kept words")

    assert answer.status_code == 422
    assert sentence in answer.text
    assert "kept words" in answer.text
    assert db.session.scalar(db.select(DoNotCallUpload.id)) is None
    assert set(folder.glob("*")) == before


def test_the_list_is_exported_without_formulas(app, manager):
    with transaction():
        make_do_not_call(NUMBER, source="=cmd|x")

    text = manager.get("/do-not-call/entries.csv").data.decode()

    assert text.startswith("\ufeffnumber,scope,source")
    assert "'=cmd|x" in text


def test_the_filter_keeps_scope_and_source_apart(app, manager):
    with transaction():
        make_do_not_call(NUMBER, scope=DoNotCallScope.NATIONAL, source="register")
        make_do_not_call("+12025550199", source="letter")

    assert "0199" not in manager.get("/do-not-call?scope=national").text
    assert "202-555-0123" not in manager.get("/do-not-call?source=letter").text


def test_a_supervisor_adds_and_does_not_remove(app, client):
    with transaction():
        entry_id = make_do_not_call("+12025550199").id
    supervisor = as_role(client, Role.SUPERVISOR)

    assert supervisor.post("/do-not-call/new", number=NUMBER, **TERMS).status_code == 303
    assert supervisor.post(f"/do-not-call/{entry_id}/remove", reason="x").status_code == 403
    assert upload(supervisor, "Phone\n2025550124\n").status_code == 403


@pytest.mark.parametrize("role", [Role.AGENT, Role.CLIENT, Role.REVIEWER])
def test_others_do_not_see_the_list(app, client, role):
    assert as_role(client, role).get("/do-not-call").status_code == 403
