"""The telephone of an agent: what may be done with a call, by whom, and what is written down."""

from datetime import datetime

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from dialer.ports import Consulted
from telesales import clock
from telesales.access.roles import Role
from telesales.audit.models import AuditEntry
from telesales.compliance.models import DoNotCallEntry, DoNotCallScope
from telesales.extensions import db, redis_client, transaction
from telesales.tenancy.scope import every_client
from tests.actors import Actor, as_role, as_user
from tests.factories import make_user
from tests.factories_desk import DeskScene, make_desk_call
from tests.factories_leads import make_lead, make_lead_list
from tests.factories_telephony import commands, make_carrier, make_talk
from tests.web.conftest import DiskFullError

JSON = {"Accept": "application/json"}
COLLEAGUE = "+12125550177"
PLAIN = ("hold", "resume", "merge", "complete_transfer", "drop_consulted")
EVERY = [
    *((verb, {}) for verb in PLAIN),
    ("digits", {"digits": "12#"}),
    ("transfer", {"number": COLLEAGUE}),
    ("consult", {"number": COLLEAGUE}),
]


@pytest.fixture
def scene(app) -> DeskScene:
    with transaction():
        scene = make_desk_call()
    make_carrier(redis_client(), "simulated")
    make_talk(redis_client(), scene)
    return scene


@pytest.fixture
def agent(client: FlaskClient, scene: DeskScene) -> Actor:
    return as_user(client, scene.agent)


def do(actor: Actor, scene: DeskScene, verb: str, **form):
    return actor.post(f"/telephone/call/{scene.attempt_id}/{verb}", headers=JSON, **form)


def asked(scene: DeskScene) -> list[dict]:
    return commands(redis_client(), "simulated")


def audited() -> list[AuditEntry]:
    with every_client():
        query = select(AuditEntry).where(AuditEntry.action.startswith("telephone.")).order_by(AuditEntry.id)
        return list(db.session.scalars(query))


@pytest.mark.parametrize(("verb", "form"), EVERY)
def test_each_verb_reaches_the_carrier_and_the_audit_trail(agent, scene, verb, form):
    assert do(agent, scene, verb, **form).status_code == 204

    (command,) = asked(scene)
    command.pop("until", None)
    name = "send_digits" if verb == "digits" else verb
    assert command == {"command": name, "attempt": str(scene.attempt_id), **form}
    (entry,) = audited()
    assert (entry.action, entry.actor_id) == (f"telephone.{name}", scene.agent_id)
    assert entry.subject_id == scene.attempt_id
    assert entry.details == ({"count": 3} if verb == "digits" else form)


@pytest.mark.parametrize(("verb", "form"), EVERY)
def test_nobody_touches_the_call_of_another_agent(client, scene, verb, form):
    other = as_role(client, Role.AGENT)

    answer = do(other, scene, verb, **form)

    assert (answer.status_code, answer.json["error"]) == (409, "call-over")
    assert asked(scene) == []
    assert audited() == []


@pytest.mark.parametrize(("verb", "form"), EVERY)
def test_a_call_that_is_over_is_left_alone(client, app, verb, form):
    make_carrier(redis_client(), "simulated")
    with transaction():
        scene = make_desk_call(state="wrap_up")

    answer = do(as_user(client, scene.agent), scene, verb, **form)

    assert answer.status_code == 409
    assert asked(scene) == []
    assert audited() == []


@pytest.mark.parametrize(("verb", "form"), EVERY)
def test_a_call_that_the_carrier_has_ended_is_not_written_down_as_moved(agent, scene, verb, form):
    redis_client().delete(f"ts:telephone:talk:{scene.attempt_id}")

    answer = do(agent, scene, verb, **form)

    assert (answer.status_code, answer.json["error"]) == (409, "call-over")
    assert audited() == []


@pytest.mark.parametrize(("verb", "form"), EVERY)
def test_a_carrier_that_is_away_is_said_and_nothing_waits_for_it(agent, scene, verb, form):
    redis_client().delete("ts:alive:carrier:simulated")

    answer = do(agent, scene, verb, **form)

    assert (answer.status_code, answer.json["error"]) == (503, "telephone-away")
    assert asked(scene) == []
    name = "send_digits" if verb == "digits" else verb
    tried, failed = audited()
    assert (tried.action, failed.action) == (f"telephone.{name}", "telephone.failed")
    assert failed.details == {"verb": name, "why": "telephone-away"}
    assert failed.subject_id == scene.attempt_id


@pytest.mark.parametrize(("verb", "form"), EVERY)
def test_nothing_is_done_that_could_not_be_written_down(agent, scene, broken_commits, verb, form):
    with pytest.raises(DiskFullError):
        do(agent, scene, verb, **form)

    assert asked(scene) == []


@pytest.mark.parametrize("role", [Role.MANAGER, Role.SUPERVISOR, Role.REVIEWER, Role.CLIENT])
def test_calls_are_for_agents(client, scene, role):
    assert do(as_role(client, role), scene, "hold").status_code == 403


