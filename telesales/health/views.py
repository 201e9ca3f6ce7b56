"""`/healthz`, and the token for the push server."""

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue

from telesales.access.guard import current_user, public, requires
from telesales.access.roles import PEOPLE
from telesales.errors import ForbiddenError
from telesales.health import service
from telesales.push import tokens, topics

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


@bp.post("/push/token")
@requires(*PEOPLE)
def issue_push_token() -> ResponseReturnValue:
    """Give a fresh permission to hear topics that this person may hear."""
    wanted = [str(topic) for topic in (request.get_json(silent=True) or {}).get("topics", [])][:20]
    user = current_user()
    if not wanted or not all(
        topics.may_subscribe(topic, user.role, user.id, user.client_id) for topic in wanted
    ):
        raise ForbiddenError
    return jsonify(token=tokens.issue(wanted))
