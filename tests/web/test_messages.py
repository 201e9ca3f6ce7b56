"""Uploading, hearing, replacing and removing what calls play; by whom, and what is refused."""

import io
import re
import wave
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from dialer.carriers.asterisk import message_book
from telesales.access.roles import Role
from telesales.audit.models import AuditEntry
from telesales.extensions import db, redis_client, transaction
from telesales.messages.models import CampaignMessage, CentreMessage
from telesales.tenancy.scope import every_client
from tests.actors import Actor, as_role
from tests.factories_agents import make_client
from tests.factories_messages import as_file, make_wav
from tests.factories_telephony import TELEPHONY_FILE
from tests.web.test_campaigns import made, stored

SILENT = "they would hear silence"


@pytest.fixture
def manager(client) -> Actor:
    return as_role(client, Role.MANAGER)


@pytest.fixture
def sounds(app: Flask, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A telephone, and its operator's folder."""
    folder = tmp_path / "sounds"
    folder.mkdir()
    (tmp_path / "telephony.toml").write_text(f'sounds_folder = "{folder}"\n{TELEPHONY_FILE}')
    settings = replace(app.config["TELESALES"], telephony_file=str(tmp_path / "telephony.toml"))
    monkeypatch.setitem(app.config, "TELESALES", settings)
    return folder


def upload(actor: Actor, page: str, kind: str = "abandoned", sound: bytes | None = None, name="sorry.wav"):
    sent = as_file(make_wav() if sound is None else sound, name)
    return actor.post(f"{page}/{kind}", **{f"sound-{kind}": sent})


def rows(model):
    db.session.rollback()
    with every_client():
        found = list(db.session.scalars(select(model).order_by(model.id)))
    for row in found:
        db.session.expunge(row)
    return found


def players(page: str) -> list[str]:
    return re.findall(r'<audio[^>]* src="([^"]+)"', page)


def of(campaign_id: int) -> str:
    return f"/campaigns/{campaign_id}/messages"


def test_an_empty_page_says_what_is_heard_and_asks_for_files(manager):
    page = manager.get("/messages").text

    assert page.count("Nothing is heard yet") == 4
    assert "No campaign yet. Its messages" in page
    assert page.count('type="file"') == 4


def test_an_uploaded_message_is_kept_shown_heard_and_brought(manager):
    campaign_id = made()

    answer = upload(manager, of(campaign_id), name="entschuldigung ä.wav")

    assert answer.status_code == 303
    page = manager.get(of(campaign_id)).text
    assert "entschuldigung ä.wav" in page
    assert "0:01" in page
    assert "Uploaded by" in page
    sound = manager.get(players(page)[0])
    assert sound.mimetype == "audio/wav"
    with wave.open(io.BytesIO(sound.data), "rb") as file:
        assert (file.getframerate(), file.getsampwidth(), file.getnchannels()) == (8000, 2, 1)
        assert abs(file.getnframes() - 8000) <= 1
    row = rows(CampaignMessage)[0]
    assert redis_client().hgetall(message_book.INDEX) == {f"campaign-{campaign_id}-abandoned": row.sha256}
    assert redis_client().exists(message_book.sound_key(row.sha256))


def test_players_may_ask_for_a_part(manager):
    campaign_id = made()
    upload(manager, of(campaign_id))
    src = players(manager.get(of(campaign_id)).text)[0]

    part = manager.get(src, headers={"Range": "bytes=0-3"})

    assert (part.status_code, part.data) == (206, b"RIFF")


def test_a_replaced_message_stays_on_record_and_can_still_be_heard(manager):
    campaign_id = made()
    upload(manager, of(campaign_id), name="first.wav")
    upload(manager, of(campaign_id), sound=make_wav(900), name="second.wav")

    page = manager.get(of(campaign_id)).text
    first, second = rows(CampaignMessage)
    assert (first.file_name, second.file_name) == ("first.wav", "second.wav")
    assert "What was heard before" in page
    assert manager.get(f"{of(campaign_id)}/sounds/{first.id}.wav").status_code == 200
    assert list(redis_client().hgetall(message_book.INDEX).values()) == [second.sha256]
    assert not redis_client().exists(message_book.sound_key(first.sha256))


def test_a_removed_message_is_heard_no_more_and_not_forgotten(manager):
    campaign_id = made()
    upload(manager, of(campaign_id))

    answer = manager.post(f"{of(campaign_id)}/abandoned/remove")

    assert answer.status_code == 303
    page = manager.get(of(campaign_id)).text
    assert "Removed" in page
    assert not players(page)
    assert redis_client().hgetall(message_book.INDEX) == {}
    assert [row.is_there for row in rows(CampaignMessage)] == [True, False]
    assert manager.post(f"{of(campaign_id)}/abandoned/remove").status_code == 404


def test_every_change_is_in_the_audit_trail(manager):
    campaign_id = made(name="Autumn")
    upload(manager, of(campaign_id))
    manager.post(f"{of(campaign_id)}/abandoned/remove")
    upload(manager, "/messages", "opted-out")

    entries = [entry for entry in rows(AuditEntry) if entry.action.startswith("message.")]
    assert [entry.action for entry in entries] == ["message.uploaded", "message.removed", "message.uploaded"]
    assert entries[0].details["campaign"] == "Autumn"
    assert entries[0].details["file"] == "sorry.wav"
    assert entries[0].client_id == stored(campaign_id).client_id
    assert entries[2].client_id is None


def test_the_general_message_is_heard_where_a_campaign_has_none(manager):
    campaign_id = made()
    upload(manager, "/messages", name="general.wav")

    page = manager.get(of(campaign_id)).text
    assert "The general message is heard:" in page
    assert "The message for abandoned people is heard instead." in page
    assert "general.wav" in page
    assert manager.get(players(page)[0]).status_code == 200

    upload(manager, of(campaign_id), name="own.wav")
    page = manager.get(of(campaign_id)).text
    assert "own.wav" in page
    assert "general.wav" not in page
    assert "For abandoned people" in manager.get("/messages").text.split('id="campaigns"')[-1]


@pytest.mark.parametrize(
    ("sound", "sentence"),
    [
        (b"ID3 this is an mp3", "This is not a WAV file."),
        (make_wav()[:-400], "The file is cut off or damaged."),
        (make_wav(seconds=0.3), "shorter than 0.5 seconds"),
        (make_wav(seconds=61, rate=4000, channels=1), "longer than 60 seconds"),
        (make_wav(hertz=0), "Nothing can be heard in this file."),
    ],
)
def test_what_cannot_be_a_message_is_refused_at_its_field_and_leaves_no_trace(manager, sound, sentence):
    campaign_id = made()

    answer = upload(manager, of(campaign_id), sound=sound)

    assert answer.status_code == 422
    assert re.search(rf'id="f-sound-abandoned-error"[^§]*?{re.escape(sentence)}', answer.text)
    assert rows(CampaignMessage) == []
    assert redis_client().hgetall(message_book.INDEX) == {}
    assert not [entry for entry in rows(AuditEntry) if entry.action.startswith("message.")]


def test_a_form_without_a_file_is_asked_for_one(manager):
    answer = manager.post(f"{of(made())}/abandoned")

    assert answer.status_code == 422
    assert "Choose a file." in answer.text


@pytest.mark.parametrize("path", ["/messages/nonsense", "/messages/announcement"])
def test_unknown_kinds_are_not_there(manager, path):
    name = f"sound-{path.rpartition('/')[2]}"

    assert manager.post(path, **{name: as_file(make_wav())}).status_code == 404
    assert rows(CentreMessage) == []


def test_a_name_that_is_a_path_or_longer_than_a_name_stays_a_text(manager):
    campaign_id = made()

    answer = upload(manager, of(campaign_id), name="../../etc/<script>" + "x" * 300 + ".wav")

    assert answer.status_code == 303
    assert len(rows(CampaignMessage)[0].file_name) == 255
    assert "<script>x" not in manager.get(of(campaign_id)).text


def test_a_manager_of_one_client_hears_the_general_messages_and_changes_only_those_of_its_campaigns(client):
    centre = as_role(client, Role.ADMINISTRATOR)
    upload(centre, "/messages", name="general.wav")
    with transaction():
        own = make_client()
    mine, others = made(client=own), made()
    upload(centre, of(others), name="secret.wav")
    secret = rows(CampaignMessage)[0]
    person = as_role(client, Role.MANAGER, client_id=own.id)

    page = person.get("/messages").text
    assert "general.wav" in page
    assert 'type="file"' not in page
    assert stored(others).name not in page
    assert person.get(players(page)[0]).status_code == 200
    assert upload(person, "/messages").status_code == 403
    assert person.post("/messages/abandoned/remove").status_code == 403

    assert person.get(of(others)).status_code == 404
    assert upload(person, of(others)).status_code == 404
    assert person.post(f"{of(others)}/abandoned/remove").status_code == 404
    assert person.get(f"{of(others)}/sounds/{secret.id}.wav").status_code == 404
    assert person.get(f"{of(mine)}/sounds/{secret.id}.wav").status_code == 404

    assert upload(person, of(mine)).status_code == 303
    assert [row.client_id for row in rows(CampaignMessage)] == [secret.client_id, own.id]


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.REVIEWER, Role.AGENT, Role.CLIENT])
def test_nobody_else_has_the_page(client, role):
    person = as_role(client, role)

    assert person.get("/messages").status_code == 403
    assert person.get(of(made())).status_code == 403


