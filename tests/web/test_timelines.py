"""The story of a call, of a lead and of an agent's day: what it tells, and who may read it."""

import io
from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient

from telesales import clock
from telesales.access.roles import LEADERS, Role
from telesales.agents.models import AgentStateChange
from telesales.calls.models import CallAttempt, CallEvent
from telesales.calls.service.dispositions import record_disposition
from telesales.calls.service.writing import add_note
from telesales.centre.service import CentreFacts, change_settings
from telesales.compliance.models import DoNotCallScope
from telesales.compliance.service import add_entry
from telesales.desk.service import scripting
from telesales.extensions import db, transaction
from telesales.leads.models import Lead
from telesales.messages.rules import MessageKind
from telesales.messages.service import keep_message
from telesales.messages.taking import take_sound
from telesales.supervision.models import SupervisionStep
from telesales.tenancy.scope import every_client
from tests.actors import Actor, as_role, as_user
from tests.factories_agents import make_client
from tests.factories_calls import make_attempt, make_calling_agent, make_recorded_sale
from tests.factories_commissions import make_plan
from tests.factories_desk import DeskScene, make_desk_call
from tests.factories_dialing import make_decision
from tests.factories_messages import make_wav
from tests.factories_recordings import make_recording, recording_keys, tone

START = datetime(2026, 11, 20, 15, 0, 0, 300_000, tzinfo=UTC)


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


@pytest.fixture
def scene(app) -> DeskScene:
    with transaction():
        return make_desk_call(agent={"name": "Mei Lin"}, lead={"name": "Ann Lee"}, name="Spring")


@pytest.fixture
def supervisor(client: FlaskClient, scene: DeskScene) -> Actor:
    return as_role(client, Role.SUPERVISOR, name="Kim Park")


def path(scene: DeskScene, rest: str = "") -> str:
    return f"/timelines/calls/{scene.attempt_id}{rest}"


def happen(scene: DeskScene, *events: tuple[str, float, dict]) -> None:
    """Facts as the recorder writes them."""
    with every_client(), transaction():
        attempt = db.session.get_one(CallAttempt, scene.attempt_id)
        attempt.reserved_at, attempt.originating_at = at(0), at(0.2)
        attempt.checks = [{"rule": "calling_hours", "input": {}, "passed": True}]
        for kind, seconds, details in events:
            who = scene.agent_id if kind in ("call.connected", "call.held") else None
            db.session.add(
                CallEvent(
                    client_id=attempt.client_id,
                    source_id=f"{kind}:{seconds}",
                    attempt_id=attempt.id,
                    kind=kind,
                    at=at(seconds),
                    agent_id=who,
                    details=details,
                )
            )


def stood(scene: DeskScene, *states: tuple[str, float, int | None]) -> None:
    with every_client(), transaction():
        for state, seconds, by in states:
            db.session.add(
                AgentStateChange(
                    source_id=f"agent:{scene.agent_id}:{seconds}:{state}",
                    user_id=scene.agent_id,
                    campaign_id=scene.campaign_id,
                    state=state,
                    pause_reason="coaching" if state == "paused" else "",
                    attempt_id=scene.attempt_id if state not in ("paused", "ready") else None,
                    at=at(seconds),
                    by_id=by,
                )
            )


def order_of(page: str, *texts: str) -> list[int]:
    places = [page.find(text) for text in texts]
    assert -1 not in places, dict(zip(texts, places, strict=True))
    return places


WHOLE_CALL = (
    ("call.placed", 0.4, {}),
    ("call.ringing", 1.0, {}),
    ("call.answered", 20.5, {"answer": "human"}),
    ("call.connected", 20.6, {"waited": 0.1}),
    ("call.held", 31.0, {}),
    ("call.resumed", 36.0, {}),
    ("call.ended", 95.0, {"result": "talked", "cause": "callee_hung_up", "talk_seconds": 74.4}),
)


