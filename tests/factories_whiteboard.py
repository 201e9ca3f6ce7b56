"""Televisions."""

from telesales.whiteboard.models import Screen
from telesales.whiteboard.service import ScreenFacts, create_screen


def make_screen(*, is_demo: bool = False, **facts) -> tuple[Screen, str]:
    """A screen and the token of its link."""
    return create_screen(ScreenFacts(**{"name": "Floor 2", **facts}), is_demo=is_demo)
