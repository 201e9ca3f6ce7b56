"""The guides are true: what they name is there."""

import re
from pathlib import Path

import pytest
from flask import Flask

from telesales.calls.rules import DISPOSITIONS
from telesales.config import Settings
from telesales.processes.programs import programs

ROOT = Path(__file__).parents[2]
DOCS = sorted((ROOT / "docs").glob("*.md"))
PATH = re.compile(r"`((?:dialer|scripts|telesales|tests|bench|docs|migrations)/[\w/]+(?:\.\w+)?)(?:: \w+)?`")
LINK = re.compile(r"\]\((?!http)([^)#]+)(?:#[^)]*)?\)")
COMMAND = re.compile(r"^\| `(.+)` \| .+ \|$", re.MULTILINE)


@pytest.mark.parametrize("path", DOCS, ids=lambda path: path.name)
def test_every_file_that_a_guide_names_is_there(path: Path) -> None:
    named = PATH.findall(path.read_text(encoding="utf-8"))

    assert [name for name in named if not (ROOT / name).exists()] == []


@pytest.mark.parametrize("path", DOCS, ids=lambda path: path.name)
def test_every_link_of_a_guide_leads_to_a_file(path: Path) -> None:
    links = LINK.findall(path.read_text(encoding="utf-8"))

    assert [link for link in links if not (path.parent / link).exists()] == []


def test_every_process_is_in_the_operators_table() -> None:
    guide = (ROOT / "docs/operator.md").read_text(encoding="utf-8")
    kinds = {
        re.sub(r"-\d+$", "", program.name) for program in programs(Settings(telephony_file="telephony.toml"))
    }

    assert [
        kind for kind in sorted(kinds) if not re.search(rf"^\| `{kind}(-n|-1)?`", guide, re.MULTILINE)
    ] == []


def test_every_outcome_key_is_in_the_agents_table() -> None:
    guide = (ROOT / "docs/agent.md").read_text(encoding="utf-8")

    assert [entry.key for entry in DISPOSITIONS if f"| `{entry.key}` |" not in guide] == []


def test_the_commands_that_the_operator_reads_of_exist(app: Flask) -> None:
    guide = (ROOT / "docs/operator.md").read_text(encoding="utf-8")
    table = guide.split("## Commands")[1].split("## ")[0]
    named = [command.split()[:2] for row in COMMAND.findall(table) for command in re.split(r"`, `", row)]
    known = {
        (group, name) for group, found in app.cli.commands.items() for name in getattr(found, "commands", {})
    }

    assert named
    assert [words for words in named if tuple(words) not in known] == []
