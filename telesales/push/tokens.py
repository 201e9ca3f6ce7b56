"""Signed, short-lived permissions to hear topics."""

from flask import current_app
from itsdangerous import BadSignature, URLSafeTimedSerializer

LIFETIME_SECONDS = 600
_SALT = "push"


class BadTokenError(Exception):
    """The token is forged or too old."""


def issue(topics: list[str]) -> str:
    """Sign a list of topics with the application's key."""
    return serializer(current_app.config["SECRET_KEY"]).dumps(topics)


def serializer(secret_key: str) -> URLSafeTimedSerializer:
    """Return the signer; the push server has the same key."""
    return URLSafeTimedSerializer(secret_key, salt=_SALT)


def read(token: str, secret_key: str) -> list[str]:
    """Return the topics of a token. Raises BadTokenError."""
    try:
        return list(serializer(secret_key).loads(token, max_age=LIFETIME_SECONDS))
    except BadSignature as error:
        raise BadTokenError from error
