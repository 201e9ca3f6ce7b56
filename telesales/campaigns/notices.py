"""Warnings on the pages of a campaign that do not stop its launch: higher domains know them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from telesales.campaigns.models import Campaign


@dataclass(frozen=True, slots=True)
class Notice:
    """One sentence, and the page where the matter is mended."""

    text: str
    link: str
    endpoint: str
    arguments: dict[str, Any] = field(default_factory=dict)
    anchor: str = ""  # the part of the edit page that says it too


_all: list[Callable[[Campaign], Notice | None]] = []


def register(notice: Callable[[Campaign], Notice | None]) -> None:
    """Be asked from now on. Registering the same function again changes nothing."""
    if notice not in _all:
        _all.append(notice)


def notices_of(campaign: Campaign) -> Sequence[Notice]:
    """Everything that somebody should know."""
    return [found for find in _all if (found := find(campaign)) is not None]