def test_a_campaign_that_abandons_into_silence_is_warned_of_until_a_message_is_there(manager, sounds):
    campaign_id = made(carrier="asterisk")
    pages = [f"/campaigns/{campaign_id}", f"/campaigns/{campaign_id}/edit", of(campaign_id)]
    assert all(SILENT in manager.get(page).text for page in pages)
    assert "Abandoned people hear silence" in manager.get("/messages").text

    upload(manager, "/messages")
    assert not any(SILENT in manager.get(page).text for page in pages)

    manager.post("/messages/abandoned/remove")
    (sounds / "abandoned.wav").touch()
    assert not any(SILENT in manager.get(page).text for page in pages)
    assert "A file of your operator is heard:" in manager.get(of(campaign_id)).text


@pytest.mark.parametrize("columns", [{"carrier": "simulated"}, {"carrier": "asterisk", "mode": "manual"}])
def test_who_abandons_nobody_is_not_warned(manager, sounds, columns):
    campaign_id = made(**columns)

    assert SILENT not in manager.get(f"/campaigns/{campaign_id}").text


def test_the_page_says_which_nodes_have_a_message(manager, sounds):
    campaign_id = made(carrier="asterisk")
    upload(manager, of(campaign_id))
    assert "On its way to 1 telephone node" in manager.get(of(campaign_id)).text

    row = rows(CampaignMessage)[0]
    redis_client().hset(message_book.node_messages("one"), f"campaign-{campaign_id}-abandoned", row.sha256)
    assert "Ready to be heard" in manager.get(of(campaign_id)).text


def test_an_uploaded_message_for_machines_can_be_left_on_them(manager, sounds):
    campaign_id = made(carrier="asterisk")
    upload(manager, of(campaign_id), "voicemail")

    page = manager.get(f"/campaigns/{campaign_id}/edit").text
    assert 'value="message"' in page


def test_the_time_is_the_readers(client):
    manager = as_role(client, Role.MANAGER, time_zone="Asia/Shanghai")
    campaign_id = made()
    upload(manager, of(campaign_id))
    at = rows(CampaignMessage)[0].at

    shown = re.search(r"Uploaded by [^,]+, ([^<]+)<", manager.get(of(campaign_id)).text)[1]

    assert f"{(at.hour + 8) % 24 % 12 or 12}:{at.minute:02}" in shown
