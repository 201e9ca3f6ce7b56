"""`make screenshots`: a demo floor is started, fills up, is photographed for docs/screenshots, and is stopped."""

import json
import shutil
import sqlite3
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.request import urlopen

from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.conftest import CHROMIUM
from tests.floor.conftest import ROOT, Floor, wait_for

FOLDER = ROOT / "docs" / "screenshots"
DESKTOP, TELEVISION, TELEVISION_4K = (1280, 800), (1920, 1080), (3840, 2160)
MORNING_SPEED, MORNING_SALES, MORNING_SECONDS = 8, 30, 900
CALL_SECONDS, STEP_MS = 240, 1_500
FRAME = ".desk-frame"
WORKED = ("ready_seconds", "talk_seconds", "wrap_up_seconds", "paused_seconds")
FORBIDDEN = "+1 202 555 0142"
PAGES = (  # name, who looks, address
    ("home", "Manager", "/"),
    ("lists", "Manager", "/lists"),
    ("list", "Manager", "/lists/1"),
    ("lead", "Manager", "/leads/1"),
    ("campaign", "Manager", "/campaigns/1"),
    ("campaign-edit", "Manager", "/campaigns/1/edit"),
    ("commission-plan", "Manager", "/campaigns/1/plan"),
    ("standings", "Manager", "/standings"),
    ("awards", "Manager", "/standings/awards"),
    ("ledger", "Manager", "/commissions"),
    ("do-not-call", "Manager", "/do-not-call"),
    ("people", "Administrator", "/people"),
    ("scripts", "Manager", "/scripts"),
    ("script", "Manager", "/scripts/1"),
    ("audit", "Administrator", "/audit/"),
    ("sign-in", "", "/sign-in"),
)


class Studio:
    """A browser before a floor; each person signs in once, with the link that `make run` printed."""

    def __init__(self, browser: Browser, floor: Floor) -> None:
        self.browser, self.floor = browser, floor
        self.links = {label.split(" (")[0]: link for label, link in floor.links().items()}
        self._states: dict[str, dict] = {}

    def window(self, who: str = "", *, size=DESKTOP, scheme: str = "light", locale: str = "en-GB") -> Page:
        """Somebody's browser; what a 4K television shows is kept at half its size."""
        context = self.browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            device_scale_factor=0.5 if size == TELEVISION_4K else 1,
            color_scheme=scheme,
            locale=locale,
            storage_state=self._states.get(who),
        )
        page = context.new_page()
        if who and who not in self._states:
            page.goto(self.links[who])
            page.wait_for_url(lambda url: "/sign-in" not in url)
            self._states[who] = context.storage_state()
        return page

    def go(self, page: Page, path: str) -> Page:
        page.goto(path if path.startswith("http") else self.floor.url + path)
        return page

    def shoot(self, name: str, who: str, path: str, **window) -> None:
        page = self.go(self.window(who, **window), path)
        take(page, name)
        page.context.close()


def take(page: Page, name: str) -> None:
    """A picture of the window, when the first live data is there."""
    page.wait_for_load_state()
    page.wait_for_timeout(1_000)
    path = FOLDER / f"{name}.png"
    page.screenshot(path=path, animations="disabled", scale="device")
    print(f"  {path.relative_to(ROOT)}  {path.stat().st_size // 1000} kB", flush=True)


def photograph(studio: Studio) -> None:
    """The living floor, for each of its people."""
    board = studio.links["Whiteboard"]
    studio.shoot("whiteboard-1920", "", board, size=TELEVISION)
    studio.shoot("whiteboard-4k", "", board, size=TELEVISION_4K)
    studio.shoot("whiteboard-zh", "", board, size=TELEVISION, locale="zh-CN")
    for name, who, path in PAGES:
        studio.shoot(name, who, path)
    studio.shoot("floor-1280", "Supervisor", "/floor/1")
    studio.shoot("floor-1920", "Supervisor", "/floor/1", size=TELEVISION)
    studio.shoot("floor-dark", "Supervisor", "/floor/1", scheme="dark")
    photograph_ledger_line(studio)
    photograph_import(studio)
    photograph_desk(studio)


def photograph_ledger_line(studio: Studio) -> None:
    """A line that a band paid, if there is one already."""
    page = studio.go(studio.window("Manager"), "/commissions")
    paid_by_band = page.locator("main tbody tr", has_text="above").locator("a")
    (paid_by_band if paid_by_band.count() else page.locator("main tbody a")).first.click()
    page.wait_for_url("**/commissions/*")
    take(page, "ledger-line")
    page.context.close()


def photograph_import(studio: Studio) -> None:
    """A list goes through its steps; some of its rows cannot be imported."""
    page = studio.go(studio.window("Manager"), "/do-not-call/new")
    page.fill("[name=number]", FORBIDDEN)
    page.fill("[name=source]", "asked by letter")
    page.locator("main form button[type=submit]").last.click()
    studio.go(page, "/imports/new")
    page.set_input_files(
        "[name=file]", {"name": "spring-fair.csv", "mimeType": "text/csv", "buffer": spring_fair()}
    )
    page.fill("[name=source]", "Spring fair, visitors who asked for a call")
    page.locator("main form button[type=submit]").last.click()
    page.wait_for_selector(".columns-table")
    take(page, "import-columns")
    page.locator("main form .form-actions button[type=submit]").click()
    page.wait_for_selector("text=By which rules?")
    take(page, "import-rules")
    page.locator("main form.form-actions button[type=submit]").click()
    page.wait_for_selector("text=What became of the rows", timeout=60_000)
    take(page, "import-result")
    page.context.close()


