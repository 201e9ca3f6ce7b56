"""Errors as answers: a page or JSON, with a reference, never a trace."""

import logging
from http import HTTPStatus

from flask import Flask, current_app, g, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import TimeoutError as RedisTimeoutError
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException

from telesales.errors import InvalidInputError, TelesalesError
from telesales.extensions import db

log = logging.getLogger(__name__)
PAGES = frozenset({400, 401, 403, 404, 409, 413, 422, 429, 500, 503})


def init_app(app: Flask) -> None:
    """Install the handlers."""
    app.register_error_handler(TelesalesError, answer_known)
    app.register_error_handler(CSRFError, answer_csrf)
    app.register_error_handler(HTTPException, answer_http)
    for unavailable in (RedisConnectionError, RedisTimeoutError, OperationalError):
        app.register_error_handler(unavailable, answer_unavailable)
    app.register_error_handler(Exception, answer_unexpected)


def answer_known(error: TelesalesError) -> ResponseReturnValue:
    """Tell what we know."""
    db.session.rollback()
    fields = error.fields if isinstance(error, InvalidInputError) else None
    return _answer(error.status, error.code, error.message, fields)


def answer_csrf(_error: CSRFError) -> ResponseReturnValue:
    """Say that the form is from another session."""
    text: str = _("This form is from an earlier session. Reload the page and send it again.")
    return _answer(400, "csrf", text)


def answer_http(error: HTTPException) -> ResponseReturnValue:
    """Answer what Flask itself raises."""
    status = error.code or 500
    if error.response is not None:
        return error.response
    return _answer(status, HTTPStatus(status).phrase.lower().replace(" ", "-"), "")


def answer_unavailable(error: Exception) -> ResponseReturnValue:
    """A part is away for a moment."""
    log.error("unavailable", extra={"reference": g.get("reference")}, exc_info=error)
    db.session.rollback()
    return _answer(503, "unavailable", "")


def answer_unexpected(error: Exception) -> ResponseReturnValue:
    """Log the trace under the reference; show the reference only."""
    log.error("unexpected error %s", g.get("reference"), exc_info=error)
    db.session.rollback()
    if current_app.testing:
        raise error
    return _answer(500, "internal-error", "")


def _answer(
    status: int, code: str, message: str, fields: dict[str, str] | None = None
) -> ResponseReturnValue:
    reference = g.get("reference", "")
    if _wants_page():
        page = status if status in PAGES else (400 if status < HTTPStatus.INTERNAL_SERVER_ERROR else 500)
        body = render_template(
            f"errors/{page}.html", status=status, code=code, message=message, reference=reference
        )
        return body, status
    return jsonify(error=code, message=message, fields=fields or {}, reference=reference), status


def _wants_page() -> bool:
    if request.headers.get("HX-Request") or request.headers.get("X-Requested-With"):
        return False
    best = request.accept_mimetypes.best_match(["text/html", "application/json"], default="text/html")
    return best == "text/html"
