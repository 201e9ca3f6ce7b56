"""Plans and the ledger in a browser."""

import csv
import io
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from telesales import clock
from telesales.access.roles import Role
from telesales.agents.models import User
from telesales.campaigns.checks import launch_checks
from telesales.commissions.models import LedgerLine, PlanVersion
from telesales.commissions.queries import LINES_PER_PAGE
from telesales.commissions.rules.terms import Band, Flat, Measure, Mode, Percent, Period, Tiers, load_terms
from telesales.extensions import db
from telesales.tenancy.scope import every_client
from tests.actors import as_role, as_user
from tests.factories import (
    make_campaign,
    make_plan,
    make_selling_agent,
    make_selling_campaign,
    make_sold,
    make_taken_back,
)
from tests.factories_commissions import MORNING

TIERS = Tiers(Measure.SALES, Period.MONTH, Mode.WHOLE, (Band(0, Percent(40_000)), Band(1, Percent(60_000))))
TYPED = {
    "currency": "USD", "effective_from": "2026-11-20", "parts-0-kind": "tiers", "parts-0-measure": "sales",
    "parts-0-period": "month", "parts-0-mode": "marginal", "parts-0-band_kind": "percent",
    "parts-0-bands-0-above": "0", "parts-0-bands-0-pay": "4", "parts-0-bands-1-above": "10", "parts-0-bands-1-pay": "6,25 %",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _morning(app):
    with clock.freeze(MORNING):
        yield


@pytest.fixture
def campaign(app):
    with every_client():
        return make_campaign()


@pytest.fixture
def path(campaign) -> str:
    return f"/campaigns/{campaign.id}/plan"


def versions() -> int:
    with every_client():
        return db.session.scalar(select(func.count(PlanVersion.id)))


def test_manager_publishes_a_plan_in_bands(client: FlaskClient, campaign, path):
    manager = as_role(client, Role.MANAGER)
    answer = manager.post(path, do="publish", **TYPED)
    assert answer.status_code == 303
    with every_client():
        stored = db.session.scalars(select(PlanVersion)).one()
    assert load_terms(stored.terms).parts == (
        Tiers(
            Measure.SALES, Period.MONTH, Mode.MARGINAL, (Band(0, Percent(40_000)), Band(10, Percent(62_500)))
        ),
    )
    assert stored.created_by_id == manager.user_id


def test_editor_shows_sentences_and_examples_for_what_is_typed(client: FlaskClient, campaign, path):
    page = as_role(client, Role.MANAGER).post(path, do="check", **TYPED)
    assert page.status_code == 200
    assert "above 10 sales: 6.25% of the amount" in page.text
    assert "no. 11" in page.text
    assert versions() == 0


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("parts-0-bands-1-pay", "many", "Write a percentage from 0 to 100."),
        ("parts-0-bands-1-pay", "101", "Write a percentage from 0 to 100."),
        ("parts-0-bands-1-pay", "1.00001", "Write a percentage from 0 to 100."),
        ("parts-0-bands-1-above", "-4", "Write a number above 0."),
        ("parts-0-bands-1-above", "0", "Each band begins above the one before."),
        ("currency", "XXX", "Choose a currency."),
        ("effective_from", "soon", "Choose a day."),
    ],
)
def test_what_cannot_be_paid_is_said_at_the_field_and_kept(client: FlaskClient, path, field, value, sentence):
    page = as_role(client, Role.MANAGER).post(path, do="publish", **(TYPED | {field: value}))
    assert page.status_code == 422
    assert sentence in page.text
    assert 'value="6,25 %"' in page.text or field == "parts-0-bands-1-pay"
    assert versions() == 0


