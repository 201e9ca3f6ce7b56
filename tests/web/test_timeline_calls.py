"""The story of a call: what it tells, and who may read it."""

import io

import pytest
from flask.testing import FlaskClient

from telesales import clock
from telesales.access.roles import LEADERS, Role
from telesales.calls.models import CallAttempt
from telesales.calls.service.dispositions import record_disposition
from telesales.calls.service.writing import add_note
from telesales.centre.service import CentreFacts, change_settings
from telesales.compliance.models import DoNotCallScope
from telesales.compliance.service import add_entry
from telesales.desk.service import scripting
from telesales.extensions import db, transaction
from telesales.messages.rules import MessageKind
from telesales.messages.service import keep_message
from telesales.messages.taking import take_sound
from telesales.tenancy.scope import every_client
from tests.actors import Actor, as_role, as_user
from tests.factories_agents import make_client
from tests.factories_calls import make_calling_agent, make_recorded_sale
from tests.factories_commissions import make_plan
from tests.factories_desk import DeskScene
from tests.factories_dialing import make_decision
from tests.factories_messages import make_wav
from tests.factories_recordings import make_recording, recording_keys, tone
from tests.factories_timelines import (
    START,
    WHOLE_CALL,
    at,
    make_events,
    make_listening,
    make_states,
    make_told_call,
    places_of,
)


@pytest.fixture
def scene(app) -> DeskScene:
    with transaction():
        return make_told_call()


@pytest.fixture
def supervisor(client: FlaskClient, scene: DeskScene) -> Actor:
    return as_role(client, Role.SUPERVISOR, name="Kim Park")


def path(scene: DeskScene, rest: str = "") -> str:
    return f"/timelines/calls/{scene.attempt_id}{rest}"


def test_a_call_is_told_in_its_order_with_who_did_what(supervisor, scene):
    make_events(scene, *WHOLE_CALL)

    page = supervisor.get(path(scene)).text

    places = places_of(
        page,
        "Every rule was looked at again",
        "The network was asked to dial",
        "It rings",
        "A person answered",
        "Callee and agent hear each other",
        "On hold",
        "Back from hold",
        "The call ended: Talked",
    )
    assert places == sorted(places)
    assert "Mei Lin" in page
    assert "waited 0.1 s" in page


def test_times_are_shown_to_the_tenth_in_the_readers_zone_and_gaps_marked(client, scene):
    make_events(scene, *WHOLE_CALL)
    reader = as_role(client, Role.SUPERVISOR, time_zone="Asia/Shanghai", locale="zh")

    page = reader.get(path(scene)).text

    assert "23:00:01.3" in page
    assert "23:00:20.8" in page
    assert "+19.5" in page
    assert "timeline-gap" in page


def test_the_decision_that_placed_the_call_is_linked(supervisor, scene):
    with every_client(), transaction():
        decision = make_decision(scene.campaign, at=START)
        attempt = db.session.get_one(CallAttempt, scene.attempt_id)
        attempt.decision = {"at": START.timestamp(), "calls": 3}
        decision_id = decision.id

    page = supervisor.get(path(scene)).text

    assert f"/floor/{scene.campaign_id}/decisions/{decision_id}" in page
    assert "Placed 3" in page
    assert f"/floor/{scene.campaign_id}/calls/{scene.attempt_id}" in page


def test_the_way_through_the_script_and_what_was_written_stand_in_the_story(supervisor, scene):
    with every_client(), transaction():
        attempt = db.session.get_one(CallAttempt, scene.attempt_id)
        session = scripting.session_of(attempt)
        first = session.step.answers[0]
        moved = scripting.answer_step(scene.agent, attempt, first.key, revision=session.revision)
        scripting.go_back(scene.agent, attempt, revision=moved.revision)
        title, answer = moved.step.title, first.title

    page = supervisor.get(path(scene)).text

    assert f"The script goes on: {title}" in page
    assert f"answer: {answer}" in page
    assert page.count("The script goes on") == 2


def test_outcome_sale_note_and_the_forbidden_number_stand_in_the_story(supervisor, scene):
    with every_client(), transaction():
        attempt = db.session.get_one(CallAttempt, scene.attempt_id)
        make_recorded_sale(attempt)
        add_note(attempt, scene.agent, "has two dogs")
        record_disposition(attempt, scene.agent, "sale", "glad")
        add_entry(
            number=attempt.number,
            source="asked during a call",
            scope=DoNotCallScope.COMPANY,
            listed_on=clock.now().date(),
            attempt_id=attempt.id,
        )

    page = supervisor.get(path(scene)).text

    places_of(page, "Sold: Fibre 500", "$49.00", "has two dogs", "Outcome: Sale", "glad", "do-not-call list")


