"""Importing on a real database. Files are written by hand, one case per line."""

import io
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select

from telesales.compliance.models import DoNotCallScope
from telesales.extensions import db, transaction
from telesales.leads.importing import bulk
from telesales.leads.importing.inline import import_file
from telesales.leads.importing.preparing import receive_file, start_import
from telesales.leads.importing.results import rejected_rows
from telesales.leads.importing.running import run_import
from telesales.leads.models import ImportState, Lead, LeadImport, LeadList, SavedMapping
from telesales.tenancy.scope import every_client
from telesales.uploads.opening import keep_file
from tests.factories import make_do_not_call, make_lead, make_lead_list

HOSPITALS = Path(__file__).parents[3] / "shared" / "data" / "us-hospitals.csv"
LIMIT = 100 << 20
HEADER = "Name,Phone,City,State,Zip,Plan\n"


@pytest.fixture
def lead_list(app):
    with transaction():
        return make_lead_list()


@pytest.fixture
def bring(app, settings, tmp_path):
    def bring(content: str | bytes, lead_list: LeadList, **options) -> LeadImport:
        path = tmp_path / "list.csv"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return import_file(path, lead_list, folder=settings.data_dir, limit=LIMIT, **options)

    with every_client():
        yield bring


def reasons(found: LeadImport) -> list[tuple[int, str, str]]:
    return [(row, str(outcome), reason) for row, _cells, outcome, reason in rejected_rows(found.id)]


def test_a_row_becomes_a_lead_with_its_time_zone_and_evidence(bring, lead_list):
    bring(HEADER + "  Ann   Lee ,(202) 555-0123,Washington,DC,20001,Gold\n", lead_list)

    lead = db.session.scalars(select(Lead)).one()
    assert (lead.name, lead.number, lead.state, lead.country) == ("Ann Lee", "+12025550123", "DC", "US")
    assert lead.custom == {"Plan": "Gold"}
    assert lead.zone_key == "America/New_York"
    assert lead.zone_evidence["basis"] == "agree"
    assert (lead.dial_state, lead.client_id, lead.attempts) == ("ready", lead_list.client_id, 0)


def test_every_outcome_is_counted_and_the_counts_add_up(bring, lead_list):
    with transaction():
        make_lead(lead_list=lead_list, number="+12025550100")
        make_do_not_call("+12025550101")
    rows = [
        "A,2025550100",
        "B,2025550101",
        "C,2025550102",
        "D,202-555-0102",
        "E,12",
        "F,",
        "G,2025550103,,,,,more",
    ]

    found = bring(HEADER + "\n".join(rows), lead_list)

    assert found.state == ImportState.FINISHED
    assert found.counts == {
        "duplicate_in_list": 1, "do_not_call": 1, "imported": 1, "duplicate_in_file": 1, "invalid_number": 2,
        "invalid_row": 1,
    }  # fmt: skip
    assert sum(found.counts.values()) == found.row_count == found.rows_done == len(rows)
    assert reasons(found) == [
        (2, "duplicate_in_list", ""),
        (3, "do_not_call", ""),
        (5, "duplicate_in_file", ""),
        (6, "invalid_number", "too_short"),
        (7, "invalid_number", "empty"),
        (8, "invalid_row", "more_cells"),
    ]


def test_the_same_file_again_changes_nothing(bring, lead_list):
    content = HEADER + "".join(f"A,20255501{n:02}\n" for n in range(50)) + "again,2025550100\nbad,12\n"
    bring(content, lead_list)
    before = db.session.execute(select(Lead.id, Lead.number, Lead.import_id).order_by(Lead.id)).all()

    again = bring(content, lead_list)

    assert again.counts == {"duplicate_in_list": 51, "invalid_number": 1}
    assert db.session.execute(select(Lead.id, Lead.number, Lead.import_id).order_by(Lead.id)).all() == before


