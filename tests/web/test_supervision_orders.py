"""A supervisor sends agents on a pause, off the floor and to other campaigns; who may, and what the desk says."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from dialer.events import Event
from dialer.live import events_stream
from telesales.access.roles import LEADERS, Role
from telesales.audit.models import AuditEntry
from telesales.calls import floor
from telesales.extensions import db, redis_client, transaction
from telesales.tenancy.scope import every_client
from tests.actors import Actor, as_role, as_user
from tests.factories_agents import make_client, make_user
from tests.factories_calls import make_calling_agent, make_calling_campaign, make_on_floor
from tests.factories_desk import DeskScene, make_desk_call


@pytest.fixture
def scene(app) -> DeskScene:
    with transaction():
        return make_desk_call(agent={"name": "Mei Lin"}, name="Spring")


@pytest.fixture
def supervisor(client: FlaskClient, scene: DeskScene) -> Actor:
    return as_role(client, Role.SUPERVISOR, name="Kim Park")


def path(scene: DeskScene, rest: str = "") -> str:
    return f"/supervision/agents/{scene.agent_id}{rest}"


def said(campaign_id: int) -> list[tuple[str, dict]]:
    found = redis_client().xrange(events_stream(campaign_id))
    events = [Event.from_fields(fields) for _id, fields in found]
    return [(event.kind.value, dict(event.data)) for event in events]


def recorded() -> list[AuditEntry]:
    return list(db.session.scalars(select(AuditEntry).where(AuditEntry.action.like("agent.%"))))


def other_campaign(scene: DeskScene, **columns) -> int:
    with transaction(), every_client():
        return make_calling_campaign(scene.agent, **{"name": "Autumn", **columns}).id


def put_on_floor(scene: DeskScene, state: str, **entry) -> None:
    with every_client():
        attempt = scene.attempt if state in ("on_call", "wrap_up") else None
        make_on_floor(scene.agent, scene.campaign, state, attempt, **entry)


def test_panel_offers_what_can_be_asked_of_the_agent(supervisor, scene):
    other_campaign(scene)

    page = supervisor.get(path(scene)).text

    assert "Mei Lin" in page
    assert "Autumn" in page
    assert "Sign off now" in page
    assert "Take it back" not in page


def test_panel_of_an_agent_without_a_call_has_nobody_to_cut_off(supervisor, scene):
    put_on_floor(scene, "ready")

    assert "Sign off now" not in supervisor.get(path(scene)).text


def test_forced_pause_is_said_to_the_floor_recorded_and_named_with_its_reason(supervisor, scene):
    answer = supervisor.post(path(scene, "/pause"), reason="coaching", note="room 2")

    assert answer.text.strip() == "<p>Mei Lin is paused after this call.</p>"
    assert said(scene.campaign_id) == [
        ("agent.paused", {"reason": "coaching", "by": supervisor.user_id}),
    ]
    (entry,) = recorded()
    assert (entry.action, entry.actor_id, entry.subject_id) == (
        "agent.sent_on_pause",
        supervisor.user_id,
        scene.agent_id,
    )
    assert entry.details["note"] == "room 2"


def test_supervisors_word_does_not_make_a_closed_desk_look_open(supervisor, scene):
    supervisor.post(path(scene, "/pause"), reason="coaching")

    assert redis_client().zcard("ts:presence") == 0


def test_pause_without_a_reason_keeps_what_was_typed(supervisor, scene):
    answer = supervisor.post(path(scene, "/pause"), reason="", note="room 2")

    assert answer.status_code == 422
    assert "Choose a reason" in answer.text
    assert "room 2" in answer.text
    assert said(scene.campaign_id) == []


def test_note_that_is_too_long_is_not_taken(supervisor, scene):
    answer = supervisor.post(path(scene, "/sign-off"), note="x" * 201)

    assert answer.status_code == 422
    assert "at most 200" in answer.text


def test_sign_off_waits_for_the_call(supervisor, scene):
    answer = supervisor.post(path(scene, "/sign-off"))

    assert "after this call" in answer.text
    assert said(scene.campaign_id) == [
        ("agent.signed_off", {"by": supervisor.user_id, "after_call": True}),
    ]
    assert floor.campaign_of(scene.agent_id) == scene.campaign_id


def test_sign_off_now_has_to_be_confirmed_and_cuts_off(supervisor, scene):
    answer = supervisor.post(path(scene, "/sign-off"), now="1")

    assert "Mei Lin is signed off." in answer.text
    assert said(scene.campaign_id) == [("agent.signed_off", {"by": supervisor.user_id})]
    assert recorded()[0].details["now"] is True


def test_agent_is_moved_to_another_campaign_of_his(supervisor, scene):
    to = other_campaign(scene)

    answer = supervisor.post(path(scene, "/move"), to=str(to))

    assert answer.status_code == 200
    assert said(scene.campaign_id) == [
        ("agent.signed_off", {"by": supervisor.user_id, "after_call": True, "to": to}),
    ]


@pytest.mark.parametrize("columns", [{"state": "finished"}, {"state": "draft"}])
def test_agent_is_not_moved_where_nothing_runs(supervisor, scene, columns):
    to = other_campaign(scene, **columns)

    answer = supervisor.post(path(scene, "/move"), to=str(to))

    assert answer.status_code == 422
    assert said(scene.campaign_id) == []


def test_agent_is_not_moved_to_a_campaign_of_others(supervisor, scene):
    with transaction(), every_client():
        to = make_calling_campaign(make_calling_agent(), name="Theirs").id

    assert supervisor.post(path(scene, "/move"), to=str(to)).status_code == 422
    assert supervisor.post(path(scene, "/move"), to=str(scene.campaign_id)).status_code == 422
    assert supervisor.post(path(scene, "/move"), to="x").status_code == 422
    assert said(scene.campaign_id) == []


def test_second_supervisor_sees_the_order_of_the_first_and_replaces_it(client, supervisor, scene):
    put_on_floor(scene, "on_call", next_pause="lunch", ordered_by=supervisor.user_id)
    second = as_role(client, Role.SUPERVISOR, name="Lee Wu")

    assert "Kim Park has ordered a pause after this call." in second.get(path(scene)).text
    answer = second.post(path(scene, "/sign-off"))

    assert "It replaces what Kim Park had ordered." in answer.text


def test_order_is_taken_back(supervisor, scene):
    put_on_floor(scene, "on_call", leaves=True, ordered_by=supervisor.user_id)

    answer = supervisor.post(path(scene, "/take-back"))

    assert "Mei Lin goes on as before." in answer.text
    assert said(scene.campaign_id) == [("agent.ready", {"by": supervisor.user_id})]


def test_order_that_came_about_meanwhile_cannot_be_taken_back(supervisor, scene):
    put_on_floor(scene, "paused", ordered_by=supervisor.user_id)

    answer = supervisor.post(path(scene, "/take-back"))

    assert answer.status_code == 409
    assert "Nothing is ordered any more." in answer.text
    assert said(scene.campaign_id) == []


def test_agent_who_has_gone_is_told_of_in_a_sentence(supervisor, scene):
    with every_client():
        floor.sign_off(scene.agent_id)

    assert "Mei Lin is on no floor any more." in supervisor.get(path(scene)).text
    answer = supervisor.post(path(scene, "/pause"), reason="coaching")

    assert answer.status_code == 409
    assert "Mei Lin is on no floor any more." in answer.text
    assert recorded() == []


def test_stale_page_orders_nothing_on_another_floor(supervisor, scene):
    other = other_campaign(scene)

    answer = supervisor.post(path(scene, "/pause"), reason="coaching", campaign=str(other))

    assert answer.status_code == 409
    assert "Mei Lin works on Spring now." in answer.text
    assert said(scene.campaign_id) == []


def test_agent_who_is_lent_to_a_neighbour_is_told_there_and_stays_at_home(supervisor, scene):
    """A shared floor lends agents from call to call: the page knows them by the campaign that they signed on to."""
    with every_client(), transaction():
        neighbour = make_calling_campaign(scene.agent, name="Autumn")
        make_on_floor(scene.agent, neighbour, "on_call", scene.attempt, home=scene.campaign_id)
        neighbour_id = neighbour.id

    answer = supervisor.post(path(scene, "/pause"), reason="coaching", campaign=str(scene.campaign_id))

    assert answer.status_code == 200
    assert said(neighbour_id) == [("agent.paused", {"reason": "coaching", "by": supervisor.user_id})]
    assert supervisor.post(path(scene, "/move"), to=str(neighbour_id)).status_code == 200


@pytest.mark.parametrize("rest", ["/pause", "/sign-off", "/move", "/take-back"])
def test_agent_of_another_client_is_not_there(client, scene, rest):
    with transaction():
        theirs = make_client()
    stranger = as_role(client, Role.SUPERVISOR, client_id=theirs.id)

    assert stranger.get(path(scene)).status_code == 404
    assert stranger.post(path(scene, rest), reason="coaching").status_code == 404
    with every_client():
        floor.sign_off(scene.agent_id)
    assert stranger.post(path(scene, rest), reason="coaching").status_code == 404


def test_only_agents_can_be_asked(supervisor):
    assert supervisor.get(f"/supervision/agents/{supervisor.user_id}").status_code == 404
    assert supervisor.get("/supervision/agents/999999").status_code == 404


@pytest.mark.parametrize("role", [Role.AGENT, Role.REVIEWER, Role.CLIENT])
def test_others_may_not_order(client, scene, role):
    client_id = None
    if role is Role.CLIENT:
        with transaction():
            client_id = make_client().id
    actor = as_role(client, role, client_id=client_id)

    assert actor.get(path(scene)).status_code == 403
    assert actor.post(path(scene, "/sign-off"), now="1").status_code == 403


@pytest.mark.parametrize("role", LEADERS)
def test_leaders_may(client, scene, role):
    assert as_role(client, role).post(path(scene, "/sign-off")).status_code == 200


def test_order_needs_the_pages_token(client, supervisor, scene):
    assert client.post(path(scene, "/sign-off")).status_code == 400


def notice(client: FlaskClient, scene: DeskScene) -> str:
    return as_user(client, scene.agent).get("/supervision/notice").text


def test_desk_says_who_ordered_what_and_why(client, supervisor, scene):
    supervisor.post(path(scene, "/pause"), reason="coaching", note="room 2")
    put_on_floor(scene, "on_call", next_pause="coaching", ordered_by=supervisor.user_id)
    waiting = notice(client, scene)
    put_on_floor(scene, "paused", pause_reason="coaching", ordered_by=supervisor.user_id)
    paused = notice(client, scene)
    put_on_floor(scene, "ready")
    back = notice(client, scene)

    assert "Kim Park asks you for a pause after this call." in waiting
    assert "Coaching · room 2" in waiting
    assert "Kim Park has sent you on a pause." in paused
    assert "Kim Park" not in back


def test_desk_says_who_signed_the_agent_off(client, supervisor, scene):
    supervisor.post(path(scene, "/sign-off"), note="thank you")
    with every_client():
        floor.sign_off(scene.agent_id)

    assert "Kim Park has signed you off." in notice(client, scene)


def test_desk_says_where_the_agent_was_moved(client, supervisor, scene):
    to = other_campaign(scene)
    supervisor.post(path(scene, "/move"), to=str(to))
    put_on_floor(scene, "on_call", leaves=True, moves_to=to, ordered_by=supervisor.user_id)

    assert "Kim Park moves you to Autumn after this call." in notice(client, scene)


def test_desk_says_nothing_when_nothing_was_ordered(client, scene):
    assert "hidden" in notice(client, scene)


def test_agent_has_no_ready_button_against_an_order(client, scene, supervisor):
    put_on_floor(scene, "on_call", next_pause="coaching", ordered_by=supervisor.user_id)

    bar = as_user(client, scene.agent).get("/desk/bar").text

    assert "pause after this call" in bar
    assert "/desk/ready" not in bar


def test_bar_of_the_desk_says_that_the_shift_ends_after_the_call(client, scene):
    with transaction():
        someone = make_user(role=Role.SUPERVISOR)
    put_on_floor(scene, "on_call", leaves=True, ordered_by=someone.id)

    assert "sign-off after this call" in as_user(client, scene.agent).get("/desk/bar").text