def sold_with_commission(scene: DeskScene) -> None:
    with every_client(), transaction():
        make_plan(scene.campaign)
        make_recorded_sale(db.session.get_one(CallAttempt, scene.attempt_id))


def test_commission_is_shown_to_leaders_and_to_the_agent_who_earns_it(client, scene):
    sold_with_commission(scene)

    seen_by_manager = as_role(client, Role.MANAGER).get(path(scene)).text
    seen_by_reviewer = as_role(client, Role.REVIEWER).get(path(scene)).text
    seen_by_agent = as_user(client, scene.agent).get(path(scene)).text

    assert "It earns commission" in seen_by_manager
    assert "It earns commission" in seen_by_agent
    assert "It earns commission" not in seen_by_reviewer


def test_who_took_part_in_the_call_stands_in_the_story(supervisor, scene):
    make_listening(scene, supervisor.user_id, ("listen", 30.0), ("whisper", 40.0), ("stop", 60.0))

    page = supervisor.get(path(scene)).text

    places_of(page, "Listens", "Whispers to the agent", "Listening ended with the call", "Kim Park")


def test_agents_do_not_read_of_silent_listeners_when_the_centre_hides_them(client, supervisor, scene):
    make_listening(scene, supervisor.user_id, ("listen", 30.0), ("stop", 60.0))
    facts = CentreFacts(name="C", locale="en", time_zone="UTC", currency="USD", shows_listeners=False)
    with transaction():
        change_settings(facts)

    assert "Kim Park" in supervisor.get(path(scene)).text
    assert "Listens" not in as_user(client, scene.agent).get(path(scene)).text


def test_the_agents_part_stands_in_the_story(supervisor, scene):
    make_events(scene, *WHOLE_CALL)
    make_states(scene, ("reserved", 20.5, None), ("on_call", 20.6, None), ("wrap_up", 95.0, None))

    places_of(supervisor.get(path(scene)).text, "Given to the agent", "The agent writes up")


def test_every_moment_inside_the_recording_leads_to_its_place(app, client, scene, tmp_path):
    make_events(scene, *WHOLE_CALL)
    reader = as_role(client, Role.SUPERVISOR)
    without = reader.get(path(scene)).text
    with every_client(), recording_keys(app):
        attempt = db.session.get_one(CallAttempt, scene.attempt_id)
        make_recording(app, tmp_path, attempt, samples=tone(12.0), started_at=at(20.6).timestamp())

    page = reader.get(path(scene)).text

    assert f"/recordings/calls/{scene.attempt_id}?at=10.4" in page
    assert "?at=" not in without


def test_agents_read_their_own_calls_and_no_others(client, scene):
    with transaction():
        other = make_calling_agent()

    assert as_user(client, scene.agent).get(path(scene)).status_code == 200
    assert as_user(client, other).get(path(scene)).status_code == 404


def test_links_that_a_reader_may_not_open_are_text(client, scene):
    make_events(scene, *WHOLE_CALL)

    page = as_user(client, scene.agent).get(path(scene)).text

    assert "/floor/" not in page
    assert "/timelines/leads/" not in page


@pytest.mark.parametrize("role", [*LEADERS, Role.REVIEWER])
def test_leaders_and_reviewers_read_every_call(client, scene, role):
    assert as_role(client, role).get(path(scene)).status_code == 200


def test_call_of_another_client_is_not_there(client, scene):
    with transaction():
        theirs = make_client()
    stranger = as_role(client, Role.SUPERVISOR, client_id=theirs.id)

    assert stranger.get(path(scene)).status_code == 404
    assert stranger.get(f"/timelines/agents/{scene.agent_id}").status_code == 404
    with every_client():
        lead_id = scene.attempt.lead_id
    assert stranger.get(f"/timelines/leads/{lead_id}").status_code == 404


def test_a_call_says_for_ever_which_message_was_heard(scene, supervisor):
    with every_client(), transaction():
        campaign = db.session.get_one(CallAttempt, scene.attempt_id).campaign
        old, new = (take_sound(io.BytesIO(make_wav(hertz))) for hertz in (600, 900))
        keep_message(MessageKind.ABANDONED, old, file_name="first.wav", campaign=campaign)
        keep_message(MessageKind.ABANDONED, new, file_name="second.wav", campaign=campaign)
    make_events(
        scene, ("call.message_played", 2, {"seconds": 1, "message": "abandoned", "sound": old.sha256})
    )

    page = supervisor.get(path(scene)).text

    assert "first.wav" in page
    assert "second.wav" not in page
