"""Lists, leads and forbidden numbers. Every number is one reserved for fiction."""

import itertools
from datetime import date

from telesales.compliance import service as compliance
from telesales.compliance.models import DoNotCallEntry, DoNotCallScope
from telesales.extensions import db
from telesales.leads.models import Lead, LeadList
from telesales.tenancy.models import Client
from telesales.tenancy.scope import every_client

_numbers = itertools.count()
AREA_CODES = (
    312,
    617,
    713,
    305,
    404,
    602,
    503,
    214,
)  # none that a test writes out: nobody rings a lead by chance


def fictional_number(nth: int) -> str:
    """A US number reserved for fiction; different for 0 to 799."""
    return f"+1{AREA_CODES[nth // 100 % len(AREA_CODES)]}55501{nth % 100:02}"


def make_list_client(**columns) -> Client:
    client = Client(**{"name": f"Client of lists {next(_numbers)}", **columns})
    db.session.add(client)
    db.session.flush()
    return client


def make_lead_list(*, client: Client | None = None, **columns) -> LeadList:
    with every_client():
        client = client or make_list_client()
        usual = {
            "name": f"List {next(_numbers)}",
            "region": "US",
            "source": "a supplier",
            "client_id": client.id,
        }
        lead_list = LeadList(**{**usual, **columns})
        db.session.add(lead_list)
        db.session.flush()
        return lead_list


def make_lead(*, lead_list: LeadList | None = None, **columns) -> Lead:
    with every_client():
        lead_list = lead_list or make_lead_list()
        usual = {
            "number": fictional_number(next(_numbers)),
            "name": "Ann Lee",
            "zone_key": "America/New_York",
            "zone_evidence": {"address": [], "number": ["America/New_York"], "basis": "number"},
        }
        lead = Lead(client_id=lead_list.client_id, list_id=lead_list.id, **{**usual, **columns})
        db.session.add(lead)
        db.session.flush()
        return lead


def make_do_not_call(number: str = "+12025550123", **values) -> DoNotCallEntry:
    usual = {"scope": DoNotCallScope.COMPANY, "source": "asked by letter", "listed_on": date(2026, 11, 1)}
    with every_client():
        return compliance.add_entry(number=number, **{**usual, **values})
