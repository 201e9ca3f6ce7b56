"""Permissions to hear topics: signed, short-lived, and readable without the application."""

from collections.abc import Sequence

from itsdangerous import BadData, URLSafeTimedSerializer

LIFETIME_S = 600
SALT = "push"


class TokenRefusedError(Exception):
    """The token is forged, broken or too old."""


def sign(topics: Sequence[str], key: str) -> str:
    """Make a token for these topics."""
    return URLSafeTimedSerializer(key, salt=SALT).dumps(list(topics))


def topics_of(token: str, key: str) -> list[str]:
    """Return the topics that the token allows."""
    try:
        topics = URLSafeTimedSerializer(key, salt=SALT).loads(token, max_age=LIFETIME_S)
    except BadData as error:
        raise TokenRefusedError from error
    return [str(topic) for topic in topics]