@pytest.mark.parametrize(
    ("scope", "outcome"),
    [
        (DoNotCallScope.NATIONAL, "do_not_call"),
        (DoNotCallScope.COMPANY, "do_not_call"),
        (DoNotCallScope.CLIENT, "do_not_call"),
    ],
)
def test_do_not_call_entries_that_reach_the_client_are_kept_out(bring, lead_list, scope, outcome):
    with transaction():
        make_do_not_call("+12025550101", scope=scope, client_id=lead_list.client_id)

    assert bring(HEADER + "A,2025550101\n", lead_list).counts == {outcome: 1}


def test_another_clients_do_not_call_entry_does_not_reach(bring, lead_list):
    with transaction():
        make_do_not_call("+12025550101", scope=DoNotCallScope.CLIENT, client_id=make_lead_list().client_id)

    assert bring(HEADER + "A,2025550101\n", lead_list).counts == {"imported": 1}


def test_the_country_of_a_column_decides_how_a_number_is_read(bring, lead_list):
    content = "Name,Phone,Country\nA,020 7946 0123,United Kingdom\nB,202 555 0123,\nC,+44 20 7946 0124,USA\nD,1,Narnia\n"

    found = bring(content, lead_list)

    numbers = db.session.execute(select(Lead.number, Lead.zone_key).order_by(Lead.id)).all()
    assert [number for number, _zone in numbers] == ["+442079460123", "+12025550123", "+442079460124"]
    assert numbers[0].zone_key == "Europe/London"
    assert reasons(found) == [(5, "invalid_row", "country:Narnia")]


def test_chinese_files_are_understood_without_a_mapping(bring, lead_list):
    content = (
        "姓,名,手机号码,城市,套餐\n王,小明,+1 202 555 0123,广州,金卡\n欧阳,娜娜,202-555-0124,北京,\n".encode(
            "gb18030"
        )
    )

    bring(content, lead_list)

    leads = db.session.scalars(select(Lead).order_by(Lead.id)).all()
    assert [lead.name for lead in leads] == ["王小明", "欧阳娜娜"]
    assert (leads[0].city, leads[0].custom) == ("广州", {"套餐": "金卡"})


def test_western_names_are_joined_given_name_first(bring, lead_list):
    bring("First Name,Last Name,Phone\nAnn,Lee,2025550123\n", lead_list)

    assert db.session.scalars(select(Lead.name)).one() == "Ann Lee"


def test_a_name_in_two_scripts_is_taken_apart(bring, lead_list):
    bring("Name,Phone\n王小明 (Wang Xiaoming),2025550123\n", lead_list)

    lead = db.session.scalars(select(Lead)).one()
    assert (lead.name, lead.latin_name) == ("王小明", "Wang Xiaoming")


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("1.2025550123E10", None), ("2025550123.0", None), ("1.20256E+10", "rounded"), ("202-555-0123 / 202-555-0199", None),
        ("'+12025550123", None), ("=2025550123", None), ("２０２５５５０１２３", None), ("tel: 202 555 0123", None),
        ("hello", "not_a_number"), ("+999 123456", "invalid_country_code"), ("555-0123", "area_code_missing"),
        ("20255501234567890", "too_long"), ("0000000000", "not_in_use"),
    ],
)  # fmt: skip
def test_numbers_as_spreadsheets_leave_them(bring, lead_list, cell, reason):
    found = bring(f'Name,Phone\nA,"{cell}"\n', lead_list, mapping={"number": "Phone"})

    if reason:
        assert reasons(found) == [(2, "invalid_number", reason)]
    else:
        assert db.session.scalars(select(Lead.number)).one() == "+12025550123"


def test_noughts_that_a_spreadsheet_ate_come_back(bring, lead_list):
    bring(HEADER + "A,6175550123,Boston,MA,2101,\n", lead_list)

    assert db.session.scalars(select(Lead.postal_code)).one() == "02101"


def test_values_that_are_too_long_reject_their_row_and_say_which(bring, lead_list):
    found = bring(HEADER + f"{'x' * 201},2025550123\nA,2025550124,,,,{'y' * 2001}\n", lead_list)

    assert reasons(found) == [(2, "invalid_row", "too_long:name"), (3, "invalid_row", "too_long:Plan")]


