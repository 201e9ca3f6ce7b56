"""Errors that know their answer. One handler in `app.py` turns them into a page or JSON."""

from collections.abc import Mapping


class TelesalesError(Exception):
    """Something that a person can be told. `status` is HTTP, `code` is for programs."""

    status = 400
    code = "bad-request"

    def __init__(self, message: str = "", *, code: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        if code:
            self.code = code


class NotFoundError(TelesalesError):
    """It is not there, or not for this person to see."""

    status = 404
    code = "not-found"


class ForbiddenError(TelesalesError):
    """The person may not."""

    status = 403
    code = "forbidden"


class ConflictError(TelesalesError):
    """The world has moved on since the page was shown."""

    status = 409
    code = "conflict"


class InvalidInputError(TelesalesError):
    """What was typed cannot be taken; `fields` maps field names to translated sentences."""

    status = 422
    code = "invalid-input"

    def __init__(self, fields: Mapping[str, str]) -> None:
        super().__init__("; ".join(f"{name}: {text}" for name, text in fields.items()))
        self.fields = dict(fields)
