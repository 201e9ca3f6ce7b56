"""The list of recorded calls and the page of one: what stands there, and for whom."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from dialer.ports import RecordingSide
from telesales import clock
from telesales.access.roles import Role
from telesales.agents.models import User
from telesales.calls.service.dispositions import record_disposition
from telesales.extensions import db, transaction
from telesales.recordings.models import PauseKind, Recording, RecordingPause
from telesales.tenancy.scope import every_client
from tests.actors import Actor, as_role, as_user
from tests.factories_agents import make_client
from tests.factories_calls import make_attempt, make_called_lead, make_calling_agent, make_calling_campaign
from tests.factories_recordings import make_recording, recording_keys, tone


@pytest.fixture(autouse=True)
def keys(app: Flask):
    with recording_keys(app):
        yield


@pytest.fixture
def manager(client: FlaskClient) -> Actor:
    return as_role(client, Role.MANAGER)


def recorded(app, folder, *, name="Ann Lee", agent=None, seconds=1.0, campaign=None, **columns) -> int:
    """A recorded call; returns its number."""
    with every_client():
        agent = agent or make_calling_agent()
        work = make_calling_campaign(agent, **(campaign or {}))
        lead = make_called_lead(work, name=name)
        attempt = make_attempt(agent, campaign=work, lead=lead, ended_at=clock.now(), **columns)
        return make_recording(app, folder, attempt, samples=tone(seconds)).attempt_id


def rows_of(page: str) -> list[str]:
    body = page.split("<tbody>")[1].split("</tbody>")[0]
    return list(body.split("<tr>")[1:])


def test_an_empty_list_says_where_recording_is_chosen(manager: Actor):
    assert "A campaign says under" in manager.get("/recordings").text


def test_calls_are_listed_newest_first_once_each(app: Flask, tmp_path, manager: Actor):
    first = recorded(app, tmp_path, name="Ann Lee")
    recorded(app, tmp_path, name="Bo Wu")
    with every_client():
        attempt = db.session.get(Recording, 1).attempt
        make_recording(app, tmp_path, attempt, side=RecordingSide.CALLEE)

    rows = rows_of(manager.get("/recordings").text)

    assert len(rows) == 2
    assert "Bo Wu" in rows[0]
    assert "Ann Lee" in rows[1]
    assert f"/recordings/calls/{first}" in rows[1]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"campaign": "{campaign}"}, {"Ann"}),
        ({"agent": "{agent}"}, {"Ann"}),
        ({"disposition": "sale"}, set()),
        ({"disposition": "not_interested"}, {"Ann"}),
        ({"disposition": "other"}, set()),
        ({"length": "short"}, {"Ann"}),
        ({"length": "medium"}, {"Bo"}),
        ({"length": "long"}, set()),
        ({"number": "{number}"}, {"Ann"}),
        ({"number": "+1 202 555 0999"}, set()),
        ({"from": "2026-01-01", "until": "2026-01-02"}, set()),
        ({"from": "{today}", "until": "{today}"}, {"Ann", "Bo"}),
        ({"campaign": "nonsense", "agent": "", "disposition": "nonsense"}, {"Ann", "Bo"}),
    ],
)
def test_the_list_is_filtered(app: Flask, tmp_path, manager: Actor, query: dict, found: set):
    ann = recorded(app, tmp_path, name="Ann")
    recorded(app, tmp_path, name="Bo", seconds=61)
    with every_client(), transaction():
        attempt = db.session.get(Recording, 1).attempt
        assert attempt.id == ann
        agent = db.session.get(type(make_calling_agent()), attempt.agent_id)
        record_disposition(attempt, agent, "other", "")
        record_disposition(attempt, agent, "not_interested", "")
        known = {
            "campaign": attempt.campaign_id,
            "agent": attempt.agent_id,
            "number": attempt.number,
            "today": clock.now().date(),
        }

    page = manager.get(
        "/recordings", query_string={name: text.format(**known) for name, text in query.items()}
    )

    assert page.status_code == 200
    assert {name for name in ("Ann", "Bo") if f">{name}</a>" in page.text} == found


@pytest.mark.parametrize(
    ("field", "typed"),
    [("from", "yesterday"), ("until", "9999-12-31"), ("from", "0001-01-01"), ("number", "12")],
)
def test_a_filter_that_cannot_be_read_is_told_at_its_field(manager: Actor, field: str, typed: str):
    answer = manager.get("/recordings", query_string={field: typed})

    assert answer.status_code == 422
    assert f'id="f-{field}-error"' in answer.text
    assert typed in answer.text


def test_another_clients_recordings_are_not_there(app: Flask, tmp_path, client: FlaskClient):
    mine = recorded(app, tmp_path, name="Ann Lee")
    with every_client():
        agent_name = make_calling_agent(name="Ana Onlytheirs").name
        make_attempt(db.session.scalars(select(User).where(User.name == agent_name)).one())
        db.session.commit()
    with transaction():
        other_id = make_client().id
    manager = as_role(client, Role.MANAGER, client_id=other_id)

    page = manager.get("/recordings").text
    assert "Ann Lee" not in page
    assert agent_name not in page
    assert manager.get(f"/recordings/calls/{mine}").status_code == 404
    assert manager.get("/recordings/1/sound.wav").status_code == 404
    assert manager.get("/recordings/1/download.wav").status_code == 404


def test_a_call_shows_its_lanes_gaps_and_pauses(app: Flask, tmp_path, manager: Actor):
    attempt_id = recorded(app, tmp_path, seconds=30)
    with every_client(), transaction():
        row = db.session.get(Recording, 1)
        attempt, started_at, agent_id = row.attempt, row.started_at, row.attempt.agent_id
        for kind, at, seconds in ((PauseKind.PAUSED, 10, 60), (PauseKind.RESUMED, 15, 0)):
            note = RecordingPause(
                client_id=row.client_id, attempt_id=attempt_id, kind=kind, seconds=seconds,
                by_id=agent_id, at=started_at + timedelta(seconds=at),
            )  # fmt: skip
            db.session.add(note)
    with every_client():
        for side in (RecordingSide.CALLEE, RecordingSide.AGENT):
            make_recording(app, tmp_path, db.session.merge(attempt), side=side, samples=tone(30))

    page = manager.get(f"/recordings/calls/{attempt_id}").text

    assert page.count('class="waveform-lane is-') == 2
    assert page.count("data-side") == 3
    assert page.count('class="waveform-gap"') == 2
    assert "0:10–0:15" in page
    assert "Taken up again" in page
    assert "Nobody yet." in page


def test_a_call_of_which_nothing_was_recorded_says_so(manager: Actor):
    with every_client(), transaction():
        attempt_id = make_attempt().id

    page = manager.get(f"/recordings/calls/{attempt_id}").text

    assert "Nothing of this call was recorded" in page
    assert "data-player" not in page


@pytest.mark.parametrize("allowed", [True, False])
def test_agents_hear_their_own_calls_where_the_campaign_allows_it(
    app: Flask, tmp_path, client: FlaskClient, allowed: bool
):
    with every_client(), transaction():
        agent, other = make_calling_agent(), make_calling_agent()
    campaign = {"recording_heard_by_agents": allowed}
    own = recorded(app, tmp_path, name="Ann Lee", agent=agent, campaign=campaign)
    foreign = recorded(app, tmp_path, name="Bo Wu", agent=other, campaign=campaign)
    actor = as_user(client, agent)

    page = actor.get("/recordings").text

    assert ("Ann Lee" in page) is allowed
    assert "Bo Wu" not in page
    assert actor.get(f"/recordings/calls/{own}").status_code == (200 if allowed else 403)
    assert actor.get("/recordings/1/sound.wav").status_code == (200 if allowed else 403)
    assert actor.get(f"/recordings/calls/{foreign}").status_code == 403
    assert actor.get("/recordings/2/sound.wav").status_code == 403
    assert actor.get("/recordings/1/download.wav").status_code == 403


def test_agents_do_not_see_who_listened(app: Flask, tmp_path, client: FlaskClient):
    with every_client(), transaction():
        agent = make_calling_agent()
    own = recorded(app, tmp_path, agent=agent, campaign={"recording_heard_by_agents": True})

    page = as_user(client, agent).get(f"/recordings/calls/{own}").text

    assert "Who listened" not in page
    assert "Download" not in page


@pytest.mark.parametrize("role", [Role.CLIENT, Role.SCREEN])
def test_others_have_no_business_here(client: FlaskClient, role: Role):
    assert as_role(client, role).get("/recordings").status_code == 403


def test_days_are_days_of_the_reader(app: Flask, tmp_path, client: FlaskClient):
    with clock.freeze(datetime(2026, 11, 22, 2, 0, tzinfo=UTC)):
        recorded(app, tmp_path, name="Ann Lee")
    manager = as_role(client, Role.MANAGER, time_zone="America/Los_Angeles")

    page = manager.get("/recordings", query_string={"from": "2026-11-21", "until": "2026-11-21"}).text

    assert "Ann Lee" in page
