"""The desk's verbs without HTTP, as simulated agents use them."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from telesales import clock
from telesales.agents.models import PauseReason
from telesales.calls import floor
from telesales.calls.models import ScriptSession
from telesales.calls.rules import DispositionCode
from telesales.calls.service.dispositions import find_disposition
from telesales.desk.errors import SaleGapsError, SaleSavedError, StepMovedError
from telesales.desk.queries import call_view, desk_view, get_own_attempt
from telesales.desk.service import outcomes, scripting, shift
from telesales.desk.service.outcomes import Outcome
from telesales.errors import ConflictError, ForbiddenError
from telesales.extensions import db, redis_client, transaction
from telesales.money import Money
from telesales.scripting import service as scripts
from telesales.tenancy.scope import every_client
from tests.factories_calls import make_attempt, make_calling_agent, make_calling_campaign, make_on_floor
from tests.factories_desk import DeskScene, make_desk_call
from tests.unit.scripts.sample import sample_data

NOON = datetime(2026, 11, 20, 17, tzinfo=UTC)

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture(autouse=True)
def friday_noon() -> Iterator[None]:
    with every_client(), clock.freeze(NOON):
        yield


@pytest.fixture
def scene() -> DeskScene:
    return make_desk_call()


def events(campaign_id: int) -> list[tuple[str, object]]:
    stream = redis_client().xrange(f"ts:{{c{campaign_id}}}:events")
    return [(fields["kind"], json.loads(fields["data"])) for _id, fields in stream]


def answer(scene: DeskScene, choice: str, revision: int):
    return scripting.answer_step(scene.agent, scene.attempt, choice, revision=revision)


def go_to_the_offer(scene: DeskScene) -> None:
    answer(scene, "go_on", 0)
    answer(scene, "agrees", 1)
    scripting.write_field(scene.agent, scene.attempt, "people", "4")


def test_an_agent_signs_on_to_an_assigned_campaign() -> None:
    agent = make_calling_agent()
    campaign = make_calling_campaign(agent)

    shift.sign_on(agent, campaign.id)
    shift.sign_on(agent, campaign.id)

    assert floor.campaign_of(agent.id) == campaign.id
    assert events(campaign.id) == [("agent.signed_on", {})]


def test_a_campaign_that_was_not_started_cannot_be_joined() -> None:
    agent = make_calling_agent()
    campaign = make_calling_campaign(agent, state="ready")

    with pytest.raises(ConflictError):
        shift.sign_on(agent, campaign.id)


def test_a_campaign_of_others_cannot_be_joined() -> None:
    campaign = make_calling_campaign(make_calling_agent())

    with pytest.raises(ForbiddenError):
        shift.sign_on(make_calling_agent(), campaign.id)


def test_nobody_changes_the_campaign_in_a_call(scene: DeskScene) -> None:
    other = make_calling_campaign(scene.agent)

    with pytest.raises(ConflictError):
        shift.sign_on(scene.agent, other.id)
    with pytest.raises(ConflictError):
        shift.sign_off(scene.agent)


def test_who_is_not_signed_on_is_never_ready() -> None:
    with pytest.raises(ConflictError):
        shift.ready(make_calling_agent())


def test_a_pause_carries_its_reason(scene: DeskScene) -> None:
    shift.pause(scene.agent, PauseReason.LUNCH)

    assert events(scene.campaign_id) == [("agent.paused", {"reason": "lunch"})]


def test_hanging_up_a_call_that_is_over_does_nothing(scene: DeskScene) -> None:
    shift.hang_up(scene.agent, scene.attempt_id + 1)

    assert events(scene.campaign_id) == []


def test_a_call_keeps_the_version_of_the_script_it_began_with(scene: DeskScene) -> None:
    answer(scene, "go_on", 0)
    slug = scene.campaign.script.slug
    scripts.publish(slug, {**sample_data(), "key": slug, "title": "Another"})

    session = scripting.session_of(scene.attempt)

    assert session.script.title == "Sample"
    assert session.step_key == "recording"


def test_a_call_without_a_given_version_keeps_the_one_it_was_first_read_with(scene: DeskScene) -> None:
    scene.attempt.script_version_id = None

    answer(scene, "go_on", 0)

    assert scene.attempt.script_version_id == scripts.current_version(scene.campaign.script_id).id


def test_a_campaign_without_a_script_still_shows_its_call() -> None:
    agent = make_calling_agent()
    campaign = make_calling_campaign(agent, script=None, script_id=None)
    attempt = make_attempt(agent, campaign=campaign)
    make_on_floor(agent, campaign, "on_call", attempt)

    view = call_view(agent, attempt.id)

    assert view.session is None
    assert list(view.gaps) == []


def test_a_move_on_an_old_step_is_refused_and_nothing_is_lost(scene: DeskScene) -> None:
    answer(scene, "go_on", 0)

    with pytest.raises(StepMovedError):
        answer(scene, "no", 0)
    assert scripting.session_of(scene.attempt).step_key == "recording"


def test_an_answer_that_the_step_does_not_have_is_a_conflict(scene: DeskScene) -> None:
    with pytest.raises(ConflictError):
        answer(scene, "agrees", 0)


def test_a_step_is_told_to_the_floor_only_when_it_is_saved(scene: DeskScene) -> None:
    db.session.commit()

    answer(scene, "go_on", 0)
    db.session.rollback()
    assert events(scene.campaign_id) == []

    with transaction():
        answer(scene, "go_on", 0)
    assert events(scene.campaign_id) == [("agent.step", {"step": 1})]


def test_the_position_is_kept_without_the_values(scene: DeskScene) -> None:
    go_to_the_offer(scene)

    row = db.session.scalars(select(ScriptSession)).one()

    assert (row.revision, row.position["step"], row.position["values"]) == (2, "offer", {})
    assert scripting.session_of(scene.attempt).values == {"people": "4"}


def test_a_sale_needs_everything_said_and_written(scene: DeskScene) -> None:
    with pytest.raises(SaleGapsError) as caught:
        outcomes.finish_call(scene.agent, scene.attempt, Outcome(DispositionCode.SALE))

    assert [gap.step_key for gap in caught.value.gaps] == ["recording"]


def test_a_sale_takes_the_price_of_its_product_when_none_is_named(scene: DeskScene) -> None:
    go_to_the_offer(scene)

    outcomes.finish_call(scene.agent, scene.attempt, Outcome(DispositionCode.SALE))

    assert outcomes.sale_of(scene.attempt).amount_minor == 4900
    assert find_disposition(scene.attempt_id).code == "sale"


def test_a_second_sale_of_another_amount_in_a_call_is_refused(scene: DeskScene) -> None:
    go_to_the_offer(scene)
    outcomes.finish_call(scene.agent, scene.attempt, Outcome(DispositionCode.SALE))

    with pytest.raises(SaleSavedError):
        outcomes.finish_call(
            scene.agent, scene.attempt, Outcome(DispositionCode.SALE, price=Money(100, "USD"))
        )


def test_the_agent_is_free_only_after_the_outcome_is_saved(scene: DeskScene) -> None:
    db.session.commit()
    with transaction():
        outcomes.finish_call(scene.agent, scene.attempt, Outcome(DispositionCode.NOT_INTERESTED))
        assert events(scene.campaign_id) == []

    assert events(scene.campaign_id) == [("agent.wrapped_up", {})]


def test_the_floor_hears_that_a_machine_was_on_the_line(scene: DeskScene) -> None:
    db.session.commit()
    with transaction():
        outcomes.finish_call(scene.agent, scene.attempt, Outcome(DispositionCode.MACHINE))

    assert events(scene.campaign_id) == [("agent.wrapped_up", {"machine": True})]


def test_a_promise_of_the_agent_is_shown_while_waiting(scene: DeskScene) -> None:
    soon = Outcome(DispositionCode.CALLBACK, "ask for Ann", callback_at=NOON + timedelta(hours=2))
    outcomes.finish_call(scene.agent, scene.attempt, soon)
    make_on_floor(scene.agent, scene.campaign, "ready")

    view = desk_view(scene.agent)

    assert (view.kind, view.last.result) == ("waiting", "callback")
    assert [(promise.lead_name, promise.note) for promise in view.callbacks] == [("Ann Lee", "ask for Ann")]


def test_the_call_of_somebody_else_is_not_given(scene: DeskScene) -> None:
    with pytest.raises(ForbiddenError):
        get_own_attempt(make_calling_agent(), scene.attempt_id)


def test_columns_of_the_list_are_spoken_in_the_script() -> None:
    scene = make_desk_call(lead={"custom": {"Current Plan": "Copper 100"}, "name": "Lee, Ann"})

    values = call_view(scene.agent, scene.attempt_id).values

    assert list(call_view(scene.agent, scene.attempt_id).custom) == [("Plan", "Copper 100")]
    assert values["lead.current_plan"] == "Copper 100"
    assert values["lead.first_name"] == "Ann"
    assert values["agent.name"] == scene.agent.name


def test_the_product_that_a_field_names_is_proposed(scene: DeskScene) -> None:
    go_to_the_offer(scene)

    assert call_view(scene.agent, scene.attempt_id).likely_product is not None  # the only one
