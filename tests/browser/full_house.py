"""The demo floor in the middle of a day: something to see on every page."""

import io
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from flask import Flask
from sqlalchemy import func, select
from werkzeug.routing import Rule

from telesales import clock
from telesales.access.guard import access_of
from telesales.access.roles import Role
from telesales.agents.models import Team, User
from telesales.agents.queries import find_demo_person, list_agents
from telesales.calls.models import CallDisposition, LeadNote, Sale
from telesales.campaigns.models import Campaign
from telesales.commissions.models import LedgerLine
from telesales.compliance.models import DoNotCallEntry, DoNotCallScope
from telesales.compliance.uploads import Terms, run_upload, start_upload
from telesales.config import Settings
from telesales.demo.doors import links
from telesales.demo.service import seed_demo
from telesales.extensions import db, transaction
from telesales.leads.importing.inline import import_file
from telesales.leads.importing.preparing import FOLDER, choose_columns, receive_file
from telesales.leads.models import Lead, LeadList
from telesales.scripting.models import Script
from telesales.standings.service.closing import close_day
from telesales.tenancy.models import Client
from telesales.tenancy.scope import every_client
from telesales.uploads.opening import keep_file
from telesales.whatif.question import Goal
from telesales.whatif.running import run_what_if
from tests.factories import (
    make_attempt,
    make_decision,
    make_do_not_call,
    make_on_floor,
    make_sold,
    make_taken_back,
    make_what_if,
)
from tests.factories_recordings import make_recording_rows

ENOUGH = 1 << 20
FILE = (
    "Full Name,Phone,City,State,Remarks\n"
    "Ann Lee,202-555-0123,Washington,DC,asked twice\n"
    "Ann Lee,202-555-0123,Washington,DC,\n"
    "王小明,202-555-0124,Washington,DC,=1+1\n"
    "Bo Day,12,Washington,DC,\n"
    "Cy Fox,202-555-0199,Washington,DC,\n"
)
FORBIDDEN = "+12025550199"
SOUNDS = {  # no pages
    "recordings.send_sound",
    "recordings.download",
    "messages.send_sound",
    "messages.send_campaign_sound",
}
NOT_THEIRS = {(Role.REVIEWER, "commissions.show_line")}  # only their own lines, and they have none


@dataclass
class House:
    """Where everything is: a value for each argument of a route, and addresses that no route alone leads to."""

    app: Flask
    values: dict[str, object] = field(default_factory=dict)
    more: list[str] = field(default_factory=list)
    screen: str = ""

    def pages(self, role: Role) -> list[str]:
        """Every address that somebody with this role may open."""
        rules = pages_for(self.app, role)
        rules = [rule for rule in rules if (role, rule.endpoint) not in NOT_THEIRS]
        adapter = self.app.url_map.bind("localhost")
        paths = {
            adapter.build(rule.endpoint, {name: self.values[name] for name in rule.arguments})
            for rule in rules
        }
        return sorted(paths | set(self.more if role is Role.MANAGER else ()))


def pages_for(app: Flask, role: Role) -> list[Rule]:
    """Routes that somebody with this role may ask for."""
    return [
        rule
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ())
        and role in (access_of(app, rule.endpoint) or ())
        and rule.endpoint not in SOUNDS
    ]


def fill(app: Flask, settings: Settings) -> House:
    """Seed the demo and let it work for a morning."""
    with every_client():
        with transaction():
            seed_demo()
        house = House(app)
        with transaction():
            _sell()
            _close_yesterday(house)
            _take_a_call(house)
            make_do_not_call(FORBIDDEN)
        _import(house, settings)
        _ask(house)
        with transaction():
            _name_everything(house)
            house.screen = next(door.path for door in links() if "/whiteboard/" in door.path)
    return house


def _sell() -> None:
    """Everybody sells; one sale is taken back."""
    campaigns = {campaign.currency: campaign for campaign in db.session.scalars(select(Campaign))}
    for nth, agent in enumerate(list_agents()):
        currency = "CNY" if agent.latin_name else "USD"
        for number in range(nth % 4 + 1):
            at = clock.now() - timedelta(minutes=7 * number + nth)
            sale = make_sold(agent, campaigns[currency], 12_900 + 500 * number, at=at, currency=currency)
    make_taken_back(sale)


