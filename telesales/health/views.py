"""`/healthz`."""

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue

from telesales.access.guard import public
from telesales.health import service

bp = Blueprint("health", __name__)


@bp.get("/healthz")
@public("load balancers and people ask whether every part is alive; it names no data")
def show_health() -> ResponseReturnValue:
    """Say ready or why not, one entry per part."""
    parts = service.check_parts()
    ready = all(part.ok for part in parts.values())
    body = {
        "ready": ready,
        "parts": {name: {"ok": part.ok, "detail": part.detail} for name, part in parts.items()},
    }
    return jsonify(body), 200 if ready else 503
