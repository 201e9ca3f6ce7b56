"""Small functions and files by domain: ceilings, not aims."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("telesales", "dialer", "scripts")
MOST_LINES_OF_A_FUNCTION = 40
MOST_LINES_OF_A_FILE = 300


def sources() -> Iterator[Path]:
    for package in PACKAGES:
        yield from sorted((ROOT / package).rglob("*.py"))


@pytest.mark.parametrize("path", list(sources()), ids=lambda path: str(path.relative_to(ROOT)))
def test_file_and_its_functions_stay_small(path: Path) -> None:
    text = path.read_text()
    long = [
        f"{node.name} has {node.end_lineno - node.lineno + 1} lines"
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.end_lineno - node.lineno + 1 > MOST_LINES_OF_A_FUNCTION
    ]

    assert not long
    assert text.count("\n") <= MOST_LINES_OF_A_FILE