def _close_yesterday(house: House) -> None:
    yesterday = clock.now().date() - timedelta(days=1)
    close_day(yesterday)
    house.values["day"] = yesterday.isoformat()


def _take_a_call(house: House) -> None:
    """The demo's agent talks; there was a call before, with an outcome and a note."""
    agent = find_demo_person(Role.AGENT)
    campaign = db.session.scalars(select(Campaign).where(Campaign.currency == "USD")).one()
    lead = db.session.scalars(select(Lead).where(Lead.name != "").limit(1)).one()
    before = make_attempt(agent, campaign=campaign, lead=lead, state="ended", ended_at=clock.now())
    owned = {"client_id": campaign.client_id, "attempt_id": before.id, "lead_id": lead.id}
    db.session.add(CallDisposition(agent_id=agent.id, code="callback", note="at five", **owned))
    db.session.add(LeadNote(author_id=agent.id, text="Has two flats.", **owned))
    attempt = make_attempt(agent, campaign=campaign, lead=lead)
    make_on_floor(agent, campaign, "on_call", attempt)
    make_recording_rows(attempt)
    house.values |= {"attempt_id": attempt.id, "lead_id": lead.id, "agent_id": agent.id}
    sale = db.session.scalars(select(Sale).where(Sale.agent_id == agent.id).limit(1)).one()
    line = select(func.min(LedgerLine.id)).where(LedgerLine.sale_id == sale.id)
    house.values["line_id"] = db.session.scalar(line)


def _import(house: House, settings: Settings) -> None:
    """A file that is through, one that waits for its columns and one for its rules; and one of forbidden numbers."""
    lead_list = db.session.scalars(select(LeadList).order_by(LeadList.id).limit(1)).one()
    path = Path(settings.data_dir) / "spring.csv"
    path.write_text(FILE)
    house.values["import_id"] = import_file(path, lead_list, folder=settings.data_dir, limit=ENOUGH).id
    with transaction():
        waiting, mapped = (_received(lead_list, settings, name) for name in ("may.csv", "june.csv"))
        choose_columns(mapped, mapped.mapping)
        house.more += [f"/imports/{found.id}" for found in (waiting, mapped)]
        house.more.append(f"/imports/{house.values['import_id']}/rows?outcome=imported")
        upload_id = _forbidden(settings)
    run_upload(upload_id, folder=settings.data_dir)
    house.values["upload_id"] = upload_id


def _received(lead_list: LeadList, settings: Settings, name: str):
    content = FILE.replace("Remarks", name)
    kept = keep_file(io.BytesIO(content.encode()), settings.data_dir / FOLDER, limit=ENOUGH)
    return receive_file(kept, file_name=name, folder=settings.data_dir, lead_list=lead_list)


def _forbidden(settings: Settings) -> int:
    kept = keep_file(io.BytesIO(b"Phone\n2025550177\n12\n"), settings.data_dir / FOLDER, limit=ENOUGH)
    terms = Terms(DoNotCallScope.NATIONAL, None, None, "register", clock.now().date(), "US")
    return start_upload(kept, file_name="register.csv", folder=settings.data_dir, terms=terms).id


def _ask(house: House) -> None:
    """A what-if with its answer, and one that waits for a worker."""
    campaign = db.session.scalars(select(Campaign).order_by(Campaign.id).limit(1)).one()
    with transaction():
        answered, waiting = (
            make_what_if(campaign, goal=Goal.SALES, goal_sales=2, agent_hour_minor=2_000).id for _ in range(2)
        )
    run_what_if(answered)
    house.values["what_if_id"] = answered
    house.more += [f"/what-if/{waiting}", f"/campaigns/{campaign.id}/what-if/new?like={answered}"]


def _name_everything(house: House) -> None:
    models = {
        "campaign_id": Campaign, "client_id": Client, "team_id": Team, "user_id": User, "list_id": LeadList,
        "script_id": Script, "entry_id": DoNotCallEntry,
    }  # fmt: skip
    for name, model in models.items():
        house.values[name] = db.session.scalar(select(func.min(model.id)))
    campaign = db.session.get_one(Campaign, house.values["campaign_id"])
    decision = make_decision(campaign)
    house.values |= {"decision_id": decision.id, "milliseconds": round(decision.at.timestamp() * 1000)}
