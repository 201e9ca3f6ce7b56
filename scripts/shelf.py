"""The scripts that are shipped: one TOML file each in `library/`."""

from collections.abc import Iterator
from importlib.resources import files
from typing import Any

from scripts.reading import data_from


def shipped() -> Iterator[tuple[str, dict[str, Any]]]:
    """File name and plain data of every shipped script, by name."""
    folder = files("scripts") / "library"
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if entry.name.endswith(".toml"):
            yield entry.name, data_from(entry.read_text(encoding="utf-8"), place=entry.name)
