"""The content security policy allows neither inline scripts nor inline styles: no template may hold any."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TEMPLATES = sorted((ROOT / "telesales").rglob("templates/**/*.html"))
_INLINE = re.compile(
    r"<style|<script(?![^>]*\bsrc=)(?![^>]*type=\"application/json\")|\sstyle=|\son[a-z]+=\"|javascript:"
)
_REMOTE = re.compile(r"(?:src|href)=\"(?:https?:)?//")


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_template_holds_nothing_inline_and_nothing_from_elsewhere(path: Path) -> None:
    text = path.read_text()

    assert not _INLINE.search(text)
    assert not _REMOTE.search(text)
