"""Imports that are killed, overtaken and run side by side. Real processes, real databases."""

import io
import threading

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from dialer.queues import IMPORT
from telesales import clock
from telesales.extensions import db, transaction
from telesales.leads.importing.preparing import receive_file, start_import
from telesales.leads.importing.running import STALE_AFTER, run_import, take_interrupted_imports
from telesales.leads.jobs import IMPORT_LEADS, import_leads, resume_interrupted_imports
from telesales.leads.models import ImportRejection, ImportState, Lead, LeadImport
from telesales.tenancy.scope import every_client
from telesales.uploads.opening import keep_file
from tests.crashing import see_die
from tests.factories import make_do_not_call, make_lead_list

ROWS = 2_600
HEADER = "Name,Phone\n"


def line(n: int) -> str:
    """Every seventh row is bad, every eleventh repeats an earlier one, also one of an earlier chunk."""
    if n % 7 == 3:
        return f"Lead {n},12\n"
    nth = n // 2 if n % 11 == 5 else n
    return f"Lead {n},+1{212 + nth // 5_000}555{nth % 5_000:04}\n"


@pytest.fixture
def lead_list(app):
    with transaction():
        make_do_not_call("+12125550008")
        return make_lead_list()


def received(settings, lead_list, content: str) -> int:
    with transaction(), every_client():
        kept = keep_file(io.BytesIO(content.encode()), settings.data_dir / "imports", limit=1 << 30)
        found = receive_file(kept, file_name="list.csv", folder=settings.data_dir, lead_list=lead_list)
        found.mapping = {"name": kept.table.columns[0], "number": kept.table.columns[1]}
        start_import(found, region="US")
        return found.id


def check_whole(import_id: int) -> LeadImport:
    """The import is finished, and everything it says about itself is true."""
    db.session.rollback()
    with every_client():
        found = db.session.get(LeadImport, import_id, populate_existing=True)
        assert found.state == ImportState.FINISHED
        assert found.rows_done == found.row_count == sum(found.counts.values())
        imported = select(func.count()).where(Lead.import_id == import_id)
        assert db.session.scalar(imported) == found.counts.get("imported", 0)
        rejected = db.session.execute(
            select(ImportRejection.outcome, func.count())
            .where(ImportRejection.import_id == import_id)
            .group_by(ImportRejection.outcome)
        )
        assert dict(rejected.all()) == {name: n for name, n in found.counts.items() if name != "imported"}
        return found


@pytest.mark.parametrize("nth", [1, 3, 5, 7, 9, 11, 13, 15])
def test_a_worker_killed_at_any_statement_leaves_an_import_that_can_be_resumed(
    app, settings, lead_list, redis_server, nth
):
    import_id = received(settings, lead_list, HEADER + "".join(map(line, range(ROWS))))

    see_die("crashing_job", settings, IMPORT_LEADS, import_id, nth)
    with clock.freeze(clock.now() + 2 * STALE_AFTER):
        resume_interrupted_imports()
    assert redis_server.llen(f"rq:queue:{IMPORT.name}") == 1
    import_leads(import_id)

    found = check_whole(import_id)
    assert found.row_count == ROWS
    assert found.counts == expected_counts()


def expected_counts() -> dict[str, int]:
    counts = {"imported": 0, "invalid_number": 0, "duplicate_in_file": 0, "do_not_call": 0}
    seen: set[str] = set()
    for n in range(ROWS):
        number = line(n).split(",")[1].strip()
        if number == "12":
            counts["invalid_number"] += 1
        elif number == "+12125550008":
            counts["do_not_call"] += 1
        elif number in seen:
            counts["duplicate_in_file"] += 1
        else:
            counts["imported"] += 1
        seen.add(number)
    return counts


def test_an_import_that_is_heard_of_is_not_resumed(app, settings, lead_list):
    import_id = received(settings, lead_list, HEADER + line(0))

    assert take_interrupted_imports() == []
    with clock.freeze(clock.now() + 2 * STALE_AFTER):
        assert take_interrupted_imports() == [import_id]
        assert take_interrupted_imports() == []


def test_two_imports_of_one_file_at_once_bring_every_lead_once(app, settings, lead_list):
    content = "".join(f"Lead {n},+1212555{n:04}\n" for n in range(3_000))
    backwards = "".join(f"Lead {n},+1212555{n:04}\n" for n in reversed(range(3_000)))
    ids = [received(settings, lead_list, HEADER + text) for text in (content, backwards)]
    errors: list[BaseException] = []

    def work(import_id: int) -> None:
        try:
            with app.app_context():
                run_import(import_id, folder=settings.data_dir)
                db.session.remove()
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=work, args=(import_id,)) for import_id in ids]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert errors == []
    counts = [check_whole(import_id).counts for import_id in ids]
    assert sum(found.get("imported", 0) for found in counts) == 2_999  # one is forbidden
    assert sum(found.get("duplicate_in_list", 0) for found in counts) == 2_999


cells = st.one_of(
    st.sampled_from(
        ["+12125550001", "212-555-0002", "2125550003", "12", "", "=1+1", "hello", "'+12125550004"]
    ),
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), max_size=12),
)


@given(st.lists(st.tuples(cells, cells, st.one_of(st.none(), cells)), max_size=30))
@hypothesis_settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_counts_add_up_whatever_is_in_the_file(app, settings, lead_list, rows):
    text = io.StringIO()
    text.write("Name,Phone\n+sure,+12125550009\n")
    for name, phone, more in rows:
        text.write(",".join([name, phone] + ([more] if more is not None else [])) + "\n")
    import_id = received(settings, lead_list, text.getvalue())

    run_import(import_id, folder=settings.data_dir)

    check_whole(import_id)
