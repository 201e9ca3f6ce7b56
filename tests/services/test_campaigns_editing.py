from dataclasses import replace

import pytest
from sqlalchemy import select

from dialer.live import events_stream
from telesales.access.roles import Role
from telesales.agents.models import User
from telesales.campaigns import queries
from telesales.campaigns.hours import ROUND_THE_CLOCK
from telesales.campaigns.models import Campaign, Product
from telesales.campaigns.service import editing, running
from telesales.campaigns.states import CampaignState
from telesales.campaigns.values import CampaignValues, ProductValue, from_json, merge, to_json
from telesales.errors import ConflictError, InvalidInputError
from telesales.extensions import db, transaction
from telesales.leads.models import LeadList
from telesales.tenancy.models import Client
from telesales.tenancy.scope import every_client
from tests.factories_campaigns import make_campaign


@pytest.fixture(autouse=True)
def whole_centre(app):
    with app.test_request_context(), every_client():
        yield


def made(**overrides) -> Campaign:
    with transaction():
        return make_campaign(**overrides)


def edit(campaign, *, base_version=None, **changes) -> Campaign:
    with transaction():
        values = replace(editing.values_of(campaign), **changes)
        return editing.edit_campaign(campaign.id, values, base_version=base_version or campaign.version)


def a_client(name="Northwind", **columns) -> Client:
    client = Client(name=name, **columns)
    db.session.add(client)
    db.session.flush()
    return client


def test_a_new_campaign_is_a_draft_until_nothing_is_missing():
    with transaction():
        campaign = editing.create_campaign(a_client(), CampaignValues(name="Spring"))

    assert campaign.state == CampaignState.DRAFT


def test_an_edit_that_completes_a_draft_makes_it_ready():
    campaign = made(daily_goal=0, state=CampaignState.DRAFT)

    assert edit(campaign, daily_goal=5).state == CampaignState.READY
    assert edit(campaign, daily_goal=0).state == CampaignState.DRAFT


def test_a_campaign_of_a_demo_client_is_marked_as_demo():
    with transaction():
        campaign = editing.create_campaign(a_client(is_demo=True), CampaignValues(name="Spring"))

    assert campaign.is_demo


def test_the_second_of_two_editors_is_told():
    campaign = made()
    edit(campaign, ring_seconds=30)

    with pytest.raises(editing.StaleEditError):
        edit(campaign, base_version=1, ring_seconds=40)

    assert queries.get_campaign(campaign.id).ring_seconds == 30


def test_what_two_people_changed_is_merged_field_by_field():
    campaign = made(ring_seconds=25, wrap_up_seconds=30, daily_goal=6)
    seen = editing.values_of(campaign)
    edit(campaign, ring_seconds=30, wrap_up_seconds=20)
    typed = replace(seen, ring_seconds=40, daily_goal=9)

    merged = merge(editing.values_at(campaign, 1), typed=typed, current=editing.values_of(campaign))

    assert (merged.values.ring_seconds, merged.values.wrap_up_seconds, merged.values.daily_goal) == (
        40,
        20,
        9,
    )
    assert merged.both == ("ring_seconds",)
    assert merged.theirs == ("wrap_up_seconds",)


def test_an_earlier_version_can_be_seen_again():
    campaign = made(ring_seconds=25, purpose="First")
    first = editing.values_of(campaign)
    edit(campaign, ring_seconds=30)
    edit(campaign, ring_seconds=35, purpose="Third")

    assert editing.values_at(campaign, 1) == first
    assert editing.values_at(campaign, 2).ring_seconds == 30
    assert [list(change.changes) for change in editing.edits_since(campaign, 1)] == [
        ["purpose", "ring_seconds"],
        ["ring_seconds"],
    ]


def test_saving_without_a_change_is_no_edit(redis_server):
    campaign = made()

    assert edit(campaign).version == 1
    assert redis_server.xlen(events_stream(campaign.id)) == 0


def test_the_dialer_is_told_of_an_edit(redis_server):
    campaign = made()

    edit(campaign, ring_seconds=30)

    assert redis_server.xlen(events_stream(campaign.id)) == 1


