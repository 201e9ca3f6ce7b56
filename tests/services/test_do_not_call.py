"""The do-not-call list on a real database."""

import io
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from telesales import clock
from telesales.audit.models import AuditEntry
from telesales.compliance import queries, service, uploads
from telesales.compliance.jobs import read_upload
from telesales.compliance.models import DoNotCallEntry, DoNotCallScope, DoNotCallUpload, UploadState
from telesales.errors import ConflictError
from telesales.extensions import db, transaction
from telesales.leads.models import DialState, Lead
from telesales.tenancy.scope import client_scope, every_client
from telesales.uploads.errors import UnreadableFileError
from telesales.uploads.opening import keep_file
from tests.factories import make_campaign, make_do_not_call, make_lead, make_lead_list, make_list_client

NUMBER = "+12025550123"
LIMIT = 1 << 30


def count() -> int:
    return db.session.scalar(select(func.count()).select_from(DoNotCallEntry))


def test_a_number_stands_once_per_reach(app):
    with transaction():
        first = make_do_not_call(NUMBER)
        again = make_do_not_call(NUMBER, source="another letter")
        national = make_do_not_call(NUMBER, scope=DoNotCallScope.NATIONAL)

        assert first.id == again.id != national.id
        assert again.source == "asked by letter"
        assert count() == 2


def test_adding_is_audited_once(app):
    with transaction():
        make_do_not_call(NUMBER)
        make_do_not_call(NUMBER)

    assert db.session.scalar(select(func.count()).where(AuditEntry.action == "do_not_call.added")) == 1


@pytest.mark.parametrize("scope", [DoNotCallScope.CLIENT, DoNotCallScope.CAMPAIGN])
def test_an_entry_that_reaches_somebody_says_whom(app, scope):
    with pytest.raises(ValueError, match="needs"):
        make_do_not_call(NUMBER, scope=scope)


@pytest.mark.parametrize("scope", list(DoNotCallScope))
def test_an_entry_forbids_as_far_as_it_reaches(app, scope):
    with transaction():
        campaign, other = make_campaign(), make_campaign()
        make_do_not_call(NUMBER, scope=scope, client_id=campaign.client_id, campaign_id=campaign.id)
        inside = {"client_id": campaign.client_id, "campaign_id": campaign.id}
        outside = {"client_id": other.client_id, "campaign_id": other.id}

    is_wide = scope in (DoNotCallScope.NATIONAL, DoNotCallScope.COMPANY)
    assert service.find_do_not_call(NUMBER, **inside).scope == scope
    assert (service.find_do_not_call(NUMBER, **outside) is not None) is is_wide
    assert service.find_do_not_call("+12025550199", **inside) is None
    assert queries.forbidden_numbers([NUMBER, "+12025550199"], **inside) == {NUMBER}
    assert queries.forbidden_numbers([NUMBER], **outside) == ({NUMBER} if is_wide else set())


def test_leads_can_be_selected_without_the_forbidden_ones(app):
    with transaction(), every_client():
        lead_list = make_lead_list()
        free = make_lead(lead_list=lead_list)
        taboo = make_lead(lead_list=lead_list, dial_state=DialState.RESERVED)
        make_do_not_call(taboo.number)
        forbidden = queries.is_forbidden(Lead.number, client_id=lead_list.client_id, campaign_id=None)

        assert db.session.scalars(select(Lead.id).where(~forbidden)).all() == [free.id]


def test_leads_with_the_number_are_done_at_once(app):
    with transaction():
        lead, elsewhere, other = make_lead(number=NUMBER), make_lead(number=NUMBER), make_lead()
        under_way = make_lead(number=NUMBER, dial_state=DialState.RESERVED)
        make_do_not_call(NUMBER)

        assert [(row.dial_state, row.done_reason) for row in (lead, elsewhere)] == [
            ("done", "do_not_call")
        ] * 2
        assert other.dial_state == DialState.READY
        assert under_way.dial_state == DialState.RESERVED


def test_a_clients_entry_stops_this_clients_leads_only(app):
    with transaction():
        lead, elsewhere = make_lead(number=NUMBER), make_lead(number=NUMBER)
        make_do_not_call(NUMBER, scope=DoNotCallScope.CLIENT, client_id=lead.client_id)

        assert (lead.dial_state, elsewhere.dial_state) == ("done", "ready")