def test_an_agent_of_another_client_does_not_learn_of_the_call(client, scene):
    with transaction():
        stranger = make_user(role=Role.AGENT, client_id=make_desk_call().campaign.client_id)

    assert do(as_user(client, stranger), scene, "hold").status_code == 404


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "This is no number that can be called."),
        ("extension 12", "This is no number that can be called."),
        ("911", "This is no number that can be called."),
        ("+1 900 234 5678", "Numbers of this kind cost extra"),
        ("+44 20 7946 0001", "in a country that the call has nothing to do with"),
        ("+1 876 555 0123", "in a country that the call has nothing to do with"),
    ],
)
@pytest.mark.parametrize("verb", ["transfer", "consult"])
def test_a_bad_number_is_refused_at_its_field(agent, scene, verb, typed, sentence):
    answer = do(agent, scene, verb, number=typed)

    assert answer.status_code == 422
    assert sentence in answer.json["fields"]["number"]
    assert asked(scene) == []
    assert audited() == []


@pytest.mark.parametrize("verb", ["transfer", "consult"])
def test_nobody_on_the_do_not_call_list_is_rung_as_a_third_person(agent, scene, verb):
    with transaction(), every_client():
        entry = DoNotCallEntry(number=COLLEAGUE, scope=DoNotCallScope.COMPANY, source="register")
        entry.listed_on = clock.now().date()
        db.session.add(entry)

    answer = do(agent, scene, verb, number=COLLEAGUE)

    assert "do-not-call" in answer.json["fields"]["number"]
    assert asked(scene) == []


NOON, NIGHT = "2026-11-16T17:00:00+00:00", "2026-11-16T08:00:00+00:00"  # in New York 12:00 and 3:00


@pytest.mark.parametrize(
    ("at", "zone_key", "is_own", "status"),
    [
        (NOON, "America/New_York", True, 204),
        (NIGHT, "America/New_York", True, 422),
        (NOON, "", True, 422),  # nobody knows what time it is there
        (NIGHT, "America/New_York", False, 204),
    ],
)
@pytest.mark.parametrize("verb", ["transfer", "consult"])
def test_a_lead_of_the_client_is_rung_as_a_third_person_in_its_calling_hours_alone(
    agent, scene, at, zone_key, is_own, status, verb
):
    with transaction(), every_client():
        owner = {"client": scene.campaign.client} if is_own else {}
        make_lead(lead_list=make_lead_list(**owner), number=COLLEAGUE, zone_key=zone_key)

    with clock.freeze(datetime.fromisoformat(at)):
        answer = do(agent, scene, verb, number=COLLEAGUE)

    assert answer.status_code == status
    if status == 422:
        assert "may not be called at this hour" in answer.json["fields"]["number"]
        assert asked(scene) == []


@pytest.mark.parametrize("verb", ["transfer", "consult"])
def test_a_demo_rings_nobody_real_as_a_third_person(client, app, verb):
    make_carrier(redis_client(), "simulated")
    with transaction(), every_client():
        scene = make_desk_call()
        scene.campaign.client.is_demo = True
    make_talk(redis_client(), scene)
    agent = as_user(client, scene.agent)

    refused = do(agent, scene, verb, number="+1 202 456 1111")

    assert "only invented numbers" in refused.json["fields"]["number"]
    assert asked(scene) == []
    assert do(agent, scene, verb, number=COLLEAGUE).status_code == 204


def test_the_person_on_the_line_is_not_rung(agent, scene):
    with every_client():
        number = scene.attempt.number

    assert do(agent, scene, "consult", number=number).status_code == 422


def test_a_number_as_people_write_it_is_taken(agent, scene):
    assert do(agent, scene, "transfer", number="(212) 555-0177").status_code == 204
    assert asked(scene)[0]["number"] == COLLEAGUE


@pytest.mark.parametrize("digits", ["", "abc", "12 34", "1" * 65, "1\n", "１"])
def test_only_keys_of_a_telephone_are_sent(agent, scene, digits):
    answer = do(agent, scene, "digits", digits=digits)

    assert answer.status_code == 422
    assert "digits" in answer.json["fields"]
    assert asked(scene) == []


def test_digits_are_not_written_down(agent, scene):
    do(agent, scene, "digits", digits="42424242")

    assert "4242" not in str(audited()[0].details)


def test_the_page_reads_what_the_telephone_does(agent, scene):
    make_talk(redis_client(), scene, held=True, consulted=Consulted.TALKING, number=COLLEAGUE)

    talk = agent.get("/telephone", headers=JSON).json["talk"]

    assert (talk["attempt_id"], talk["held"], talk["consulted"]) == (scene.attempt_id, True, "talking")


def test_without_a_call_there_is_nothing_to_read(client, app):
    assert as_role(client, Role.AGENT).get("/telephone", headers=JSON).json == {"line": None, "talk": None}


def test_a_pause_of_the_recording_that_is_over_is_shown_as_over(agent, scene):
    make_talk(redis_client(), scene, recording="paused", recording_again_at=clock.now().timestamp() - 1)

    assert agent.get("/telephone", headers=JSON).json["talk"]["recording"] == "on"


def test_a_verb_that_does_not_exist_is_not_found(agent, scene):
    assert do(agent, scene, "open_agent").status_code == 404
    assert asked(scene) == []
