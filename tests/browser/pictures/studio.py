"""A browser before a floor, and a camera that makes small files."""

import io

from PIL import Image
from playwright.sync_api import Browser, Page

from tests.floor.conftest import ROOT, Floor

FOLDER = ROOT / "docs" / "screenshots"
DESKTOP, TELEVISION, TELEVISION_4K = (1280, 800), (1920, 1080), (3840, 2160)
COLOURS = 256  # what is lost are shades at the edges of letters
PATIENCE_MS = 60_000


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
        context.set_default_timeout(PATIENCE_MS)
        page = context.new_page()
        if who and who not in self._states:
            page.goto(self.links[who])
            page.wait_for_url(lambda url: "/sign-in" not in url)
            self._states[who] = context.storage_state()
        return page

    def go(self, page: Page, path: str) -> Page:
        page.goto(path if path.startswith("http") else self.floor.url + path)
        return page

    def shoot(self, name: str, who: str, path: str, *, wait: str = "", **window) -> None:
        """One picture of one page; `wait`: what has to be there."""
        page = self.go(self.window(who, **window), path)
        if wait:
            page.wait_for_selector(wait)
        take(page, name)
        page.context.close()


def take(page: Page, name: str, *, settle: bool = True) -> None:
    """A picture of the window, when the first live data is there."""
    if settle:
        page.wait_for_load_state()
        page.wait_for_timeout(1_000)
    shot = Image.open(io.BytesIO(page.screenshot(animations="disabled", scale="device"))).convert("RGB")
    path = FOLDER / f"{name}.png"
    few = shot.quantize(COLOURS, Image.Quantize.MAXCOVERAGE, kmeans=3, dither=Image.Dither.NONE)
    few.save(path, optimize=True)
    print(f"  {path.relative_to(ROOT)}  {path.stat().st_size // 1000} kB", flush=True)