def test_a_list_serves_one_unfinished_campaign_at_a_time():
    first = made(name="First")
    lead_list = db.session.scalars(select(LeadList)).one()
    second = made(client=first.client, lists=[])

    with pytest.raises(InvalidInputError) as error:
        edit(second, list_ids=(lead_list.id,))
    with transaction():
        running.finish_campaign(first.id)
    edit(second, list_ids=(lead_list.id,))

    assert "First" in error.value.fields["list_ids"]
    assert [found.id for found in queries.attached_lists(second.id)] == [lead_list.id]


def test_another_clients_list_cannot_be_taken():
    made()
    lead_list = db.session.scalars(select(LeadList)).one()
    other = made(lists=[])

    with pytest.raises(InvalidInputError) as error:
        edit(other, list_ids=(lead_list.id,))

    assert "list_ids" in error.value.fields


def test_the_order_of_lists_is_kept():
    campaign = made(leads=0)
    with transaction():
        more = [LeadList(client_id=campaign.client_id, name=name, region="US") for name in ("A", "B")]
        db.session.add_all(more)
    wanted = (more[1].id, more[0].id)

    edit(campaign, list_ids=wanted)

    assert editing.values_of(campaign).list_ids == wanted


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"ring_seconds": 14}, "ring_seconds"),
        ({"abandonment_limit_bp": 301}, "abandonment_limit"),
        ({"abandonment_limit_bp": 300, "rule_pack": "uk"}, "abandonment_limit"),
        ({"rule_pack": "mars"}, "rule_pack"),
        ({"false_positives_bp": 10_001, "estimate_method": "Listened."}, "false_positives"),
        ({"false_positives_bp": 150}, "estimate_method"),
        ({"agent_ids": (999,)}, "agent_ids"),
        ({"team_ids": (999,)}, "team_ids"),
        ({"products": (ProductValue(None, "A", 1), ProductValue(None, "a", 2))}, "products"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(change, field):
    with pytest.raises(InvalidInputError) as error:
        edit(made(), **change)

    assert list(error.value.fields) == [field]


def test_only_agents_can_be_chosen():
    with transaction():
        boss = User(email="boss@example.com", name="Boss", role=Role.MANAGER)
        db.session.add(boss)
        campaign = make_campaign()

    with pytest.raises(InvalidInputError):
        edit(campaign, agent_ids=(boss.id,))


def test_two_campaigns_of_a_client_have_two_names():
    first = made(name="Spring")
    second = made(client=first.client)

    with pytest.raises(InvalidInputError) as error:
        edit(second, name="Spring")

    assert list(error.value.fields) == ["name"]


def test_the_currency_stays_after_the_start():
    campaign = made()
    with transaction():
        running.start_campaign(campaign.id)

    with pytest.raises(InvalidInputError) as error:
        edit(campaign, currency="EUR")

    assert list(error.value.fields) == ["currency"]


def test_a_running_campaign_keeps_what_it_needs_to_run():
    campaign = made(state=CampaignState.RUNNING)

    with pytest.raises(InvalidInputError):
        edit(campaign, script_id=None)

    assert queries.get_campaign(campaign.id).script_id is not None


def test_a_real_campaign_cannot_run_round_the_clock():
    campaign = made(state=CampaignState.RUNNING)

    with pytest.raises(InvalidInputError):
        edit(campaign, calling_hours=ROUND_THE_CLOCK)


def test_a_finished_campaign_cannot_be_edited():
    campaign = made(state=CampaignState.FINISHED)

    with pytest.raises(ConflictError):
        edit(campaign, name="Other")


def test_a_product_that_is_taken_away_stays_in_the_books():
    campaign = made(products=1)
    old = queries.products_of(campaign.id)[0]

    edit(campaign, products=(ProductValue(None, "Fibre 500", 5900),))

    assert [product.name for product in queries.products_of(campaign.id)] == ["Fibre 500"]
    assert db.session.get(Product, old.id).is_active is False


def test_a_product_that_comes_back_is_the_same_product():
    campaign = made(products=0)
    edit(campaign, products=(ProductValue(None, "Fibre", 5900),))
    first = queries.products_of(campaign.id)[0].id
    edit(campaign, products=())

    edit(campaign, products=(ProductValue(None, "Fibre", 4900),))

    assert [(product.id, product.price_minor) for product in queries.products_of(campaign.id)] == [
        (first, 4900)
    ]


def test_values_survive_the_audit_trail():
    values = editing.values_of(made())

    assert from_json(to_json(values)) == values
