"""Tokens for the pages of the application."""

from collections.abc import Sequence

from flask import current_app

from telesales.push import signing


def issue(topics: Sequence[str]) -> str:
    """Permit to hear these topics; the caller has checked who asks."""
    return signing.sign(topics, current_app.config["SECRET_KEY"])
