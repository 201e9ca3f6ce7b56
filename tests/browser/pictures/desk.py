"""The agent waits for calls and takes two: one in English, one in Chinese."""

from playwright.sync_api import Page

from tests.browser.pictures.studio import Studio, take

CALL_MS, STEP_MS = 90_000, 1_500
TRIES = 4  # people who hang up at once are common
FRAME = ".desk-frame"


def photograph(studio: Studio) -> None:
    page = studio.go(studio.window("Agent"), "/desk")
    sign_on(page, "Home energy review", "desk-waiting")
    meet_somebody(page, steps=3)
    take(page, "desk-1280")
    page.emulate_media(color_scheme="dark")
    take(page, "desk-dark")
    page.emulate_media(color_scheme="light")
    page.keyboard.press("f")
    take(page, "desk-transfer")
    page.keyboard.press("Escape")
    page.locator("[data-outcome=sale]").click()
    take(page, "desk-sale")
    page.keyboard.press("Escape")
    page.locator("[data-pause-menu] summary").click()
    page.locator("[data-pause-menu] .menu-panel button").first.click()  # lest the next call comes at once
    end_call(page)
    page.wait_for_selector(f"{FRAME}[data-state=paused]")
    page.get_by_role("button", name="Sign off").click()
    page.locator("[data-menu] summary").click()
    page.locator("button[name=language][value=zh]").click()
    sign_on(page, "5G融合套餐升级", "desk-waiting-zh")
    meet_somebody(page, steps=3)
    take(page, "desk-zh")
    page.locator("[data-pause-menu] summary").click()
    page.locator("[data-pause-menu] .menu-panel button").first.click()
    end_call(page)
    page.context.close()


def sign_on(page: Page, campaign: str, name: str) -> None:
    page.get_by_role("button", name=campaign).click()
    page.wait_for_selector(f"{FRAME}[data-state=paused]")
    page.wait_for_load_state()  # the keys listen from then on
    for _try in range(TRIES):
        page.keyboard.press("r")
        page.wait_for_timeout(STEP_MS)
        if not page.locator(f"{FRAME}[data-state=paused]").count():
            break
    take(page, name)


def meet_somebody(page: Page, *, steps: int) -> None:
    """Take calls until somebody stays on the line, and go some steps into the script."""
    for _call in range(TRIES):
        page.wait_for_selector(f"{FRAME}[data-kind^=call-]", timeout=CALL_MS)
        for _step in range(steps):
            page.wait_for_timeout(STEP_MS)
            page.keyboard.press("1")
        page.wait_for_timeout(STEP_MS)
        if page.locator(f"{FRAME}[data-state=on_call]").count():
            return
        end_call(page)
    raise AssertionError("nobody stayed on the line")


def end_call(page: Page) -> None:
    """Hang up if the line is open, and say what it came to. A key is not heard while the last one is under way: ask again."""
    panel = page.locator("[data-outcome-panel]")
    attempt_id = panel.get_attribute("data-attempt")
    for _try in range(TRIES):
        if not page.locator(f"{FRAME}[data-state=on_call]").count():
            break
        page.keyboard.press("x")
        page.wait_for_timeout(STEP_MS)
    page.locator("[data-outcome=not_interested]").click()
    page.locator("[data-save]").click()
    page.wait_for_selector(f'[data-outcome-panel][data-attempt="{attempt_id}"]', state="detached")
