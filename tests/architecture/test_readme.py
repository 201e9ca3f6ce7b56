"""The README is true: its tables name what is there."""

import re
from dataclasses import fields
from pathlib import Path

from telesales.config import Settings

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()


def test_every_setting_is_in_the_table() -> None:
    listed = set(re.findall(r"^\| `([A-Z_]+)` \|", README, re.MULTILINE))

    assert listed == {field.name.upper() for field in fields(Settings)} - {"TESTING"}


def test_every_package_is_explained() -> None:
    wanted = {
        re.split(r"[\[=]", line)[0]
        for line in (ROOT / "requirements.txt").read_text().splitlines()
        if "==" in line
    }
    explained = README.split("## Why each dependency")[1]

    assert not {name for name in wanted if not re.search(rf"\b{re.escape(name)}\b", explained)}


def test_every_link_leads_to_a_file() -> None:
    targets = re.findall(r"\]\(([^)]+)\)", README)

    assert not [
        target for target in targets if not target.startswith("http") and not (ROOT / target).exists()
    ]