def test_a_mapping_by_hand_corrects_the_guess(bring, lead_list):
    bring("Alpha,Beta\nAnn,2025550123\n", lead_list, mapping={"name": "Alpha", "number": "Beta"})

    lead = db.session.scalars(select(Lead)).one()
    assert (lead.name, lead.number, lead.custom) == ("Ann", "+12025550123", {})


def test_the_mapping_is_remembered_for_files_with_the_same_header(bring, lead_list, settings):
    bring("Alpha,Beta\nAnn,2025550123\n", lead_list, mapping={"company": "Alpha", "number": "Beta"})

    bring("alpha,BETA\nBo Ltd,2025550124\n", lead_list)
    bring("Alpha,Beta\nCy Ltd,2025550125\n", lead_list)

    assert db.session.scalars(select(Lead.company).order_by(Lead.id)).all() == ["Ann", "Bo Ltd", "Cy Ltd"]
    assert db.session.scalar(select(func.count()).select_from(SavedMapping)) == 1


def test_a_lead_list_of_hospitals_imports_without_a_mapping(bring, lead_list):
    if not HOSPITALS.exists():
        pytest.skip("../shared/data/us-hospitals.csv is not here")

    found = bring(HOSPITALS.read_bytes(), lead_list)

    assert sum(found.counts.values()) == found.row_count == 4_772
    assert found.counts["imported"] > 4_700
    assert found.counts["invalid_number"] == 2
    assert db.session.scalar(select(func.count()).where(Lead.zone_key == "")) == 0
    lead = db.session.scalars(select(Lead).order_by(Lead.id).limit(1)).one()
    assert (lead.name, lead.city, lead.state) == ("MARSHALL MEDICAL CENTER SOUTH", "BOAZ", "AL")


def received(settings, lead_list, rows: int) -> int:
    text = HEADER + "".join(f"Lead {n},+1{212 + n // 10_000}555{n % 10_000:04},,,,\n" for n in range(rows))
    with transaction(), every_client():
        kept = keep_file(io.BytesIO(text.encode()), settings.data_dir / "imports", limit=LIMIT)
        found = receive_file(kept, file_name="list.csv", folder=settings.data_dir, lead_list=lead_list)
        start_import(found, region="US")
        return found.id


def test_an_older_run_stops_at_its_next_chunk(app, settings, lead_list, monkeypatch):
    import_id = received(settings, lead_list, 2_500)
    stages = []

    def overtake(*_args, **_kwargs):
        stages.append("chunk")
        if len(stages) == 1:
            run_import(import_id, folder=settings.data_dir)

    monkeypatch.setattr("telesales.leads.importing.running._tell", overtake)
    run_import(import_id, folder=settings.data_dir)

    with every_client():
        found = db.session.get(LeadImport, import_id)
        assert (found.state, found.rows_done, found.row_count) == (ImportState.FINISHED, 2_500, 2_500)
        assert sum(found.counts.values()) == 2_500
        assert db.session.scalar(select(func.count()).select_from(Lead)) == found.counts["imported"]


def test_a_file_that_is_gone_ends_the_import_with_a_reason(app, settings, lead_list):
    import_id = received(settings, lead_list, 10)
    with every_client():
        (settings.data_dir / db.session.get(LeadImport, import_id).path).unlink()
    db.session.rollback()

    run_import(import_id, folder=settings.data_dir)

    with every_client():
        found = db.session.get(LeadImport, import_id)
        assert (found.state, found.error) == (ImportState.FAILED, "file_lost")


def test_a_finished_import_is_not_run_again(app, settings, lead_list):
    import_id = received(settings, lead_list, 10)
    run_import(import_id, folder=settings.data_dir)

    run_import(import_id, folder=settings.data_dir)

    with every_client():
        assert db.session.get(LeadImport, import_id).fence == 1


def test_moments_are_stored_as_the_model_stores_them(app):
    """The driver's own way of writing times is deprecated, and leaves out the fraction of a whole second."""
    whole = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)
    expected = {"sqlite": "2026-11-22 06:00:00.000000", "postgresql": whole}
    connection = db.session.connection()

    assert bulk._bound(connection, "created_at", whole) == expected[connection.dialect.name]
