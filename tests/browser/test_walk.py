"""The whole product, as its people use it: from a lead file to the whiteboard, on a floor started by one command."""

import csv
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from scripts.reading import script_from
from scripts.script import Script, Step
from scripts.shelf import shipped
from tests.floor.conftest import WAIT_SECONDS, Floor, wait_for
from tests.parts import SHARED

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("floor")]
HOSPITALS = SHARED / "data" / "us-hospitals.csv"
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
VALUES = {
    "text": "Ms Lee",
    "number": "12",
    "date": "2031-05-06",
    "phone": "+12565550101",
    "email": "lee@example.com",
    "money": "10",
}
CALL_SECONDS = 150
PRICE, EARNED = "$120.35", "$5.42"  # 4.5 % of 120.35 is 5.41575: half up to the cent


@pytest.fixture
def walk_floor(tmp_path: Path) -> Iterator[Floor]:
    """An empty floor whose simulated callees all pick up and listen; real time."""
    floor = Floor(tmp_path / "data", {"DEMO": "0"})
    floor.start()
    yield floor
    floor.stop()


@pytest.fixture
def hospital_file(tmp_path: Path) -> Path:
    """The real list with its numbers replaced by ones reserved for fiction."""
    if not HOSPITALS.exists():
        pytest.skip("../shared/data/us-hospitals.csv is not here: put the shared folder beside the checkout")
    with HOSPITALS.open(newline="") as file:
        rows = list(csv.DictReader(file))
    used: dict[str, int] = {}
    for row in rows:
        area = row["Phone Number"][:3]
        used[area] = used.get(area, -1) + 1
        row["Phone Number"] = f"{area}55501{used[area] % 100:02}"
    path = tmp_path / "hospitals.csv"
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    return path


class Walker:
    """Somebody with a browser of their own."""

    def __init__(self, browser: Browser, url: str, *, width: int = 1280, height: int = 800) -> None:
        self.url = url
        self.page: Page = browser.new_context(viewport={"width": width, "height": height}).new_page()
        self.wrong: list[str] = []
        self.page.on("pageerror", lambda error: self.wrong.append(str(error)))

    def sign_in(self, link: str) -> None:
        self.page.goto(link)
        self.page.wait_for_url(lambda url: "/sign-in" not in url)

    def go(self, path: str) -> None:
        self.page.goto(self.url + path)

    def send(self, name: str) -> None:
        button = self.page.locator("main").get_by_role("button", name=name)
        expect(button, self.page.inner_text("main")).to_be_visible(timeout=60_000)
        button.click()


def test_from_a_lead_file_to_the_whiteboard(walk_floor: Floor, hospital_file: Path, browser: Browser) -> None:
    walk_floor.wait_until_ready()
    wait_for(lambda: "First administrator" in walk_floor.links(), WAIT_SECONDS)
    manager = Walker(browser, walk_floor.url)
    manager.sign_in(walk_floor.links()["First administrator"])
    open_the_house(manager)
    agent_link = add_an_agent(manager)
    import_the_list(manager, hospital_file)
    launch_the_campaign(manager)
    television = Walker(browser, walk_floor.url, width=1920, height=1080)
    television.page.goto(hang_up_a_screen(manager))
    agent = Walker(browser, walk_floor.url)
    agent.sign_in(agent_link)

    talk_until_a_sale(agent)

    expect(television.page.locator("body")).to_contain_text("李娜")
    expect(television.page.locator("body")).to_contain_text("Appointment")
    manager.go("/commissions")
    expect(manager.page.locator("main")).to_contain_text(EARNED)
    agent.go("/commissions")
    expect(agent.page.locator("main")).to_contain_text(EARNED)
    manager.go("/standings/awards")
    expect(manager.page.locator("main")).to_contain_text("李娜")
    manager.go("/sales")
    expect(manager.page.locator("main")).to_contain_text(PRICE)
    assert [*manager.wrong, *agent.wrong, *television.wrong] == []


def open_the_house(manager: Walker) -> None:
    manager.page.fill("[name=name]", "Harbour Calls")
    manager.page.locator("main button[type=submit]").last.click()
    manager.go("/clients")
    manager.page.fill("[name=name]", "Practice Client")
    manager.page.check("[name=is_practice]")
    manager.send("Add the client")


def add_an_agent(manager: Walker) -> str:
    manager.go("/people/new")
    for name, value in {"name": "李娜", "latin_name": "Li Na", "email": "lina@example.com"}.items():
        manager.page.fill(f"[name={name}]", value)
    manager.page.select_option("[name=role]", "agent")
    manager.page.locator("main button[type=submit]").last.click()
    link = manager.page.get_by_label("Sign-in link")
    expect(link).to_be_visible()
    return link.input_value()


