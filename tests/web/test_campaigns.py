import re

import pytest
from sqlalchemy import select

from telesales.access.roles import Role
from telesales.audit.models import AuditEntry
from telesales.campaigns import queries
from telesales.campaigns.hours import OFFICE_HOURS
from telesales.campaigns.models import Campaign
from telesales.campaigns.service import editing
from telesales.campaigns.states import CampaignState
from telesales.extensions import db, transaction
from telesales.leads.models import LeadList
from telesales.tenancy.models import Client
from telesales.tenancy.scope import every_client
from tests.actors import as_role
from tests.factories_campaigns import make_campaign


@pytest.fixture
def manager(client):
    return as_role(client, Role.MANAGER)


def made(**overrides) -> int:
    with transaction():
        return make_campaign(**{"calling_hours": OFFICE_HOURS, **overrides}).id


def stored(campaign_id) -> Campaign:
    db.session.rollback()
    with every_client():
        return queries.get_campaign(campaign_id)


def filled(campaign_id, **changes) -> dict:
    """The form as a browser would send it when nothing but `changes` was typed."""
    with every_client():
        campaign = stored(campaign_id)
        values = editing.values_of(campaign)
        form = {
            "version": campaign.version,
            "name": values.name,
            "purpose": values.purpose,
            "script_id": values.script_id or "",
            "mode": values.mode,
            "abandoned_message": values.abandoned_message,
            "caller_id": values.caller_id or "",
            "ring_seconds": values.ring_seconds,
            "wrap_up_seconds": values.wrap_up_seconds,
            "abandonment_limit": values.abandonment_limit_bp / 100,
            "rule_pack": values.rule_pack,
            "max_lines": values.max_lines,
            "calls_per_second": values.calls_per_second,
            "max_attempts": values.max_attempts,
            "daily_goal": values.daily_goal,
            "currency": values.currency,
            "list_ids": list(values.list_ids),
            "agent_ids": list(values.agent_ids),
            "product_id": [product.id for product in values.products],
            "product_name": [product.name for product in values.products],
            "product_price": [f"{product.price_minor / 100:.2f}" for product in values.products],
        }
        for day, ranges in values.calling_hours.items():
            for place, (start, end) in enumerate(ranges, 1):
                form |= {f"{day}_from_{place}": start, f"{day}_to_{place}": end}
        for result, rule in values.retry_rules.items():
            form[f"retry_{result}_attempts"] = rule["max_attempts"]
            form[f"retry_{result}_delay"] = rule["delay_minutes"]
            if rule["delay_minutes"] > 999:
                form[f"retry_{result}_delay"] = rule["delay_minutes"] // 60
                form[f"retry_{result}_unit"] = "hours"
    return form | changes


def test_an_empty_list_says_what_to_do_first(manager):
    page = manager.get("/campaigns").text

    assert "No campaign yet" in page
    assert "/campaigns/new" in page


def test_the_list_shows_each_campaign_with_its_button(manager):
    made(name="Spring", state=CampaignState.RUNNING)
    made(name="Autumn", state=CampaignState.PAUSED)
    made(name="Draft", agents=[])

    page = manager.get("/campaigns").text

    assert all(word in page for word in ("Spring", "/pause", "Autumn", "/resume", "What is missing"))


def test_a_new_campaign_with_a_new_client(manager):
    answer = manager.post(
        "/campaigns/new", name="Spring", new_client="Northwind", purpose="Sell", currency="EUR"
    )

    campaign = stored(1)
    assert answer.status_code == 303
    assert answer.location.endswith("/campaigns/1/edit")
    assert (campaign.client.name, campaign.currency, campaign.state) == ("Northwind", "EUR", "draft")


def test_what_was_typed_for_a_new_campaign_is_kept_when_something_is_missing(manager):
    answer = manager.post("/campaigns/new", name="", purpose="Sell more <b>", currency="EUR")

    assert answer.status_code == 422
    assert "Sell more &lt;b&gt;" in answer.text
    assert "f-name-error" in answer.text
    assert "f-client_id-error" in answer.text


def test_the_checklist_links_each_open_item_to_its_place(manager):
    campaign_id = made(script_id=None, caller_id=None)

    page = manager.get(f"/campaigns/{campaign_id}").text

    assert "2 items are open." in page
    assert f"/campaigns/{campaign_id}/edit#what" in page
    assert f"/campaigns/{campaign_id}/edit#how" in page


def test_start_pause_go_on_and_finish(manager):
    campaign_id = made()
    states = []

    for verb in ("start", "pause", "resume", "finish"):
        assert manager.post(f"/campaigns/{campaign_id}/{verb}").status_code == 303
        states.append(str(stored(campaign_id).state))

    assert states == ["running", "paused", "running", "finished"]
    with every_client():
        assert db.session.scalars(
            select(AuditEntry.actor_id).where(AuditEntry.action == "campaign.finished")
        ).one()


def test_a_refused_start_says_what_is_missing(manager):
    campaign_id = made(script_id=None)

    answer = manager.post(f"/campaigns/{campaign_id}/start")
    page = manager.get(answer.location).text

    assert "Before it can start: Choose what the agents say." in page
    assert stored(campaign_id).state == CampaignState.READY


