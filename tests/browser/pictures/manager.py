"""Pages that are read: lists, forms, figures, and the story of one call."""

from playwright.sync_api import Page

from tests.browser.pictures.studio import TELEVISION, Studio, take

PAGES = (  # name, who looks, address
    ("home", "Manager", "/"),
    ("lists", "Manager", "/lists"),
    ("list", "Manager", "/lists/1"),
    ("campaign", "Manager", "/campaigns/1"),
    ("campaign-edit", "Manager", "/campaigns/1/edit"),
    ("campaign-inbound", "Manager", "/campaigns/1/edit#inbound"),
    ("campaign-recording", "Manager", "/campaigns/1/edit#recording"),
    ("commission-plan", "Manager", "/campaigns/1/plan"),
    ("standings", "Manager", "/standings"),
    ("awards", "Manager", "/standings/awards"),
    ("ledger", "Manager", "/commissions"),
    ("do-not-call", "Manager", "/do-not-call"),
    ("people", "Administrator", "/people"),
    ("scripts", "Manager", "/scripts"),
    ("script", "Manager", "/scripts/1"),
    ("audit", "Administrator", "/audit/"),
    ("abandonment", "Manager", "/floor/1/abandonment"),
)


def photograph(studio: Studio) -> None:
    page = studio.window("Manager")
    ask_what_if(studio, page)
    for name, who, path in PAGES:
        studio.shoot(name, who, path)
    studio.shoot("decisions", "Manager", "/floor/1/decisions", size=TELEVISION)
    follow(studio, page, "ledger-line", "/commissions", "above")
    page.context.close()


def photograph_late(studio: Studio) -> None:
    """What needs calls of the usual length, and an answered what-if."""
    page = studio.window("Manager")
    studio.shoot("recordings", "Manager", "/recordings")
    studio.shoot("campaign-floor", "Manager", "/campaigns/1/edit#f-agent_ids")
    studio.go(page, "/recordings")
    rows = page.locator("main tbody tr")
    lengths = [seconds(row) for row in rows.locator("td:last-child").all_inner_texts()]
    rows.nth(lengths.index(max(lengths))).locator("a").first.click()
    page.wait_for_url("**/recordings/calls/*")
    take(page, "recording")
    page.locator("a[href*='/timelines/calls/']").first.click()
    page.wait_for_url("**/timelines/calls/*")
    take(page, "timeline")
    for address in ("**/timelines/leads/*", "**/leads/*"):
        page.locator(".back-link").click()
        page.wait_for_url(address)
    take(page, "lead")
    see_what_if(studio, page)
    page.context.close()


def seconds(length: str) -> int:
    """1:05 is 65."""
    minutes, _colon, rest = length.rpartition(":")
    return int(minutes or 0) * 60 + int(rest)


def follow(studio: Studio, page: Page, name: str, path: str, wanted: str) -> None:
    """The page behind a row: the first with this word, or the first of all."""
    studio.go(page, path)
    with_word = page.locator("main tbody tr", has_text=wanted).locator("a")
    (with_word if with_word.count() else page.locator("main tbody a")).first.click()
    page.wait_for_url(f"**{path.partition('?')[0]}/**")
    take(page, name)


def ask_what_if(studio: Studio, page: Page) -> None:
    """It is answered while other pictures are taken."""
    studio.go(page, "/campaigns/1/what-if/new")
    page.fill("[name=agents]", "6, 10, 14")
    page.fill("[name=leads]", "60000")  # the demo's own list is through before the first day is over
    page.fill("[name=seeds]", "3")
    page.fill("[name=agent_hour]", "24")
    page.locator("main form button[type=submit]").last.click()
    page.wait_for_url("**/what-if/*")


def see_what_if(studio: Studio, page: Page) -> None:
    studio.go(page, "/campaigns/1/what-if")
    page.locator("main tbody a").first.click()
    page.locator(".what-if-chart").first.wait_for()
    take(page, "what-if")
