"""The player of a recorded call in a browser: sound comes when it is asked for, and the log says what came."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from dialer.ports import RecordingSide
from telesales import clock
from telesales.extensions import db, transaction
from telesales.recordings.models import PauseKind, Recording, RecordingAccess, RecordingPause
from telesales.tenancy.scope import every_client
from tests.browser.test_what_if_page import sign_in
from tests.factories_calls import make_attempt
from tests.factories_recordings import make_recording, recording_keys, tone

pytestmark = pytest.mark.browser
SECONDS = 150
STARTED_AT = 1_790_000_000.0


@pytest.fixture
def attempt_id(app, tmp_path):
    before = app.config["TELESALES"]
    app.config["TELESALES"] = replace(before, data_dir=tmp_path / "data")
    app.extensions.pop("recording_stores", None)
    with recording_keys(app):
        with every_client():
            attempt_id = make_attempt(ended_at=clock.now()).id
            db.session.commit()
            speech = b"".join(tone(4, 200 + 20 * n, 0.3) + tone(3, 300, 0.01) for n in range(22))[
                : SECONDS * 16_000
            ]
            for side in RecordingSide:
                attempt = db.session.get(type(make_attempt()), attempt_id)
                make_recording(app, tmp_path, attempt, side=side, samples=speech, started_at=STARTED_AT)
            pause(attempt_id, at=60, seconds=20)
        yield attempt_id
    app.config["TELESALES"] = before
    app.extensions.pop("recording_stores", None)


def pause(attempt_id: int, *, at: float, seconds: int) -> None:
    row = db.session.scalars(select(Recording).where(Recording.attempt_id == attempt_id)).first()
    note = RecordingPause(
        client_id=row.client_id,
        attempt_id=attempt_id,
        kind=PauseKind.PAUSED,
        seconds=seconds,
        by_id=row.attempt.agent_id,
        at=row.started_at + timedelta(seconds=at),
    )
    with transaction():
        db.session.add(note)


def parts() -> list[tuple[str, float, float]]:
    """What the log says; the database is given back at once, for the server writes to it."""
    with every_client():
        rows = db.session.execute(
            select(Recording.side, RecordingAccess.first_second, RecordingAccess.last_second)
            .join(Recording, Recording.id == RecordingAccess.recording_id)
            .order_by(RecordingAccess.id)
        )
        found = [tuple(row) for row in rows]
    db.session.rollback()
    return found


def wait_until_at(page, pattern: str) -> None:
    """Wait until the player shows a place."""
    expect(page.locator("[data-time]")).to_have_text(re.compile(pattern))


def wait_until_playing(page, *, playing: bool = True) -> None:
    expect(page.locator("[data-toggle-text]")).to_have_text("Stop here" if playing else "Play")


def test_nothing_is_sent_before_somebody_presses_play(app, web, page, attempt_id):
    sign_in(app, web, page)
    page.goto(f"{web.url}/recordings/calls/{attempt_id}")
    page.get_by_text("Not recorded: 1:00–1:20").wait_for()
    assert parts() == []
    expect(page.locator("[data-audio]")).not_to_have_attribute("controls", "")

    page.keyboard.press("k")
    wait_until_at(page, r"^0:0[1-9] / 2:30$")
    page.keyboard.press("k")
    wait_until_playing(page, playing=False)

    assert parts()[0][:2] == ("mixed", 0.0)
    assert all(last - first <= 66 for _side, first, last in parts())
    page.reload()
    assert page.get_by_role("row", name=re.compile("listened Both 0:00")).count() == 1


def test_one_part_follows_the_other_without_a_stop(app, web, page, attempt_id):
    sign_in(app, web, page)
    page.goto(f"{web.url}/recordings/calls/{attempt_id}")
    slider = page.get_by_role("slider")
    page.get_by_role("button", name="Play").click()
    wait_until_at(page, r"^0:0[1-9]")
    page.get_by_label("Speed").select_option("2")
    slider.press("PageUp")
    slider.press("PageUp")

    wait_until_at(page, r"^1:(0[7-9]|1)")

    assert len(parts()) >= 2
    assert max(last for _side, _first, last in parts()) > 66


def test_the_place_stays_when_another_voice_is_chosen(app, web, page, attempt_id):
    sign_in(app, web, page)
    page.goto(f"{web.url}/recordings/calls/{attempt_id}")
    page.get_by_role("slider").press("End")
    page.get_by_role("slider").press("PageDown")
    page.get_by_label("Speed").select_option("2")
    page.get_by_role("button", name="Play").click()
    wait_until_at(page, r"^2:0[1-9]")

    page.keyboard.press("2")
    wait_until_at(page, r"^2:(0[5-9]|1)")
    wait_until_playing(page)
    assert page.evaluate("document.querySelector('[data-audio]').playbackRate") == 2
    page.get_by_role("button", name="Stop here").click()
    page.get_by_role("slider").press("Home")
    page.get_by_role("button", name="On 5 s").click()

    said = page.get_by_role("slider").get_attribute("aria-valuetext")
    assert said == "0:05 of 2:30"
    assert {"mixed", "callee"} <= {side for side, _first, _last in parts()}


def test_a_press_on_the_waveform_goes_there(app, web, page, attempt_id):
    sign_in(app, web, page)
    page.goto(f"{web.url}/recordings/calls/{attempt_id}")
    box = page.get_by_role("slider").bounding_box()

    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + 20)

    assert page.locator("[data-time]").text_content() == "1:15 / 2:30"
    page.keyboard.press("k")
    wait_until_at(page, r"^1:1[6-9]")


def test_a_link_to_a_moment_opens_the_player_there(app, web, page, attempt_id):
    sign_in(app, web, page)
    page.goto(f"{web.url}/recordings/calls/{attempt_id}?at=100.4")

    wait_until_at(page, r"^1:40")
    assert parts() == []
    page.keyboard.press("k")
    wait_until_at(page, r"^1:4[1-9]")