def spring_fair() -> bytes:
    """A file as people have them: numbers in several ways of writing, one twice, one broken, one forbidden."""
    first, last = (
        ("Ann", "Bo", "Cara", "Dai", "Wei", "Eva"),
        ("Lee", "Ortiz", "Novak", "Okafor", "Wang", "Kim"),
    )
    rows = ["Visitor;Telephone no.;Town;State;ZIP;Interested in;Stand"]
    for nth in range(78):
        number = f"({'202' if nth % 2 else '212'}) 555-01{nth:02}"
        place = "Washington;DC;20001" if nth % 2 else "New York;NY;10001"
        rows.append(
            f"{first[nth % 6]} {last[nth // 6 % 6]};{number};{place};{'tariff' if nth % 3 else 'solar'};B{nth % 7}"
        )
    rows += ["Ann Lee;212 555 0100;New York;NY;10001;tariff;B0", "Fay Moe;0155;New York;NY;10001;solar;B2",
             f"Gus Hill;{FORBIDDEN};Washington;DC;20001;tariff;B1"]  # fmt: skip
    return "\n".join(rows).encode()


def photograph_desk(studio: Studio) -> None:
    """The agent waits for calls and takes two: one in English, one in Chinese."""
    page = studio.go(studio.window("Agent"), "/desk")
    sign_on(page, "Home energy review", "desk-waiting")
    meet_somebody(page, steps=3)
    take(page, "desk-1280")
    page.emulate_media(color_scheme="dark")
    take(page, "desk-dark")
    page.emulate_media(color_scheme="light")
    page.keyboard.press("s")
    take(page, "desk-sale")
    page.keyboard.press("Escape")
    end_call(page)
    page.wait_for_selector(f"{FRAME}[data-kind=waiting]")
    page.keyboard.press("p")
    page.locator("[data-pause-menu] .menu-panel button").first.click()
    page.get_by_role("button", name="Sign off").click()
    page.locator("[data-menu] summary").click()
    page.locator("button[name=language][value=zh]").click()
    sign_on(page, "5G融合套餐升级", "desk-waiting-zh")
    meet_somebody(page, steps=3)
    take(page, "desk-zh")
    page.context.close()


def sign_on(page: Page, campaign: str, name: str) -> None:
    page.get_by_role("button", name=campaign).click()
    page.wait_for_selector(f"{FRAME}[data-state=paused]")
    page.keyboard.press("r")
    page.wait_for_selector(f"{FRAME}:not([data-state=paused])")
    take(page, name)


def meet_somebody(page: Page, *, steps: int) -> None:
    """Take calls until somebody stays on the line, and go some steps into the script."""
    while True:
        page.wait_for_selector(f"{FRAME}[data-kind^=call-]", timeout=CALL_SECONDS * 1000)
        for _step in range(steps):
            page.wait_for_timeout(STEP_MS)
            page.keyboard.press("1")
        page.wait_for_timeout(STEP_MS)
        if page.locator(f"{FRAME}[data-state=on_call]").count():
            return
        end_call(page)


def end_call(page: Page) -> None:
    """Hang up if the line is open, and say what it came to."""
    page.keyboard.press("x")
    page.keyboard.press("n")
    page.locator("#outcome-note").press("Enter")
    page.wait_for_selector(f"{FRAME}:not([data-state=on_call]):not([data-state=wrap_up])", timeout=60_000)


@contextmanager
def demo_floor(folder: Path, **environment: str) -> Iterator[Floor]:
    """A floor whose links are printed; a folder that was used goes on where it was."""
    floor = Floor(folder, environment).start()
    before = floor.terminal.count("Start page")
    try:
        floor.wait_until_ready()
        wait_for(lambda: floor.terminal.count("Start page") > before, 30)
        yield floor
    finally:
        floor.stop()


def sales_of(floor: Floor) -> int:
    with urlopen(f"{floor.links()['Whiteboard']}/board.json", timeout=5) as answer:
        return json.load(answer)["board"]["team"]["sales"]


def slow_down(folder: Path) -> None:
    """The morning ran faster than the clock: what was worked counts at its speed, how long calls last is forgotten."""
    shutil.rmtree(folder / "redis")
    with closing(sqlite3.connect(folder / "telesales.db")) as database, database:
        times = ", ".join(f"{name} = {name} * {MORNING_SPEED}" for name in WORKED)
        database.execute(f"UPDATE daily_results SET {times} WHERE day = (SELECT max(day) FROM daily_results)")


def main() -> int:
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="telesales-pictures-") as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM)
        print("A morning of sales …", flush=True)
        with demo_floor(Path(folder) / "demo", CARRIER_SPEED=str(MORNING_SPEED)) as floor:
            wait_for(lambda: sales_of(floor) >= MORNING_SALES, MORNING_SECONDS)
        slow_down(Path(folder) / "demo")
        with demo_floor(Path(folder) / "demo") as floor:
            photograph(Studio(browser, floor))
        with demo_floor(Path(folder) / "empty", DEMO="0") as floor:
            studio = Studio(browser, floor)
            take(studio.window("First administrator"), "first-minutes")
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