@pytest.mark.parametrize(
    ("do", "present", "absent"),
    [
        ("add-part", 'name="parts-1-kind"', 'name="parts-2-kind"'),
        ("add-band-0", 'name="parts-0-bands-2-pay"', 'name="parts-0-bands-3-pay"'),
        ("remove-band-0-1", 'name="parts-0-bands-0-pay"', 'name="parts-0-bands-1-pay"'),
        ("remove-band-0-0", 'name="parts-0-bands-1-pay"', 'name="parts-0-bands-2-pay"'),
        ("remove-part-7", 'name="parts-0-kind"', 'name="parts-1-kind"'),
        ("nonsense", 'name="parts-0-kind"', 'name="parts-1-kind"'),
    ],
)
def test_buttons_change_the_form_and_nothing_else(client: FlaskClient, path, do, present, absent):
    page = as_role(client, Role.MANAGER).post(path, do=do, **TYPED)
    assert page.status_code == 200
    assert present in page.text
    assert absent not in page.text
    assert versions() == 0


def test_version_that_would_change_the_past_is_refused(client: FlaskClient, campaign, path):
    with every_client():
        make_plan(campaign)
        make_sold(make_selling_agent(), campaign)
    page = as_role(client, Role.MANAGER).post(path, do="publish", **TYPED)
    assert page.status_code == 422
    assert "what is paid stays" in page.text
    assert versions() == 1


def test_supervisor_reads_the_plan_and_cannot_publish(client: FlaskClient, campaign, path):
    with every_client():
        make_plan(campaign, TIERS)
    supervisor = as_role(client, Role.SUPERVISOR)
    page = supervisor.get(path)
    assert "The band that is reached pays for all sales of the period" in page.text
    assert 'name="do"' not in page.text
    assert supervisor.post(path, do="publish", **TYPED).status_code == 403


def test_agent_does_not_see_the_plan_page(client: FlaskClient, campaign, path):
    assert as_role(client, Role.AGENT).get(path).status_code == 403


@pytest.fixture
def sold(app):
    """Ana has sold twice and lost one; Tom has sold once, in another campaign."""
    with every_client():
        campaign, other = make_selling_campaign(), make_selling_campaign()
        make_plan(campaign, TIERS)
        make_plan(other, Flat(700))
        ana, tom = make_selling_agent("Ana"), make_selling_agent("Tom")
        sales = [make_sold(ana, campaign, at=MORNING + timedelta(minutes=n)) for n in range(2)]
        make_taken_back(sales[0])
        make_sold(tom, other)
        return ana.id, tom.id, campaign.id


def lines(*conditions) -> list[tuple[str, int]]:
    with every_client():
        query = select(LedgerLine.kind, LedgerLine.id).where(*conditions).order_by(LedgerLine.id)
        return [(kind, line_id) for kind, line_id in db.session.execute(query)]


def test_leader_sees_all_lines_and_the_totals(client: FlaskClient, sold):
    page = as_role(client, Role.SUPERVISOR).get("/commissions")
    assert "$11.00" in page.text  # 4.00 that Ana keeps and 7.00 of Tom
    assert "Ana" in page.text
    assert "Tom" in page.text


def test_ledger_is_filtered_by_agent_campaign_and_days(client: FlaskClient, sold):
    ana, tom, campaign = sold
    leader = as_role(client, Role.MANAGER)
    assert "$7.00" in leader.get(f"/commissions?agent={tom}").text
    assert "$4.00" in leader.get(f"/commissions?campaign={campaign}").text
    assert "No line in these days" in leader.get("/commissions?from=2026-12-01").text
    assert "No line in these days" in leader.get(f"/commissions?agent={ana}&until=2026-11-01").text


def test_ledger_can_be_asked_for_somebody_who_is_no_agent_any_more(client: FlaskClient, sold):
    with every_client():
        db.session.get_one(User, sold[0]).role = Role.SUPERVISOR
        db.session.commit()
    assert f'<option value="{sold[0]}">Ana</option>' in as_role(client, Role.MANAGER).get("/commissions").text


def test_agent_sees_the_own_lines_only(client: FlaskClient, sold):
    ana, tom, _campaign = sold
    agent = as_user(client, db.session.get_one(User, ana))
    page = agent.get(f"/commissions?agent={tom}")
    assert "$4.00" in page.text
    assert "Tom" not in page.text
    [(_kind, foreign)] = lines(LedgerLine.agent_id == tom)
    assert agent.get(f"/commissions/{foreign}").status_code == 404
    assert "Tom" not in agent.get("/commissions.csv").text


