"""Lists and leads on a real database."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import select

from telesales import clock
from telesales.errors import ConflictError, InvalidInputError
from telesales.extensions import db, transaction
from telesales.leads import queries, service
from telesales.leads.models import DialState, Lead, LeadList
from telesales.tenancy.scope import every_client
from tests.factories import make_do_not_call, make_lead, make_lead_list, make_list_client

NUMBER = "+12025550123"


@pytest.fixture(autouse=True)
def _everything_in_scope(app):
    with every_client():
        yield


def test_a_client_has_each_list_name_once(app):
    with transaction():
        one, other = make_list_client().id, make_list_client().id
        service.create_list(client_id=one, name="Spring", region="US")
        service.create_list(client_id=other, name="Spring", region="US")
        with pytest.raises(InvalidInputError):
            service.create_list(client_id=one, name="Spring", region="GB")

    assert db.session.scalar(db.select(db.func.count()).select_from(LeadList)) == 2


def test_a_lead_that_is_added_has_its_time_zone(app):
    with transaction():
        lead = service.add_lead(make_lead_list(), number=NUMBER, name="Ann", state="CA", country="US")

    assert lead.zone_key == "America/Los_Angeles|America/New_York"
    assert lead.zone_evidence["basis"] == "both"


def test_a_number_stands_once_in_a_list(app):
    with transaction():
        lead_list = make_lead_list()
        service.add_lead(lead_list, number=NUMBER)
        with pytest.raises(InvalidInputError) as error:
            service.add_lead(lead_list, number=NUMBER)

    assert "number" in error.value.fields


def test_a_forbidden_number_is_not_added(app):
    with transaction():
        make_do_not_call(NUMBER)
        with pytest.raises(InvalidInputError):
            service.add_lead(make_lead_list(), number=NUMBER)


def test_editing_finds_the_time_zone_anew(app):
    with transaction():
        lead = make_lead(number=NUMBER)
        service.edit_lead(lead, {"state": "HI", "country": "US"})

    assert lead.zone_key == "America/New_York|Pacific/Honolulu"


def test_a_lead_that_is_being_called_is_not_edited(app):
    with transaction(), pytest.raises(ConflictError):
        service.edit_lead(make_lead(dial_state=DialState.RESERVED), {"name": "Other"})


def test_a_done_lead_can_be_opened_again_unless_its_number_is_forbidden(app):
    with transaction():
        lead = make_lead(dial_state=DialState.DONE, done_reason="not_interested")
        taboo = make_lead(number=NUMBER)
        make_do_not_call(NUMBER)
        service.reopen_lead(lead)
        with pytest.raises(InvalidInputError):
            service.reopen_lead(taboo)

    assert (lead.dial_state, lead.done_reason) == ("ready", "")
    assert taboo.dial_state == DialState.DONE


def test_what_leads_wait_for_adds_up(app):
    soon = clock.now() + timedelta(hours=1)
    with transaction():
        lead_list = make_lead_list()
        for columns in (
            {}, {}, {"next_attempt_at": soon}, {"zone_key": ""}, {"dial_state": "reserved"},
            {"dial_state": "done", "done_reason": "sale"}, {"dial_state": "done", "done_reason": "do_not_call"},
        ):  # fmt: skip
            make_lead(lead_list=lead_list, **columns)

    counts = queries.waiting_counts(lead_list.id)

    assert counts == {
        "ready": 2,
        "later": 1,
        "no_zone": 1,
        "reserved": 1,
        "done:sale": 1,
        "done:do_not_call": 1,
    }
    assert queries.counts_by_state(lead_list.id) == {"ready": 4, "reserved": 1, "done": 2}
    for key, count in counts.items():
        query = queries.leads_query(lead_list.id, queries.LeadFilter(waiting=key))
        assert len(db.session.scalars(query).all()) == count, key


@pytest.mark.parametrize("text", ["ann", "小明", "BOSTON", "202-555-0123", "0123", "Wang", "100%"])
def test_leads_are_found_by_name_place_and_number(app, text):
    with transaction():
        lead_list = make_lead_list()
        wanted = make_lead(
            lead_list=lead_list,
            number=NUMBER,
            name="王小明",
            latin_name="Wang Ann",
            city="Boston",
            company="100% Ltd",
        )
        make_lead(lead_list=lead_list, number="+13035550177", name="Other", city="Denver")

    query = queries.leads_query(lead_list.id, queries.LeadFilter(text=text))

    assert [lead.id for lead in db.session.scalars(query)] == [wanted.id]


def test_leads_of_a_demo_begin_again_except_forbidden_ones(app):
    with transaction():
        lead_list = make_lead_list()
        sold = make_lead(lead_list=lead_list, dial_state="done", done_reason="sale", attempts=3, priority=-10)
        taboo = make_lead(lead_list=lead_list, dial_state="done", done_reason="do_not_call")
        busy = make_lead(lead_list=lead_list, dial_state="reserved")

        assert service.reset_leads([lead_list.id]) == 1

    assert (sold.dial_state, sold.attempts, sold.priority) == ("ready", 0, 0)
    assert (taboo.dial_state, busy.dial_state) == ("done", "reserved")


def run_cli(app, tmp_path, content: str, *words: str):
    path = tmp_path / "list.csv"
    path.write_text(content)
    db.session.remove()
    return app.test_cli_runner().invoke(args=["leads", "import", str(path), *words])


def test_the_command_line_imports_and_prints_json(app, tmp_path):
    done = run_cli(
        app,
        tmp_path,
        "Name,Phone\nAnn,2025550123\nBo,12\n",
        "--list",
        "Spring",
        "--region",
        "us",
        "--client",
        "Acme",
        "--json",
    )

    assert done.exit_code == 0, done.output
    facts = json.loads(done.stdout.strip())
    assert facts["counts"] == {"imported": 1, "invalid_number": 1}
    assert facts["rows"] == 2
    assert "rows" in done.stderr
    assert db.session.scalars(select(Lead.name)).one() == "Ann"
    assert db.session.scalars(select(LeadList.name)).one() == "Spring"


def test_the_command_line_takes_a_mapping_and_an_existing_list(app, tmp_path):
    run_cli(
        app,
        tmp_path,
        "Name,Phone\nAnn,2025550123\n",
        "--list",
        "Spring",
        "--region",
        "US",
        "--client",
        "Acme",
    )

    done = run_cli(
        app,
        tmp_path,
        "A,B\nBo Ltd,2025550124\n",
        "--list",
        "Spring",
        "--region",
        "US",
        "--mapping",
        "company=A,number=B",
    )

    assert done.exit_code == 0, done.output
    assert db.session.scalars(select(Lead.company).order_by(Lead.id)).all() == ["", "Bo Ltd"]


@pytest.mark.parametrize(
    ("content", "words", "code", "sentence"),
    [
        ("", [], 1, "The file is empty"),
        ("Name,Age\nAnn,3\n", [], 1, "telephone number"),
        (
            "Name,Phone\nAnn,2025550123\n",
            ["--mapping", "number=Nope"],
            1,
            "unknown: Nope; known: Name, Phone",
        ),
        ("Name,Phone\nAnn,2025550123\n", ["--mapping", "nonsense"], 2, "write field=column"),
        ("Name,Phone\nAnn,2025550123\n", ["--region", "XX"], 2, "not a country"),
    ],
)
def test_the_command_line_says_what_is_wrong(app, tmp_path, content, words, code, sentence):
    done = run_cli(app, tmp_path, content, "--list", "Spring", "--region", "US", "--client", "Acme", *words)

    assert done.exit_code == code, done.output
    assert sentence in done.output


def test_the_command_line_asks_for_the_client_when_there_is_a_choice(app, tmp_path):
    with transaction():
        make_list_client(name="Northwind")
        make_list_client(name="Southwind")

    done = run_cli(app, tmp_path, "Name,Phone\nAnn,2025550123\n", "--list", "Spring", "--region", "US")

    assert done.exit_code == 2
    assert "Northwind, Southwind" in done.output
