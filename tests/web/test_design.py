"""The design system: what holds for every template and stylesheet, and the frame of a page."""

import hashlib
import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from flask import Flask, render_template
from flask.testing import FlaskClient

ROOT = Path(__file__).parents[2] / "telesales"
STATIC = ROOT / "static"
TEMPLATES = sorted(ROOT.rglob("*.html"))
OWN_SHEETS = sorted((STATIC / "css").glob("*.css"))
OWN_SCRIPTS = sorted((STATIC / "js").rglob("*.js"))
ERRORS = (400, 401, 403, 404, 409, 413, 422, 429, 500, 503)

INLINE = re.compile(r"<style|\sstyle=|<script(?![^>]*\bsrc=)|\son[a-z]+=\"|javascript:|hx-on", re.IGNORECASE)
COLOUR = re.compile(r"#[0-9a-f]{3,8}\b|\b(?:rgb|hsl)a?\(", re.IGNORECASE)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_templates_have_no_inline_style_or_script(path: Path):
    assert INLINE.findall(path.read_text()) == []


@pytest.mark.parametrize("path", OWN_SHEETS, ids=lambda path: path.name)
def test_stylesheets_refer_to_colours_by_token(path: Path):
    rules = [line for line in path.read_text().splitlines() if not re.match(r"\s*--[\w-]+:", line)]

    assert [line for line in rules if COLOUR.search(line)] == []


@pytest.mark.parametrize("path", OWN_SHEETS, ids=lambda path: path.name)
def test_stylesheets_use_only_tokens_that_exist(path: Path):
    text = "".join(sheet.read_text() for sheet in (STATIC / "css" / "tokens.css", path))
    known = set(re.findall(r"(--[\w-]+)\s*:", text))

    assert set(re.findall(r"var\((--[\w-]+)", path.read_text())) - known == set()


@pytest.mark.parametrize("path", OWN_SCRIPTS, ids=lambda path: path.name)
def test_scripts_do_not_evaluate_text_or_put_html_together(path: Path):
    """What the server has rendered, whole, may be put into the page."""
    text = re.sub(r"\.innerHTML = (?:html|await answer\.text\(\));", "", path.read_text())

    assert (
        re.findall(r"\beval\(|new Function|innerHTML|outerHTML|insertAdjacentHTML|document\.write", text)
        == []
    )


def test_vendored_scripts_are_the_ones_that_were_reviewed():
    vendor = STATIC / "vendor"
    expected = dict(reversed(line.split("  ")) for line in (vendor / "SHA256SUMS").read_text().splitlines())
    found = {
        str(path.relative_to(vendor)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in vendor.glob("*/**/*")
        if path.is_file()
    }

    assert found == expected


def test_every_icon_that_a_template_names_exists():
    icons = set(re.findall(r'<symbol id="([\w-]+)"', (STATIC / "img/icons.svg").read_text()))
    pages = "".join(path.read_text() for path in TEMPLATES)
    named = set(re.findall(r"(?:icon\(|icon_name=)'([\w-]+)'", pages)) - {"state-"}

    assert named - icons == set()


@pytest.mark.parametrize("status", ERRORS)
def test_error_pages_say_what_happened_what_was_kept_and_what_to_do(app: Flask, status: int):
    with app.test_request_context("/"):
        page = render_template(f"errors/{status}.html", message="The list is in use.", reference="a1b2c3d4")

    assert str(status) in page
    assert "The list is in use." in page
    assert "a1b2c3d4" in page
    assert len(re.findall(r"<p>[A-Z]", page)) == 2


def test_a_visitor_sees_no_menu_and_no_way_out(client: FlaskClient):
    page = client.get("/nowhere", headers={"Accept": "text/html"}).text

    assert 'class="topbar-nav"' not in page
    assert "/sign-out" not in page
    assert 'href="#main"' in page


def test_the_chosen_theme_is_there_from_the_first_paint(client: FlaskClient):
    client.set_cookie("theme", "dark")

    assert 'data-theme="dark"' in client.get("/nowhere", headers={"Accept": "text/html"}).text


def test_a_strange_theme_is_ignored(client: FlaskClient):
    client.set_cookie("theme", 'x"onload="alert(1)')

    assert "data-theme=" not in client.get("/nowhere", headers={"Accept": "text/html"}).text


def test_the_language_of_the_page_follows_the_reader(client: FlaskClient):
    page = client.get("/nowhere", headers={"Accept": "text/html", "Accept-Language": "zh-CN,zh;q=0.9"}).text

    assert '<html lang="zh-Hans"' in page


class Pages(SimpleNamespace):
    def iter_pages(self, **_edges: int) -> list[int | None]:
        return [1, None, 3, 4, 5, None, 9]


def make_pages() -> Pages:
    return Pages(
        page=4, pages=9, total=173, first=61, last=80, has_prev=True, has_next=True, prev_num=3, next_num=5
    )


def test_every_component_renders(app: Flask):
    with app.test_request_context("/?q=a%26b&page=4&_scheme=javascript"):
        page = render_template("design.html", pages=make_pages())

    assert "/?q=a%26b&amp;page=3&amp;_scheme=javascript" in page
    assert "too few" in page
    assert page.count("Demo data") == 1
