"""`make screenshots`: a demo floor is started, fills up, is photographed for docs/screenshots, and is stopped.

Takes some five minutes, twice that on a busy machine. Every wait has an end: what does not come in time is named and left out, and the command fails.
"""

import shutil
import sqlite3
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from playwright.sync_api import Error, sync_playwright

from tests.browser.conftest import CHROMIUM
from tests.browser.pictures import desk, floor_page, imports, manager, telephones
from tests.browser.pictures.studio import FOLDER, TELEVISION, TELEVISION_4K, Studio, take
from tests.floor.conftest import Floor, wait_for

MORNING_SPEED, MORNING_SALES, MORNING_SECONDS = 12, 15, 150
NEWS_SECONDS = 20  # the morning is long: somebody waits before the terminal
WORKED = ("ready_seconds", "talk_seconds", "wrap_up_seconds", "paused_seconds")


def photograph(studio: Studio) -> list[str]:
    """The living floor, for each of its people; say what could not be taken."""
    board = studio.links["Whiteboard"]
    studio.shoot("sign-in", "", "/sign-in")
    missed = [
        *attempt("imports", lambda: imports.photograph(studio)),
        *attempt("pages", lambda: manager.photograph(studio)),
        *attempt("desk", lambda: desk.photograph(studio)),
        *attempt("shared floor", lambda: floor_page.share(studio)),
        *attempt("floor", lambda: floor_page.photograph(studio)),
        *attempt("calls", lambda: manager.photograph_late(studio)),
    ]
    studio.shoot("whiteboard-1920", "", board, size=TELEVISION)
    studio.shoot("whiteboard-4k", "", board, size=TELEVISION_4K)
    studio.shoot("whiteboard-zh", "", board, size=TELEVISION, locale="zh-CN")
    return missed


def attempt(name: str, photographer) -> list[str]:
    """One group of pictures; the others are taken in any case."""
    try:
        photographer()
    except (Error, AssertionError) as error:
        print(f"  {name}: {error}", flush=True)
        return [name]
    return []


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


def live_through_a_morning(floor: Floor) -> None:
    """Wait for sales, not longer than a visitor would, and say how many there are."""
    began = told = time.monotonic()
    while (sales := sales_of(floor.data_dir)) < MORNING_SALES:
        now = time.monotonic()
        if now - began > MORNING_SECONDS:
            break
        if now - told > NEWS_SECONDS:
            told = now
            print(f"  {sales} sales", flush=True)
        time.sleep(0.5)
    print(f"  {sales} sales, enough", flush=True)


def sales_of(folder: Path) -> int:
    with closing(sqlite3.connect(f"file:{folder / 'telesales.db'}?mode=ro", uri=True)) as database:
        return int(database.execute("SELECT count(*) FROM sales").fetchone()[0])


def slow_down(folder: Path) -> None:
    """The morning ran faster than the clock: what was worked counts at its speed, how long calls last is forgotten."""
    shutil.rmtree(folder / "redis")
    with closing(sqlite3.connect(folder / "telesales.db")) as database, database:
        times = ", ".join(f"{name} = {name} * {MORNING_SPEED}" for name in WORKED)
        database.execute(f"UPDATE daily_results SET {times} WHERE day = (SELECT max(day) FROM daily_results)")


def main() -> int:
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="telesales-pictures-") as name, sync_playwright() as playwright:
        folder = Path(name)
        browser = playwright.chromium.launch(executable_path=CHROMIUM)
        missed = attempt("telephones", lambda: telephones.photograph(browser, folder))
        with demo_floor(folder / "empty", DEMO="0") as floor:
            take(Studio(browser, floor).window("First administrator"), "first-minutes")
        print("A morning of sales …", flush=True)
        with demo_floor(folder / "demo", CARRIER_SPEED=str(MORNING_SPEED)) as floor:
            live_through_a_morning(floor)
        slow_down(folder / "demo")
        with demo_floor(folder / "demo") as floor:
            missed += photograph(Studio(browser, floor))
        browser.close()
    if missed:
        print(f"Not taken: {', '.join(missed)}", flush=True)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