def test_line_opens_the_way_it_was_computed(client: FlaskClient, sold):
    line_id = lines(LedgerLine.kind == "accrual")[1][1]
    page = as_role(client, Role.MANAGER).get(f"/commissions/{line_id}").text
    for said in (
        "Fibre 500",
        "$100.00",
        "Version",
        "above 1 sale",
        "6% of $100.00 = $6.00",
        "November 2026: 2 sales",
    ):
        assert said in page


def test_corrections_and_reversals_say_why(client: FlaskClient, sold):
    manager = as_role(client, Role.MANAGER)
    pages = {kind: manager.get(f"/commissions/{line_id}").text for kind, line_id in lines()}
    assert "because the sale was cancelled" in pages["reversal"]
    assert "was cancelled." in pages["adjustment"]
    assert "had earned $6.00 and earns $4.00 now" in pages["adjustment"]


def test_csv_holds_every_line_with_its_explanation(client: FlaskClient, sold):
    answer = as_role(client, Role.MANAGER).get("/commissions.csv")
    rows = list(csv.DictReader(io.StringIO(answer.text.lstrip("\ufeff"))))
    assert answer.mimetype == "text/csv"
    assert sum(round(float(row["Amount"]) * 100) for row in rows) == 1_100
    assert all(row["How"] for row in rows)


def test_csv_tells_what_was_added_after_a_month_was_paid(client: FlaskClient):
    with every_client():
        campaign = make_selling_campaign()
        make_plan(campaign)
        sale = make_sold(make_selling_agent(), campaign)
        with clock.freeze(MORNING + timedelta(days=20)):
            make_taken_back(sale, at=MORNING + timedelta(days=20))
        db.session.commit()
    answer = as_role(client, Role.MANAGER).get("/commissions.csv")
    rows = list(csv.DictReader(io.StringIO(answer.text.lstrip("\ufeff"))))
    assert [(row["Day"], row["Amount"], row["Written"][:10]) for row in rows] == [
        ("2026-11-20", "5.00", "2026-11-20"),
        ("2026-11-20", "-5.00", "2026-12-10"),
    ]


def test_sales_that_earn_nothing_are_said_with_the_reason(client: FlaskClient):
    with every_client():
        no_plan, euros, later = (make_selling_campaign() for _ in range(3))
        make_plan(euros, currency="EUR")
        make_plan(later, effective_from=MORNING.date() + timedelta(days=5))
        for campaign in (no_plan, euros, later):
            make_sold(make_selling_agent(), campaign)
    page = as_role(client, Role.MANAGER).get("/commissions").text
    for reason in ("the campaign has no plan", "no plan in this currency", "the plan begins later"):
        assert reason in page


def test_all_sales_that_earn_nothing_are_counted_though_the_newest_are_listed(client: FlaskClient):
    with every_client():
        campaign, agent = make_selling_campaign(), make_selling_agent()
        for _sale in range(LINES_PER_PAGE + 1):
            make_sold(agent, campaign)
    page = as_role(client, Role.MANAGER).get("/commissions").text
    assert f"{LINES_PER_PAGE + 1} sales of these days earn no commission." in page
    assert f"Only the newest {LINES_PER_PAGE} are listed" in page


@pytest.mark.parametrize(
    ("currency", "days", "passed"), [("USD", 0, True), ("EUR", 0, False), ("USD", 1, False), (None, 0, True)]
)
def test_launch_checklist_refuses_a_plan_that_pays_nothing(app, campaign, currency, days: int, passed: bool):
    with every_client():
        if currency:
            make_plan(campaign, currency=currency, effective_from=MORNING.date() + timedelta(days=days))
        found = next(check for check in launch_checks(campaign) if check.key == "commission_plan")
    assert (found.passed, found.endpoint) == (passed, "commissions.show_plan")


def test_plan_of_another_client_is_not_found(client: FlaskClient, campaign, path):
    with every_client():
        other = make_selling_campaign().client_id
    manager = as_role(client, Role.MANAGER, client_id=other)
    assert manager.get(path).status_code == 404
