"""The page of messages in a real browser: a file goes in, the player plays it, what is wrong stands at the field."""

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from telesales.extensions import transaction
from tests.browser.conftest import Web
from tests.browser.test_commission_editor import sign_in
from tests.factories_campaigns import make_campaign
from tests.factories_messages import make_wav

pytestmark = pytest.mark.browser


@pytest.fixture
def sound(tmp_path: Path) -> Path:
    path = tmp_path / "sorry.wav"
    path.write_bytes(make_wav(seconds=1.5))
    return path


@pytest.fixture
def campaign_page(page: Page, web: Web) -> Page:
    with transaction():
        campaign_id = make_campaign(name="Autumn").id
    sign_in(page, web)
    page.goto(f"{web.url}/campaigns/{campaign_id}")
    page.get_by_role("link", name="Messages").first.click()
    return page


def test_a_message_is_uploaded_played_replaced_and_removed(campaign_page: Page, sound: Path):
    page, card = campaign_page, campaign_page.locator("#abandoned")
    expect(card.get_by_text("Nothing is heard yet")).to_be_visible()
    card.get_by_label("Sound file").set_input_files(sound)
    card.get_by_role("button", name="Upload").click()

    expect(card.get_by_text("sorry.wav")).to_be_visible()
    seconds = card.locator("audio").evaluate(
        "audio => new Promise((done) => { audio.onended = () => done(audio.duration); audio.play(); })"
    )
    assert abs(seconds - 1.5) < 0.05
    assert Axe().run(page).response["violations"] == []

    card.get_by_label("Replace it with").set_input_files(sound)
    card.get_by_role("button", name="Replace", exact=True).click()
    expect(card.locator("summary", has_text="What was heard before")).to_be_visible()

    card.locator("summary", has_text="Remove").click()
    card.get_by_role("button", name="Remove it").click()
    expect(card.get_by_text("Nothing is heard yet")).to_be_visible()


def test_a_file_that_is_no_sound_is_refused_at_its_field(campaign_page: Page, tmp_path: Path):
    path = tmp_path / "sorry.mp3"
    path.write_bytes(b"ID3 not a wav")
    card = campaign_page.locator("#voicemail")
    card.get_by_label("Sound file").set_input_files(path)
    card.get_by_role("button", name="Upload").click()

    expect(card.get_by_label("Sound file")).to_have_attribute("aria-invalid", "true")
    expect(card.get_by_text("This is not a WAV file.")).to_be_visible()
