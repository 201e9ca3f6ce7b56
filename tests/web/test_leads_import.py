"""Uploading a list in a browser, from the file to the result."""

import io
import re

import pytest

from dialer.queues import IMPORT
from telesales.access.roles import Role
from telesales.extensions import db, transaction
from telesales.leads.importing.running import run_import
from telesales.leads.models import ImportState, Lead, LeadImport, LeadList
from telesales.tenancy.scope import every_client
from tests.actors import as_role
from tests.factories import make_do_not_call, make_lead_list, make_list_client

FILE = "Full Name,Phone,City,State,Age\nAnn Lee,202-555-0123,Washington,DC,41\nBo Day,202-555-0124,Washington,DC,29\n"


@pytest.fixture
def manager(client):
    with transaction():
        make_list_client(name="Northwind")
    return as_role(client, Role.MANAGER)


def upload(actor, content=FILE, name="spring.csv", **form):
    data = content if isinstance(content, bytes) else content.encode()
    return actor.post("/imports/new", file=(io.BytesIO(data), name), **form)


def only(model):
    db.session.rollback()
    with every_client():
        return db.session.scalars(db.select(model)).one()


def run(settings):
    run_import(only(LeadImport).id, folder=settings.data_dir)


def test_a_file_goes_through_four_steps_to_leads(app, manager, settings):
    sent = upload(manager)
    assert sent.status_code == 303
    page = sent.location

    columns = manager.get(page).text
    assert "What is in the columns?" in columns
    assert 'value="number" selected' in columns
    assert "202-555-0123" in columns

    chosen = {
        "column-0": "name",
        "column-1": "number",
        "column-2": "city",
        "column-3": "state",
        "column-4": "keep",
    }
    rules = manager.post(f"{page}/columns", **chosen)
    assert rules.location.endswith("step=rules")
    assert "By which rules?" in manager.get(rules.location).text

    assert manager.post(f"{page}/start", region="US").status_code == 303
    assert "data-import=" in manager.get(page).text
    run(settings)

    result = manager.get(page).text
    assert "What became of the rows" in result
    with every_client():
        lead = db.session.scalars(db.select(Lead).order_by(Lead.id)).first()
        assert (lead.name, lead.custom, lead.lead_list.name) == ("Ann Lee", {"Age": "41"}, "spring")


def test_the_job_is_queued_after_the_start(app, manager, redis_server):
    upload(manager)

    manager.post(f"/imports/{only(LeadImport).id}/start", region="US")

    assert redis_server.llen(f"rq:queue:{IMPORT.name}") == 1


def test_an_import_can_be_left_and_found_again(app, manager):
    upload(manager)

    lists = manager.get("/lists").text

    assert "spring.csv" in lists
    assert "columns to be checked" in lists
    assert "Columns" in manager.get(f"/imports/{only(LeadImport).id}").text


def test_a_doubtful_guess_is_marked(app, manager):
    page = upload(manager, "Customer Name,Somewhere\nAnn,202-555-0123\nBo,202-555-0124\n").location

    assert manager.get(page).text.count("is-doubtful") == 1


@pytest.mark.parametrize(
    ("chosen", "sentence"),
    [({"column-0": "name"}, "Say which column holds the telephone number."),
     ({"column-0": "number", "column-1": "number"}, "is chosen for two columns")],
)  # fmt: skip
def test_a_mapping_that_cannot_work_is_shown_again_with_what_was_chosen(app, manager, chosen, sentence):
    page = upload(manager).location

    answer = manager.post(f"{page}/columns", **chosen)

    assert answer.status_code == 422
    assert sentence in answer.text
    assert f'value="{chosen["column-0"]}" selected' in answer.text