def test_a_supervisor_pauses_and_cannot_finish_or_edit(client):
    supervisor = as_role(client, Role.SUPERVISOR)
    campaign_id = made(state=CampaignState.RUNNING)

    assert supervisor.post(f"/campaigns/{campaign_id}/pause").status_code == 303
    assert supervisor.post(f"/campaigns/{campaign_id}/finish").status_code == 403
    assert supervisor.get(f"/campaigns/{campaign_id}/edit").status_code == 403
    assert stored(campaign_id).state == CampaignState.PAUSED


@pytest.mark.parametrize("role", [Role.AGENT, Role.CLIENT])
def test_others_see_no_campaigns(client, role):
    campaign_id = made()

    assert as_role(client, role).get(f"/campaigns/{campaign_id}").status_code == 403


def test_a_manager_of_one_client_sees_its_campaigns_only(client):
    campaign_id = made()
    with transaction():
        other = Client(name="Other")
        db.session.add(other)
        db.session.flush()
        other_id = other.id

    manager = as_role(client, Role.MANAGER, client_id=other_id)

    assert manager.get(f"/campaigns/{campaign_id}").status_code == 404
    assert manager.post(f"/campaigns/{campaign_id}/start").status_code == 404


def test_every_kind_of_field_is_kept(manager):
    campaign_id = made()

    answer = manager.post(
        f"/campaigns/{campaign_id}/edit",
        **filled(
            campaign_id,
            name="Autumn",
            mode="progressive",
            caller_id="+44 20 7946 0001",
            abandonment_limit="2,5",
            ring_seconds="30",
            calls_per_second="12",
            mon_from_1="10:00",
            mon_to_1="13:00",
            mon_from_2="14:00",
            mon_to_2="20:00",
            sun_from_1="",
            retry_busy_attempts="0",
            retry_no_answer_delay="3",
            retry_no_answer_unit="hours",
            product_id=["", ""],
            product_name=["Fibre 500", "Fibre 1000"],
            product_price=["59", "1,079.50"],
            profile_human="40",
            profile_speed="2.5",
        ),
    )

    campaign = stored(campaign_id)
    assert answer.status_code == 303
    assert (campaign.name, campaign.mode, campaign.caller_id) == ("Autumn", "progressive", "+442079460001")
    assert (campaign.abandonment_limit_bp, campaign.ring_seconds) == (250, 30)
    assert campaign.calls_per_second == 12
    assert campaign.calling_hours["mon"] == [["10:00", "13:00"], ["14:00", "20:00"]]
    assert "sun" not in campaign.calling_hours
    assert "busy" not in campaign.retry_rules
    assert campaign.retry_rules["no_answer"]["delay_minutes"] == 180
    assert campaign.carrier_profile == {"human": 0.4, "speed": 2.5}
    with every_client():
        prices = {product.name: product.price_minor for product in queries.products_of(campaign_id)}
    assert prices == {"Fibre 500": 5900, "Fibre 1000": 107950}


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"name": ""}, "f-name-error"),
        ({"name": "x" * 121}, "f-name-error"),
        ({"ring_seconds": "14"}, "f-ring_seconds-error"),
        ({"ring_seconds": "soon"}, "f-ring_seconds-error"),
        ({"abandonment_limit": "3.1"}, "f-abandonment_limit-error"),
        ({"abandonment_limit": "nan"}, "f-abandonment_limit-error"),
        ({"abandonment_limit": "3", "rule_pack": "uk"}, "f-abandonment_limit-error"),
        ({"abandonment_limit": "5.01", "rule_pack": "ca"}, "f-abandonment_limit-error"),
        ({"rule_pack": "mars"}, "f-rule_pack-error"),
        ({"undetected_machines": "101"}, "f-undetected_machines-error"),
        ({"false_positives": "1.5"}, "f-estimate_method-error"),
        ({"caller_id": "555"}, "f-caller_id-error"),
        ({"mon_from_1": "07:00"}, "hours-mon-error"),
        ({"mon_to_1": ""}, "hours-mon-error"),
        ({"retry_busy_delay": ""}, "retry-busy-error"),
        ({"product_name": ["Fibre"], "product_price": ["cheap"], "product_id": [""]}, "product-0-error"),
        ({"profile_human": "101"}, "f-profile_human-error"),
        ({"profile_human": "90", "profile_machine": "20"}, "f-profile_human-error"),
        ({"mode": "psychic"}, "f-mode-error"),
        ({"currency": "XXX"}, "f-currency-error"),
    ],
)
def test_what_cannot_be_taken_is_said_at_its_field_and_nothing_typed_is_lost(manager, typed, field):
    campaign_id = made()
    sent = filled(campaign_id, purpose="Typed and kept", **typed)

    answer = manager.post(f"/campaigns/{campaign_id}/edit", **sent)

    assert answer.status_code == 422
    assert f'id="{field}"' in answer.text
    assert "Typed and kept" in answer.text
    assert stored(campaign_id).purpose != "Typed and kept"


