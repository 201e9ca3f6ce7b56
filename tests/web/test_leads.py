"""Pages of lists and leads."""

import pytest

from telesales.access.roles import Role
from telesales.extensions import db, transaction
from telesales.leads.models import Lead
from telesales.tenancy.scope import every_client
from tests.actors import as_role
from tests.factories import (
    make_attempt,
    make_called_lead,
    make_calling_agent,
    make_calling_campaign,
    make_do_not_call,
    make_lead,
    make_lead_list,
    make_list_client,
)

NUMBER = "+12025550123"
TYPED = {"number": "202 555 0123", "name": "Ann Lee", "state": "NY", "country": "USA", "language": "English"}


@pytest.fixture
def manager(client):
    return as_role(client, Role.MANAGER)


@pytest.fixture
def list_id(app):
    with transaction():
        return make_lead_list(name="Spring").id


def only_lead() -> Lead:
    db.session.rollback()
    with every_client():
        return db.session.scalars(db.select(Lead)).one()


def test_without_lists_the_page_says_what_to_do(app, manager):
    page = manager.get("/lists").text

    assert "No list yet" in page
    assert 'href="/imports/new"' in page


def test_the_index_shows_how_far_each_list_is(app, manager, list_id):
    with transaction(), every_client():
        lead_list = db.session.get(make_lead_list().__class__, list_id)
        make_lead(lead_list=lead_list, attempts=1, dial_state="done", done_reason="sale")
        make_lead(lead_list=lead_list)

    assert "1 of 2" in manager.get("/lists").text


def test_an_empty_list_says_what_to_do(app, manager, list_id):
    assert "No leads yet" in manager.get(f"/lists/{list_id}").text


def test_a_list_leads_with_what_its_leads_wait_for(app, manager):
    with transaction():
        lead_list = make_lead_list()
        make_lead(lead_list=lead_list, name="Ann Lee")
        make_lead(lead_list=lead_list, name="Bo Day", dial_state="done", done_reason="sale")
        path = f"/lists/{lead_list.id}"

    page = manager.get(path).text
    assert "ready now" in page
    assert "Ann Lee" in page
    assert "Ann Lee" not in manager.get(f"{path}?waiting=done:sale").text
    assert "Bo Day" not in manager.get(f"{path}?text=ann").text
    assert "No lead is like this" in manager.get(f"{path}?text=nobody").text


@pytest.mark.parametrize(
    "query", ["sort=nonsense", "page=999", "page=x", "waiting=nonsense", "order=x&sort=name", "text=%25"]
)
def test_a_strange_address_still_shows_a_page(app, manager, list_id, query):
    assert manager.get(f"/lists/{list_id}?{query}").status_code == 200


def test_pages_of_leads(app, manager):
    with transaction():
        lead_list = make_lead_list()
        for nth in range(51):
            make_lead(lead_list=lead_list, name=f"Lead {nth:03}")
        path = f"/lists/{lead_list.id}"

    assert "Lead 050" not in manager.get(path).text
    assert "Lead 050" in manager.get(f"{path}?page=2").text


def test_leads_are_exported_without_formulas(app, manager):
    with transaction():
        lead = make_lead(name="=1+1", number=NUMBER)
        path = f"/lists/{lead.list_id}/leads.csv"

    text = manager.get(path).data.decode()

    assert "+12025550123,'=1+1" in text


def test_a_lead_is_added_by_hand(app, manager, list_id):
    answer = manager.post(f"/lists/{list_id}/leads/new", **TYPED)

    lead = only_lead()
    assert answer.location == f"/leads/{lead.id}"
    assert (lead.number, lead.country, lead.language, lead.zone_key) == (
        NUMBER,
        "US",
        "en",
        "America/New_York",
    )


def test_a_state_without_its_country_still_tells_the_time(app, manager, list_id):
    """Nobody in California is rung at five in the morning because the number is of New York."""
    typed = {**TYPED, "number": "212 555 0142", "state": "CA", "country": ""}

    assert manager.post(f"/lists/{list_id}/leads/new", **typed).status_code == 303
    lead = only_lead()
    assert (lead.country, lead.zone_key) == ("US", "America/Los_Angeles|America/New_York")

    manager.post(f"/leads/{lead.id}/edit", **{**typed, "state": "", "postal_code": ""})
    assert only_lead().zone_key == "America/New_York"
    manager.post(f"/leads/{lead.id}/edit", **{**typed, "state": "HI"})
    assert only_lead().zone_key == "America/New_York|Pacific/Honolulu"