@pytest.mark.parametrize(
    ("content", "sentence"),
    [(b"", "The file is empty."), (b"%PDF-1.7", "This is not a table"), (b"Phone\n", "a header and no rows"),
     (b"\xd0\xcf\x11\xe0" + bytes(50), "Excel file of the old kind"), (b"PK\x03\x04", "The workbook is damaged")],
)  # fmt: skip
def test_a_file_that_cannot_be_read_says_why_and_keeps_what_was_typed(app, manager, content, sentence):
    answer = upload(manager, content, list_name="My list", source="Fair 2026")

    assert answer.status_code == 422
    assert sentence in answer.text
    assert "My list" in answer.text
    assert "Fair 2026" in answer.text


def test_without_a_file_nothing_happens(app, manager):
    answer = manager.post("/imports/new", list_name="x")

    assert answer.status_code == 422
    assert "Choose a file." in answer.text


def send_large(manager, size: int):
    """The whole request in memory: the test client would leave a temporary file open."""
    head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="big.csv"\r\n\r\nPhone\n'
    body = head + b"1\n" * (size // 2) + b"\r\n--x--\r\n"
    headers = {"X-CSRFToken": manager.csrf(), "Accept": "text/html"}
    return manager.client.post(
        "/imports/new", data=body, content_type="multipart/form-data; boundary=x", headers=headers
    )


def test_a_file_beyond_the_bound_is_refused_on_a_clear_page(app, manager, settings):
    answer = send_large(manager, (settings.upload_limit_mb + 2) << 20)

    assert answer.status_code == 413
    assert "<h1" in answer.text


def test_a_file_just_beyond_the_bound_is_told_on_the_form(app, manager, settings):
    answer = send_large(manager, settings.upload_limit_mb << 20)

    assert answer.status_code == 422
    assert "larger than what can be taken" in answer.text


def test_two_lists_of_one_name_are_refused(app, manager):
    upload(manager)

    answer = upload(manager)

    assert answer.status_code == 422
    assert "already has a list of this name" in answer.text


def test_more_leads_go_into_the_same_list(app, manager, settings):
    finished(manager, settings, FILE)

    again = upload(manager, list_id=str(only(LeadImport).list_id)).location
    manager.post(f"{again}/start", region="US")
    run_import(int(again.rsplit("/", 1)[1]), folder=settings.data_dir)

    page = manager.get(again).text
    assert "already in the list" in page
    with every_client():
        assert db.session.scalar(db.select(db.func.count()).select_from(LeadList)) == 1
        assert db.session.scalar(db.select(db.func.count()).select_from(Lead)) == 2


def finished(manager, settings, content) -> str:
    page = upload(manager, content).location
    manager.post(f"{page}/start", region="US")
    run(settings)
    return page


def test_rejected_rows_come_as_a_file_that_runs_nothing(app, manager, settings):
    page = finished(
        manager, settings, 'Name,Phone\nAnn,2025550123\n=cmd|x,12\n"Bo, Jr",hello\nCy,2025550124,extra\n'
    )

    text = manager.get(f"{page}/rejected.csv").data.decode("utf-8")

    assert text.startswith("\ufeff✗ Outcome,✗ Reason,Name,Phone\r\n")
    assert "number not valid,the number is too short,'=cmd|x,12" in text
    assert '"Bo, Jr",hello' in text
    assert "row not readable,the row has more cells than the header,Cy,2025550124,extra" in text
    assert "Ann" not in text


def test_a_corrected_file_is_understood_and_brings_the_rest(app, manager, settings):
    page = finished(manager, settings, "Who,Phone\nAnn,2025550123\nBo,12\n")
    text = manager.get(f"{page}/rejected.csv").data.decode("utf-8").replace(",12", ",2025550124")

    corrected = upload(manager, text, list_id=str(only(LeadImport).list_id)).location
    manager.post(f"{corrected}/start", region="US")
    run_import(int(corrected.rsplit("/", 1)[1]), folder=settings.data_dir)

    with every_client():
        assert [(lead.name, lead.custom) for lead in db.session.scalars(db.select(Lead).order_by(Lead.id))] == [
            ("Ann", {}), ("Bo", {}),
        ]  # fmt: skip


def test_each_part_of_the_result_opens_its_rows(app, manager, settings):
    with transaction():
        make_do_not_call("+12025550125")
    page = finished(manager, settings, "Name,Phone\nAnn,2025550123\nBo,12\nCy,2025550125\nDi,2025550123\n")

    for outcome, text in [
        ("imported", "Ann"),
        ("invalid_number", "too short"),
        ("do_not_call", "Cy"),
        ("duplicate_in_file", "Di"),
    ]:
        assert text in manager.get(f"{page}/rows?outcome={outcome}").text
    assert manager.get(f"{page}/rows?outcome=nonsense").status_code == 404


def test_the_country_can_be_tried_before_the_start(app, manager):
    page = upload(manager, "Name,Phone\nAnn,0131 496 0123\nBo,0161 496 0999\n").location
    manager.post(f"{page}/columns", **{"column-0": "name", "column-1": "number"})

    assert 'value="GB" selected' in manager.get(f"{page}?step=rules").text
    assert "Most numbers cannot be read" in manager.get(f"{page}?step=rules&region=US").text


def test_discarding_forgets_the_file_and_its_empty_list(app, manager, settings):
    page = upload(manager).location
    path = settings.data_dir / only(LeadImport).path

    manager.post(f"{page}/discard")

    assert not path.exists()
    with every_client():
        assert db.session.scalar(db.select(db.func.count()).select_from(LeadList)) == 0


def test_an_import_is_started_once(app, manager):
    page = upload(manager).location
    manager.post(f"{page}/start", region="US")

    assert manager.post(f"{page}/start", region="US").status_code == 409
    assert manager.post(f"{page}/discard").status_code == 409
    assert only(LeadImport).state == ImportState.RUNNING


def test_an_interrupted_import_offers_to_go_on(app, manager, redis_server):
    page = upload(manager).location
    manager.post(f"{page}/start", region="US")
    with every_client(), transaction():
        found = db.session.scalars(db.select(LeadImport)).one()
        found.beat_at = None
    redis_server.delete(f"rq:queue:{IMPORT.name}")

    assert "Go on now" in manager.get(page).text
    manager.post(f"{page}/resume")

    assert redis_server.llen(f"rq:queue:{IMPORT.name}") == 1


def test_an_empty_house_asks_for_whom_the_leads_are_called(app, client):
    administrator = as_role(client, Role.ADMINISTRATOR)

    assert 'name="client_name"' in administrator.get("/imports/new").text
    assert upload(administrator).status_code == 422
    assert upload(administrator, client_name="Our own").status_code == 303


def test_with_several_clients_one_has_to_be_chosen(app, manager):
    with transaction():
        other = make_list_client(name="Southwind")
        other_id = other.id

    assert "Say for whom these leads are called." in upload(manager).text
    assert upload(manager, client_id=str(other_id)).status_code == 303
    assert only(LeadList).client_id == other_id


def test_progress_is_told_as_json(app, manager):
    page = upload(manager).location
    manager.post(f"{page}/start", region="US")

    news = manager.get(f"{page}/progress").json

    assert (news["state"], news["rows_done"]) == ("running", 0)


@pytest.mark.parametrize("role", [Role.AGENT, Role.REVIEWER, Role.CLIENT])
def test_others_neither_see_nor_upload_lists(app, client, role):
    with transaction():
        list_id = make_lead_list().id
    actor = as_role(client, role)

    assert {actor.get(path).status_code for path in ("/lists", f"/lists/{list_id}", "/imports/new")} == {403}
    assert upload(actor).status_code == 403


def test_a_supervisor_looks_and_does_not_change(app, client):
    with transaction():
        list_id = make_lead_list().id
    supervisor = as_role(client, Role.SUPERVISOR)

    page = supervisor.get(f"/lists/{list_id}").text

    assert not re.search(r'href="/imports/new', page)
    assert supervisor.post(f"/lists/{list_id}/edit", name="x").status_code == 403
