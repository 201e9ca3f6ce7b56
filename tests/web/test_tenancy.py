"""Two clients: who works for one finds nothing of the other, on any page."""

import pytest
from flask import Flask
from sqlalchemy import select

from telesales.access.guard import access_of, requires
from telesales.access.roles import PEOPLE, Role
from telesales.agents.models import SignInSession, User
from telesales.calls.models import CallAttempt, Callback, Sale
from telesales.campaigns.models import Campaign
from telesales.commissions.models import CommissionPlan, LedgerLine
from telesales.compliance.models import DoNotCallEntry, DoNotCallScope, DoNotCallUpload
from telesales.compliance.service import add_entry
from telesales.dialing.models import PacingDecision
from telesales.extensions import Base, db, transaction
from telesales.leads.models import Lead, LeadImport, LeadList
from telesales.messages.models import CampaignMessage
from telesales.recordings.models import Recording
from telesales.scripting.models import Script
from telesales.spreadsheet import csv_response
from telesales.tenancy.models import Client, ClientOwned
from telesales.tenancy.scope import every_client
from telesales.whatif.models import WhatIf
from telesales.whiteboard.models import Screen
from tests.actors import as_role
from tests.factories_agents import make_client
from tests.rows import make_row

SECRET = "secret-of-the-other"
MODEL_OF = {
    "entry_id": DoNotCallEntry,
    "upload_id": DoNotCallUpload,
    "campaign_id": Campaign,
    "list_id": LeadList,
    "lead_id": Lead,
    "import_id": LeadImport,
    "attempt_id": CallAttempt,
    "decision_id": PacingDecision,
    "sale_id": Sale,
    "callback_id": Callback,
    "plan_id": CommissionPlan,
    "line_id": LedgerLine,
    "script_id": Script,
    "screen_id": Screen,
    "user_id": User,
    "agent_id": User,
    "session_id": SignInSession,
    "client_id": Client,
    "what_if_id": WhatIf,
    "recording_id": Recording,
    "message_id": CampaignMessage,
}
BESIDE = {
    "what": "hold",
    "verb": "hold",
    "kind": "abandoned",
    "milliseconds": 1,
}  # what else may stand in a URL with an id
OF_THE_WHOLE_CENTRE = {"team_id", "version_id"}
REFUSALS = {400, 403, 404, 409, 422}


@pytest.fixture
def other(app: Flask) -> Client:
    """A client with one row in every table that can belong to one."""
    other = make_client(name=f"{SECRET} company")
    with every_client():
        for mapper in Base.registry.mappers:
            if issubclass(mapper.class_, ClientOwned) or mapper.class_ in (Script, Screen, User):
                make_row(mapper.class_, client=other, mark=SECRET)
    db.session.commit()
    return other


def ways_to(app: Flask, other: Client) -> list[tuple[str, str, str]]:
    """Method, path and endpoint of every page that takes an id, with the other client's ids."""
    adapter, ids, found = app.url_map.bind("localhost"), {}, []
    for rule in app.url_map.iter_rules():
        names = {name for name in rule.arguments if name.endswith("_id")} - OF_THE_WHOLE_CENTRE
        if not names or not set(rule.arguments) <= names | set(BESIDE):
            continue
        for name in names - set(ids):
            ids[name] = _id_of(name, other)
        method = "POST" if "POST" in rule.methods else "GET"
        values = BESIDE | {name: ids[name] for name in names}
        path = adapter.build(rule.endpoint, {name: values[name] for name in rule.arguments}, method=method)
        found.append((method, path, rule.endpoint))
    db.session.commit()
    return sorted(found)


def _id_of(name: str, other: Client) -> int:
    assert name in MODEL_OF, f"say in MODEL_OF what {name} is, or that it belongs to the whole centre"
    if MODEL_OF[name] is Client:
        return other.id
    if MODEL_OF[name] is DoNotCallEntry:
        with every_client(), transaction():
            return add_entry(
                number="+12025550177", scope=DoNotCallScope.CLIENT, client_id=other.id, source=SECRET
            ).id
    with every_client():
        return make_row(MODEL_OF[name], client=other, mark=SECRET).id


@pytest.mark.parametrize("role", PEOPLE)
def test_ids_of_another_client_open_nothing(app: Flask, other: Client, role: Role):
    ways = ways_to(app, other)
    actor = as_role(app.test_client(), role, client_id=make_client().id)
    wrong = []
    for method, path, endpoint in ways:
        if role not in (access_of(app, endpoint) or ()):
            continue
        response = actor.get(path) if method == "GET" else actor.post(path)
        if (
            response.status_code not in ({403, 404} if method == "GET" else REFUSALS)
            or SECRET in response.text
        ):
            wrong.append((method, path, response.status_code))

    assert wrong == []


@pytest.mark.parametrize("role", PEOPLE)
def test_lists_show_nothing_of_another_client(app: Flask, other: Client, role: Role):
    actor = as_role(app.test_client(), role, client_id=make_client().id)
    wrong = []
    for rule in app.url_map.iter_rules():
        is_list = "GET" in rule.methods and not rule.arguments
        if is_list and role in (access_of(app, rule.endpoint) or ()) and SECRET in actor.get(rule.rule).text:
            wrong.append(rule.rule)

    assert wrong == []


def test_download_is_read_in_the_scope_of_its_request(app: Flask, other: Client):
    mine = make_client()
    with every_client():
        kept = make_row(Campaign, client=mine, mark="mine").name
    db.session.commit()
    actor = as_role(app.test_client(), Role.MANAGER, client_id=mine.id)
    app.view_functions["audit.list_entries"], before = _download, app.view_functions["audit.list_entries"]
    try:
        text = actor.get("/audit/").get_data(as_text=True)
    finally:
        app.view_functions["audit.list_entries"] = before

    assert kept in text
    assert SECRET not in text


@requires(Role.MANAGER)
def _download():
    rows = ([name] for name in db.session.scalars(select(Campaign.name)))
    return csv_response("names.csv", ["Name"], rows)