def import_the_list(manager: Walker, path: Path) -> None:
    manager.go("/imports/new")
    manager.page.set_input_files("[name=file]", path)
    manager.page.fill("[name=list_name]", "Hospitals")
    manager.send("Upload and look at the columns")
    manager.send("Go on to the rules")
    manager.send("Import into “Hospitals”")
    expect(manager.page.get_by_role("heading", name="What became of the rows")).to_be_visible(timeout=60_000)
    assert re.search(r"imported\s+4,?771", manager.page.inner_text("main"))


def launch_the_campaign(manager: Walker) -> None:
    page = manager.page
    manager.go("/campaigns/new")
    page.fill("[name=name]", "Hospital appointments")
    page.fill("[name=purpose]", "Patients remember their appointments.")
    page.select_option("[name=client_id]", label="Practice Client")
    manager.page.locator("main form button[type=submit]").last.click()
    page.select_option("[name=script_id]", label="Appointments with hospitals and clinics (en)")
    fields = {
        "daily_goal": "5",
        "product_name": "Appointment",
        "product_price": PRICE.removeprefix("$"),
        "caller_id": "+1 202 555 0100",
        "abandoned_message": "Practice Client, 202-555-0100. Sorry that we missed you.",
        "profile_human": "100", "profile_machine": "0", "profile_busy": "0", "profile_invalid": "0",
        "profile_congestion": "0", "profile_refuse": "0", "profile_listen": "0", "profile_sudden_hang_up": "0",
        "profile_interested_seconds": "900",
    }  # fmt: skip
    page.evaluate("document.querySelectorAll('details').forEach((part) => { part.open = true; })")
    for name, value in fields.items():
        page.locator(f"[name={name}]").first.fill(value)
    for day in DAYS:
        page.fill(f"[name={day}_from_1]", "00:00")
        page.fill(f"[name={day}_to_1]", "00:00")
    page.check("[name=list_ids]")
    page.check("[name=agent_ids]")
    page.check("[name=mode][value=predictive]")
    manager.send("Save")
    expect(page.locator("main")).to_contain_text("The campaign is kept.")
    campaign = urlsplit(page.url).path
    manager.go(f"{campaign}/plan")
    page.fill("[name=parts-0-pay]", "4.5")
    manager.send("Publish this version")
    expect(page.locator("main")).to_contain_text("The version is published.")
    manager.go(campaign)
    manager.send("Start")
    expect(page.locator("main")).to_contain_text("Running")


def hang_up_a_screen(manager: Walker) -> str:
    manager.go("/whiteboard/new")
    manager.page.fill("[name=name]", "Wall")
    manager.page.locator("main form button[type=submit]").last.click()
    expect(manager.page.locator("main")).to_contain_text("/whiteboard/s/")
    return re.search(r"http\S+/whiteboard/s/\S+", manager.page.inner_text("main")).group(0)


def talk_until_a_sale(agent: Walker) -> None:
    """By keys alone: sign on, ready, answer the script's questions, sale."""
    page = agent.page
    agent.go("/desk")
    expect(page.locator("body")).to_contain_text("Hospital appointments")
    page.keyboard.press("1")
    expect(page.locator("body")).to_contain_text("Press R when you are ready for calls.")
    page.wait_for_load_state()  # the keys listen from then on
    page.keyboard.press("r")
    for step, choice in way_to_a_sale(hospital_script()):
        expect(page.get_by_role("heading", name=step.title, exact=True)).to_be_visible(
            timeout=CALL_SECONDS * 1000
        )
        fill_required(page, step)
        if choice:
            page.keyboard.press(choice)
    page.keyboard.press("s")
    expect(page.locator("[name=amount]")).to_have_value(PRICE.removeprefix("$"))
    page.keyboard.press("Enter")
    expect(page.locator("body")).to_contain_text("today 1 sale", timeout=60_000)


def hospital_script() -> Script:
    return script_from(next(data for name, data in shipped() if name.startswith("hospital-appointment")))


def way_to_a_sale(script: Script) -> list[tuple[Step, str]]:
    """Steps on the shortest way to a sale, each with the key of the answer that goes on."""
    ways: list[list[tuple[Step, str]]] = [[(script.step(script.first), "")]]
    seen = {script.first}
    for way in ways:
        step = way[-1][0]
        if step.outcome == "sale":
            return way
        for number, answer in enumerate(step.answers, 1):
            if answer.goes_to not in seen:
                seen.add(answer.goes_to)
                ways.append([*way[:-1], (step, str(number)), (script.step(answer.goes_to), "")])
    raise AssertionError("no way to a sale")


def fill_required(page: Page, step: Step) -> None:
    for field in step.fields:
        if field.required:
            place = page.locator(f"[data-field={field.key}]")
            if place.locator("input[type=radio]").count():
                place.locator("label").first.click()
            else:
                place.locator("input").fill(VALUES[field.type.value])
                page.keyboard.press("Escape")
            expect(place.locator("[data-mark]")).to_have_text("saved", timeout=60_000)
