"""What the demo does when others ask for it."""

from typing import Any

from telesales.centre.signals import demo_wanted
from telesales.demo.service import seed_demo


def connect() -> None:
    """Fill the centre when the first questions were answered with "a demo"."""
    demo_wanted.connect(_seed)


def _seed(_sender: object, **_details: Any) -> None:
    seed_demo()