def test_a_call_is_told_in_its_order_with_who_did_what(supervisor, scene):
    happen(scene, *WHOLE_CALL)

    page = supervisor.get(path(scene)).text

    places = order_of(
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
    happen(scene, *WHOLE_CALL)
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

    order_of(page, "Sold: Fibre 500", "$49.00", "has two dogs", "Outcome: Sale", "glad", "do-not-call list")


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


def listened(scene: DeskScene, supervisor_id: int, *modes: tuple[str, float]) -> None:
    with every_client(), transaction():
        attempt = db.session.get_one(CallAttempt, scene.attempt_id)
        for mode, seconds in modes:
            db.session.add(
                SupervisionStep(
                    client_id=attempt.client_id,
                    session="one",
                    supervisor_id=supervisor_id,
                    agent_id=scene.agent_id,
                    campaign_id=scene.campaign_id,
                    attempt_id=attempt.id,
                    mode=mode,
                    why="call_over" if mode == "stop" else "asked",
                    at=at(seconds),
                )
            )


def test_who_took_part_in_the_call_stands_in_the_story(supervisor, scene):
    listened(scene, supervisor.user_id, ("listen", 30.0), ("whisper", 40.0), ("stop", 60.0))

    page = supervisor.get(path(scene)).text

    order_of(page, "Listens", "Whispers to the agent", "Listening ended with the call", "Kim Park")


def test_agents_do_not_read_of_silent_listeners_when_the_centre_hides_them(client, supervisor, scene):
    listened(scene, supervisor.user_id, ("listen", 30.0), ("stop", 60.0))
    facts = CentreFacts(name="C", locale="en", time_zone="UTC", currency="USD", shows_listeners=False)
    with transaction():
        change_settings(facts)

    assert "Kim Park" in supervisor.get(path(scene)).text
    assert "Listens" not in as_user(client, scene.agent).get(path(scene)).text


def test_the_agents_part_stands_in_the_story(supervisor, scene):
    happen(scene, *WHOLE_CALL)
    stood(scene, ("reserved", 20.5, None), ("on_call", 20.6, None), ("wrap_up", 95.0, None))

    order_of(supervisor.get(path(scene)).text, "Given to the agent", "The agent writes up")


def test_every_moment_inside_the_recording_leads_to_its_place(app, client, scene, tmp_path):
    happen(scene, *WHOLE_CALL)
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
    happen(scene, *WHOLE_CALL)

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


def lead_of(scene: DeskScene) -> int:
    with every_client():
        return db.session.get_one(CallAttempt, scene.attempt_id).lead_id


def test_history_of_a_lead_tells_calls_promises_and_forbidden_numbers(supervisor, scene):
    lead_id = lead_of(scene)
    with every_client(), transaction():
        attempt = db.session.get_one(CallAttempt, scene.attempt_id)
        record_disposition(attempt, scene.agent, "no_conversation", "ask for the daughter")
        add_entry(
            number=attempt.number,
            source="asked by letter",
            scope=DoNotCallScope.COMPANY,
            listed_on=clock.now().date(),
        )

    page = supervisor.get(f"/timelines/leads/{lead_id}").text

    assert f"/timelines/calls/{scene.attempt_id}" in page
    order_of(page, "Called: No conversation", "ask for the daughter", "asked by letter")


def test_forbidden_number_of_another_client_stays_theirs(supervisor, scene):
    lead_id = lead_of(scene)
    with every_client(), transaction():
        number = db.session.get_one(Lead, lead_id).number
        theirs = make_client()
        add_entry(
            number=number,
            source="their secret",
            scope=DoNotCallScope.CLIENT,
            listed_on=clock.now().date(),
            client_id=theirs.id,
        )

    assert "their secret" not in supervisor.get(f"/timelines/leads/{lead_id}").text


def test_long_history_of_a_lead_is_paged_without_losing_anything(supervisor, scene):
    lead_id = lead_of(scene)
    with every_client(), transaction():
        lead = db.session.get_one(Lead, lead_id)
        made = [
            make_attempt(scene.agent, campaign=scene.campaign, lead=lead, reserved_at=at(nth)).id
            for nth in range(70)
        ]
    seen, url = set(), f"/timelines/leads/{lead_id}"
    for _page in range(5):
        page = supervisor.get(url).text
        seen |= {number for number in made if f'/timelines/calls/{number}"' in page}
        if "before=" not in page:
            break
        url = _older(page)

    assert seen == set(made)


def _older(page: str) -> str:
    start = page.rindex("/timelines/leads/", 0, page.index("before=") + 1)
    return page[start : page.index('"', start)].replace("&amp;", "&")


def test_made_up_cursor_is_ignored(supervisor, scene):
    assert supervisor.get(f"/timelines/leads/{lead_of(scene)}?before=yesterday").status_code == 200


def test_day_of_an_agent_tells_states_calls_and_who_sent_him_away(client, scene):
    reader = as_role(client, Role.SUPERVISOR, name="Kim Park", time_zone="UTC")
    stood(
        scene,
        ("ready", 0, None),
        ("on_call", 60, None),
        ("wrap_up", 160, None),
        ("paused", 200, reader.user_id),
        ("offline", 1400, None),
    )

    page = reader.get(f"/timelines/agents/{scene.agent_id}?day=2026-11-20").text

    order_of(page, "In conversation", "Ann Lee", "Writes up", "Coaching", "by Kim Park", "Signed off")
    assert f"/timelines/calls/{scene.attempt_id}" in page
    assert "1:40" in page


def test_day_with_orders_says_what_was_ordered(client, scene):
    reader = as_role(client, Role.SUPERVISOR, name="Kim Park")
    reader.post(f"/supervision/agents/{scene.agent_id}/pause", reason="coaching", note="room 2")

    page = reader.get(f"/timelines/agents/{scene.agent_id}").text

    order_of(page, "Ordered: a pause", "room 2", "Kim Park")


def test_impossible_day_is_answered_with_today_and_a_sentence(supervisor, scene):
    for day in ("2026-13-40", "tomorrow", "2999-01-01"):
        answer = supervisor.get(f"/timelines/agents/{scene.agent_id}?day={day}")
        assert answer.status_code == 422
        assert "Choose a day up to today." in answer.text


def test_empty_day_says_so(supervisor, scene):
    page = supervisor.get(f"/timelines/agents/{scene.agent_id}?day=2020-01-01").text

    assert "Mei Lin was on no floor on this day." in page


def test_agents_read_their_own_day_only(client, scene):
    with transaction():
        other = make_calling_agent().id
    agent = as_user(client, scene.agent)

    assert agent.get(f"/timelines/agents/{scene.agent_id}").status_code == 200
    assert agent.get(f"/timelines/agents/{other}").status_code == 404


def test_day_shows_a_client_its_own_campaigns_only(client, scene):
    """The agent works for two clients; a reader of one of them sees that part of the day."""
    with every_client(), transaction():
        mine = make_desk_call(agent={"name": "Other"}, name="Mine")
        owner = mine.campaign.client_id
        db.session.add(
            AgentStateChange(
                source_id="mine",
                user_id=scene.agent_id,
                campaign_id=mine.campaign_id,
                state="ready",
                at=at(500),
            )
        )
    stood(scene, ("on_call", 60, None))
    reader = as_role(client, Role.SUPERVISOR, client_id=owner, time_zone="UTC")

    page = reader.get(f"/timelines/agents/{scene.agent_id}?day=2026-11-20").text

    assert "Ready" in page
    assert "Ann Lee" not in page


def test_long_day_is_paged(client, scene):
    reader = as_role(client, Role.SUPERVISOR, time_zone="UTC")
    stood(scene, *[("ready" if nth % 2 else "paused", float(nth), None) for nth in range(230)])
    url = f"/timelines/agents/{scene.agent_id}?day=2026-11-20"

    assert "Page 1 of 2" in reader.get(url).text
    assert "Page 2 of 2" in reader.get(f"{url}&page=2").text
    assert "Page 2 of 2" in reader.get(f"{url}&page=9").text


def test_nobody_but_agents_has_a_day(supervisor):
    assert supervisor.get(f"/timelines/agents/{supervisor.user_id}").status_code == 404


def test_a_call_says_for_ever_which_message_was_heard(scene, supervisor):
    with every_client(), transaction():
        campaign = db.session.get_one(CallAttempt, scene.attempt_id).campaign
        old, new = (take_sound(io.BytesIO(make_wav(hertz))) for hertz in (600, 900))
        keep_message(MessageKind.ABANDONED, old, file_name="first.wav", campaign=campaign)
        keep_message(MessageKind.ABANDONED, new, file_name="second.wav", campaign=campaign)
    happen(scene, ("call.message_played", 2, {"seconds": 1, "message": "abandoned", "sound": old.sha256}))

    page = supervisor.get(path(scene)).text

    assert "first.wav" in page
    assert "second.wav" not in page