def test_leads_can_be_added_one_after_the_other(app, manager, list_id):
    answer = manager.post(f"/lists/{list_id}/leads/new", **TYPED, then="another")

    assert answer.location == f"/lists/{list_id}/leads/new"


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [({"number": ""}, "The number is empty."), ({"number": "12"}, "The number is too short."),
     ({"country": "Narnia"}, "is not a country"), ({"language": "Klingonish"}, "is not a language"),
     ({"name": "x" * 201}, "At most 200")],
)  # fmt: skip
def test_bad_input_is_shown_again_with_what_was_typed(app, manager, list_id, changed, sentence):
    answer = manager.post(f"/lists/{list_id}/leads/new", **{**TYPED, "city": "kept words", **changed})

    assert answer.status_code == 422
    assert sentence in answer.text
    assert "kept words" in answer.text


def test_a_number_that_is_there_is_told_at_the_field(app, manager, list_id):
    manager.post(f"/lists/{list_id}/leads/new", **TYPED)

    answer = manager.post(f"/lists/{list_id}/leads/new", **TYPED)

    assert answer.status_code == 422
    assert "This list already has this number." in answer.text


def test_a_lead_shows_time_evidence_and_extra_fields(app, manager):
    with transaction():
        lead = make_lead(name="王小明", latin_name="Wang Xiaoming", custom={"Plan": "Gold"})
        make_do_not_call(lead.number)
        path = f"/leads/{lead.id}"

    page = manager.get(path).text

    for text in (
        "王小明",
        "Wang Xiaoming",
        "Gold",
        "America/New York",
        "The number tells",
        "do-not-call list since",
    ):
        assert text in page
    assert f'hx-get="/calls/of-lead/{path.rsplit("/", 1)[1]}"' in page


def test_the_calls_of_a_lead_are_a_part_of_its_page(app, manager):
    with every_client(), transaction():
        campaign = make_calling_campaign(make_calling_agent())
        lead = make_called_lead(campaign)
        fresh = make_lead()
        make_attempt(
            lead=lead,
            campaign=campaign,
            agent=make_calling_agent(name="Ana"),
            state="ended",
            result="no_answer",
        )
        called, uncalled = lead.id, fresh.id

    part = manager.get(f"/calls/of-lead/{called}").text
    assert "No answer" in part
    assert "Ana" in part
    assert "Not called yet" in manager.get(f"/calls/of-lead/{uncalled}").text


def test_a_lead_is_edited(app, manager):
    with transaction():
        lead_id = make_lead(number=NUMBER).id

    assert 'value="+1 202-555-0123"' in manager.get(f"/leads/{lead_id}/edit").text
    manager.post(f"/leads/{lead_id}/edit", **{**TYPED, "state": "CA"})

    assert only_lead().zone_key == "America/Los_Angeles|America/New_York"


def test_a_lead_that_is_being_called_is_not_edited(app, manager):
    with transaction():
        lead_id = make_lead(number=NUMBER, dial_state="reserved").id

    assert manager.post(f"/leads/{lead_id}/edit", **TYPED).status_code == 409


def test_a_done_lead_is_opened_again(app, manager):
    with transaction():
        lead_id = make_lead(dial_state="done", done_reason="not_interested").id

    manager.post(f"/leads/{lead_id}/reopen")

    assert only_lead().dial_state == "ready"


def test_a_list_gets_another_name(app, manager, list_id):
    assert manager.post(f"/lists/{list_id}/edit", name="", source="x").status_code == 422
    assert manager.post(f"/lists/{list_id}/edit", name="Autumn", source="Fair").status_code == 303
    assert "Autumn" in manager.get("/lists").text


@pytest.mark.parametrize(
    "path", ["/lists/999", "/leads/999", "/imports/999", "/leads/999/edit", "/lists/999/leads/new"]
)
def test_what_is_not_there_is_not_found(app, manager, path):
    assert manager.get(path).status_code == 404


def test_another_clients_leads_are_not_there(app, client):
    with transaction():
        lead = make_lead()
        own = make_list_client().id
        paths = (f"/lists/{lead.list_id}", f"/leads/{lead.id}")
    stranger = as_role(client, Role.MANAGER, client_id=own)

    assert {stranger.get(path).status_code for path in paths} == {404}


def test_text_of_strangers_runs_nothing(app, manager):
    with transaction():
        lead = make_lead(name="<script>alert(1)</script>", custom={"<b>x": "<img src=x>"})
        path = f"/leads/{lead.id}"

    page = manager.get(path).text

    assert "<script>alert" not in page
    assert "<img src=x>" not in page