def test_a_removed_entry_stays_as_a_record_and_forbids_no_more(app):
    with transaction():
        entry = make_do_not_call(NUMBER)
        service.remove_entry(entry, "she agreed again")

    assert service.find_do_not_call(NUMBER, client_id=None, campaign_id=None) is None
    assert db.session.get(DoNotCallEntry, entry.id).removal_reason == "she agreed again"


def test_an_entry_is_removed_once_and_may_come_back(app):
    with transaction():
        entry = make_do_not_call(NUMBER)
        service.remove_entry(entry, "a mistake")
        with pytest.raises(ConflictError):
            service.remove_entry(entry, "again")
        back = make_do_not_call(NUMBER)

    assert back.id != entry.id
    assert service.find_do_not_call(NUMBER, client_id=None, campaign_id=None).id == back.id


def start(settings, content: str, **terms) -> int:
    usual = {"scope": DoNotCallScope.NATIONAL, "client_id": None, "campaign_id": None, "source": "register 2026-11",
             "listed_on": date(2026, 11, 1), "region": "US"}  # fmt: skip
    kept = keep_file(io.BytesIO(content.encode()), settings.data_dir / "do-not-call", limit=LIMIT)
    with transaction():
        return uploads.start_upload(
            kept,
            file_name="register.csv",
            folder=settings.data_dir,
            terms=uploads.Terms(**{**usual, **terms}),
        ).id


def test_a_register_is_read_with_counts_that_add_up(app, settings):
    with transaction():
        lead = make_lead(number=NUMBER)
        make_do_not_call("+12025550124", scope=DoNotCallScope.NATIONAL)
        lead_id = lead.id
    upload_id = start(settings, "Phone,Since\n202-555-0123,x\n2025550124,x\n(202) 555 0123,x\nnobody,x\n")

    read_upload(upload_id)

    upload = db.session.get(DoNotCallUpload, upload_id, populate_existing=True)
    assert (upload.state, upload.counts) == (
        UploadState.FINISHED, {"added": 1, "already_listed": 2, "invalid_number": 1},
    )  # fmt: skip
    entry = db.session.scalars(select(DoNotCallEntry).where(DoNotCallEntry.upload_id == upload_id)).one()
    assert (entry.number, entry.source, entry.listed_on) == (NUMBER, "register 2026-11", date(2026, 11, 1))
    with every_client():
        assert db.session.get(Lead, lead_id).done_reason == "do_not_call"


def test_the_same_register_again_adds_nothing(app, settings):
    content = "Phone\n" + "".join(f"+1212555{n:04}\n" for n in range(1_500))
    read_upload(start(settings, content))

    again = start(settings, content)
    read_upload(again)

    assert db.session.get(DoNotCallUpload, again).counts == {"already_listed": 1_500}
    assert count() == 1_500


def test_area_code_and_number_may_stand_in_two_columns(app, settings):
    read_upload(start(settings, "202,5550123\n202,5550124\n"))

    assert sorted(db.session.scalars(select(DoNotCallEntry.number))) == [NUMBER, "+12025550124"]


def test_a_file_without_numbers_is_refused(app, settings):
    with pytest.raises(UnreadableFileError) as error:
        start(settings, "Name\nAnn\nBo\n")

    assert error.value.reason == "no_numbers"


def test_an_interrupted_register_is_finished(app, settings):
    upload_id = start(settings, "Phone\n202-555-0123\n")

    with clock.freeze(clock.now() + timedelta(minutes=5)):
        assert uploads.take_interrupted_uploads() == [upload_id]
        assert uploads.take_interrupted_uploads() == []
    read_upload(upload_id)

    assert db.session.get(DoNotCallUpload, upload_id, populate_existing=True).state == UploadState.FINISHED
    assert count() == 1


def test_a_person_of_one_client_sees_no_other_clients_entries(app):
    with transaction():
        mine, theirs = make_list_client().id, make_list_client().id
        make_do_not_call(NUMBER)
        make_do_not_call(NUMBER, scope=DoNotCallScope.CLIENT, client_id=mine)
        make_do_not_call(NUMBER, scope=DoNotCallScope.CLIENT, client_id=theirs)

    with app.test_request_context(), client_scope(mine):
        seen = {entry.client_id for entry in queries.list_entries(queries.EntryFilter()).items}

    assert seen == {None, mine}
