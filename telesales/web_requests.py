"""What happens around every request: who asks, what they may see, how long the database is held, headers."""

import secrets
from typing import Any

from flask import Flask, Response, current_app, g, request
from flask.typing import ResponseReturnValue
from werkzeug.routing import IntegerConverter, Map

from telesales.access import guard
from telesales.agents import sessions
from telesales.audit.service import SYSTEM, Actor, set_actor
from telesales.centre import service as centre
from telesales.config import Settings
from telesales.extensions import MOST_ID, db, set_read_only
from telesales.telephony.page import telephone_origins
from telesales.tenancy.scope import Scope, set_scope

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class IntConverter(IntegerConverter):
    """`<int:…>` in a URL: what no row can have leads to no page."""

    def __init__(self, map: Map, *args: Any, **options: Any) -> None:
        super().__init__(map, *args, **{"max": MOST_ID, **options})


def init_app(app: Flask) -> None:
    """Install the hooks in their order."""
    app.url_map.converters["int"] = IntConverter
    app.before_request(begin_request)
    app.before_request(lambda: guard.check_access(app))
    app.after_request(add_headers)
    app.teardown_request(end_request)


def begin_request() -> ResponseReturnValue | None:
    """Find the person, and limit what this request may see and write."""
    g.reference = secrets.token_hex(4)
    set_read_only(request.method in SAFE_METHODS)
    if request.endpoint == "static" or request.path.startswith("/healthz"):
        return None
    settings = centre.settings()
    g.centre_zone = settings.time_zone
    g.centre = settings
    user = sessions.find_signed_in_user()
    g.user = user
    if user is None:
        set_scope(None)
        set_actor(SYSTEM)
    else:
        set_scope(Scope(user.client_id))
        set_actor(Actor(user.id, user.name))
    return None


def end_request(_error: BaseException | None) -> None:
    """Leave nothing behind for the next request of this thread."""
    db.session.remove()
    set_read_only(False)
    set_scope(None)
    set_actor(SYSTEM)


def centre_defaults() -> tuple[str, str]:
    """Locale and time zone of the centre."""
    settings = g.get("centre") or centre.settings()
    return settings.locale, settings.time_zone


def push_origin() -> str:
    """Where this browser reaches the push server, without a path."""
    settings: Settings = current_app.config["TELESALES"]
    if settings.push_url:
        return settings.push_url.rstrip("/")
    host = request.host.rsplit(":", 1)[0] if not request.host.endswith("]") else request.host
    return f"{request.scheme}://{host}:{settings.push_port_used}"


def add_headers(response: Response) -> Response:
    """Strict headers on every answer."""
    telephones = telephone_origins()
    connected = ("'self'", push_origin(), *(telephones or ()))
    microphone = "()" if telephones is None else "(self)"
    headers: dict[str, Any] = {
        "Content-Security-Policy": (
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
            f"connect-src {' '.join(connected)}; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
            "manifest-src 'self'; media-src 'self'"
        ),
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Permissions-Policy": f"camera=(), geolocation=(), microphone={microphone}, payment=(), usb=()",
        "X-Request-Reference": g.get("reference", ""),
    }
    if request.is_secure:
        headers["Strict-Transport-Security"] = "max-age=31536000"
    for name, value in headers.items():
        response.headers.setdefault(name, value)
    if request.endpoint != "static":
        response.headers.setdefault("Cache-Control", "no-store")
    return response