def test_rules_on_abandoned_calls_are_kept_with_their_limit_and_estimates(manager):
    campaign_id = made()
    typed = {
        "false_positives": "1,25",
        "undetected_machines": "",
        "estimate_method": "Listened to 400 calls.",
    }

    manager.post(
        f"/campaigns/{campaign_id}/edit",
        **filled(campaign_id, rule_pack="ca", abandonment_limit="5", **typed),
    )

    campaign = stored(campaign_id)
    assert (campaign.rule_pack, campaign.abandonment_limit_bp) == ("ca", 500)
    assert (campaign.false_positives_bp, campaign.undetected_machines_bp) == (125, 0)
    with every_client():
        (edit,) = editing.edits_since(campaign, 1)
    assert edit.changes["rule_pack"] == ["us", "ca"]
    page = manager.get(f"/campaigns/{campaign_id}/edit").text
    assert 'value="1.25"' in page
    assert "Listened to 400 calls." in page


def test_british_rules_name_no_safe_rate(manager):
    campaign_id = made()

    answer = manager.post(f"/campaigns/{campaign_id}/edit", **filled(campaign_id, rule_pack="uk"))

    assert "More than 0 and at most 1%: these rules call no rate safe." in answer.text


def test_a_list_that_serves_another_campaign_is_refused_at_its_field(manager):
    first = made(name="First")
    second = made(client=db.session.get(Client, 1), lists=[])
    with every_client():
        list_id = db.session.scalars(select(LeadList.id)).first()

    answer = manager.post(f"/campaigns/{second}/edit", **filled(second, list_ids=[list_id]))

    assert answer.status_code == 422
    assert "already serves “First”" in answer.text
    assert first != second


def test_the_second_of_two_managers_gets_what_changed_and_keeps_what_was_typed(manager):
    campaign_id = made(ring_seconds=25, wrap_up_seconds=30)
    opened = filled(campaign_id, ring_seconds="40", purpose="Mine")
    manager.post(
        f"/campaigns/{campaign_id}/edit", **filled(campaign_id, ring_seconds="30", wrap_up_seconds="20")
    )

    answer = manager.post(f"/campaigns/{campaign_id}/edit", **opened)

    assert answer.status_code == 409
    assert "Ring time from “25” to “30”" in answer.text
    assert 'value="40"' in answer.text  # mine, in conflict
    assert 'value="20"' in answer.text  # theirs, taken over
    assert ">\nMine</textarea>" in answer.text
    assert 'name="version" value="2"' in answer.text
    assert "f-ring_seconds-error" in answer.text
    assert stored(campaign_id).ring_seconds == 30


def test_saving_again_after_the_conflict_keeps_both(manager):
    campaign_id = made(ring_seconds=25, wrap_up_seconds=30)
    manager.post(f"/campaigns/{campaign_id}/edit", **filled(campaign_id, wrap_up_seconds="20"))

    answer = manager.post(f"/campaigns/{campaign_id}/edit", **filled(campaign_id, ring_seconds="40"))

    campaign = stored(campaign_id)
    assert answer.status_code == 303
    assert (campaign.ring_seconds, campaign.wrap_up_seconds) == (40, 20)


def test_a_finished_campaign_has_no_form(manager):
    campaign_id = made(state=CampaignState.FINISHED)

    assert manager.get(f"/campaigns/{campaign_id}/edit").status_code == 409
    assert manager.post(f"/campaigns/{campaign_id}/edit", name="x").status_code == 409


def test_a_demo_campaign_is_marked_and_may_be_open_at_any_hour(manager):
    campaign_id = made(is_demo=True)

    page = manager.get(f"/campaigns/{campaign_id}").text
    form = manager.get(f"/campaigns/{campaign_id}/edit").text
    answer = manager.post(
        f"/campaigns/{campaign_id}/edit", **filled(campaign_id, mon_from_1="00:00", mon_to_1="00:00")
    )

    assert "Demo data" in page
    assert "Demo data" in form
    assert answer.status_code == 303
    assert stored(campaign_id).calling_hours["mon"] == [["00:00", "24:00"]]


def test_pages_speak_chinese(client):
    manager = as_role(client, Role.MANAGER, locale="zh")

    assert manager.get(f"/campaigns/{made()}/edit").status_code == 200


def test_the_sections_of_the_form_are_short_enough_to_be_named(client):
    page = as_role(client, Role.MANAGER).get(f"/campaigns/{made()}/edit").text

    named = re.findall(r'<li><a href="#(\w+)">', page)
    assert named == re.findall(r'<section class="card" id="(\w+)"', page)
    assert named == ["what", "who", "when", "how", "abandoned", "retries", "inbound", "recording"]


def test_an_open_item_of_the_checklist_leads_to_the_section_of_its_field(client):
    campaign_id = made(abandoned_message="")

    page = as_role(client, Role.MANAGER).get(f"/campaigns/{campaign_id}").text

    assert f"/campaigns/{campaign_id}/edit#abandoned" in page
