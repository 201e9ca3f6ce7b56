"""The page of the floor: agents of two campaigns, callers who wait, and what a supervisor can do."""

from playwright.sync_api import Error, Page

from tests.browser.pictures.studio import TELEVISION, Studio, take

CREW = "Harbour crew"
BOTH = ("李娜", "陈伟", "张慧敏")  # speak both languages
RING_BACK, RING_BACK_SECONDS = (
    "45",
    "15",
)  # per cent, and when: so that somebody waits while the picture is taken
CALLER_MS = 90_000


def share(studio: Studio) -> None:
    """The manager lets both campaigns share a floor; people ring back more often than in the demo."""
    page = studio.go(studio.window("Manager"), "/campaigns/1/edit")
    for name in BOTH:
        page.locator("#f-agent_ids label", has_text=name).locator("input").check()
    page.locator("[name=floor]").select_option(label="A new floor")
    page.fill("[name=new_floor]", CREW)
    page.fill("[name=priority]", "2")
    let_people_ring(page)
    studio.go(page, "/campaigns/2/edit")
    page.locator("[name=floor]").select_option(label=CREW)
    let_people_ring(page)
    page.context.close()


def let_people_ring(page: Page) -> None:
    page.locator("#f-profile > summary").click()
    page.fill("[name=profile_ring_back]", RING_BACK)
    page.fill("[name=profile_ring_back_seconds]", RING_BACK_SECONDS)
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_selector("text=The campaign is kept.")


def photograph(studio: Studio) -> None:
    page = studio.go(studio.window("Supervisor"), "/floor/1")
    page.wait_for_selector("[data-agents] [data-state=on_call], [data-agents] .state-on_call")
    try:
        page.wait_for_selector("[data-inbound]:not([hidden])", timeout=CALLER_MS)
    except Error:
        print("  nobody rings in", flush=True)
    take(page, "floor-1280", settle=False)  # whoever rings in is soon answered
    page.locator("[data-manage]").first.click()
    page.wait_for_selector("[data-agent-dialog] [data-agent-panel]")
    take(page, "floor-supervision")
    page.keyboard.press("Escape")
    page.locator("[data-listen-card]:visible").first.click()
    page.wait_for_selector("[data-listening]:not([hidden])")
    take(page, "floor-listening")
    page.context.close()
    studio.shoot("floor-1920", "Supervisor", "/floor/1", size=TELEVISION)
    studio.shoot("floor-dark", "Supervisor", "/floor/1", scheme="dark")
