"""An import as a person sees it in a browser."""

import pytest

from telesales.access.roles import Role
from telesales.agents import sessions
from telesales.extensions import db, transaction
from telesales.leads.importing.running import run_import
from telesales.leads.models import LeadImport
from telesales.tenancy.scope import every_client
from tests.factories import make_list_client, make_user

pytestmark = pytest.mark.browser
FILE = (
    "Full Name,Phone,Plan\n" + "".join(f"Lead {n},20255501{n:02},Gold\n" for n in range(60)) + "Bo Day,12,\n"
)


def sign_in(app, web, page):
    with transaction():
        make_list_client(name="Northwind")
        token = sessions.issue_session(make_user(role=Role.MANAGER).id)[1]
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie[sessions.COOKIE_KEY] = token
    value = client.get_cookie("telesales").value
    page.context.add_cookies([{"name": "telesales", "value": value, "url": web.url}])


def test_a_manager_brings_a_file_to_its_result_and_the_page_follows(app, web, page, settings):
    sign_in(app, web, page)

    page.goto(f"{web.url}/imports/new")
    page.set_input_files(
        "#f-file", files=[{"name": "spring.csv", "mimeType": "text/csv", "buffer": FILE.encode()}]
    )
    page.get_by_role("button", name="Upload and look at the columns").click()
    page.get_by_role("heading", name="What is in the columns?").wait_for()
    assert page.get_by_label("Column “Phone” is").input_value() == "number"
    page.get_by_role("button", name="Go on to the rules").click()
    page.get_by_role("button", name="Import into “spring”").click()
    page.get_by_role("progressbar").wait_for()

    with every_client():
        import_id = db.session.scalar(db.select(LeadImport.id))
    db.session.rollback()
    run_import(import_id, folder=settings.data_dir)

    page.get_by_role("heading", name="What became of the rows").wait_for()
    assert page.get_by_role("link", name="imported", exact=True).is_visible()
    page.get_by_role("link", name="See the row").click()
    page.get_by_text("the number is too short").wait_for()
