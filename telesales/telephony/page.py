"""What a page with a telephone needs of the browser: the microphone, and the way to the nodes. No other page gets either."""

from flask import g

from telesales.telephony.carriers import browser_origins


def allow_telephone() -> None:
    """The answer of this request is a page with a telephone."""
    g.telephone_origins = browser_origins()


def telephone_origins() -> tuple[str, ...] | None:
    """Origins that the page may reach; None for a page without a telephone."""
    origins: tuple[str, ...] | None = g.get("telephone_origins")
    return origins
