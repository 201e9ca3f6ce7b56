"""Where a page finds the push server. Used by templates: `push.url()`, `push.token([...])`."""

from collections.abc import Sequence

from telesales.push import tokens
from telesales.web_requests import push_origin


def url() -> str:
    """Address of the event stream."""
    return f"{push_origin()}/events"


def token(topics: Sequence[str]) -> str:
    """A short-lived permission to hear these topics; the page's route has checked who asks."""
    return tokens.issue(list(topics))
