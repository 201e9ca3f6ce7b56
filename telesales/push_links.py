"""Where a page finds the push server, and its permission to hear. In templates: `push.url()`, `push.token([...])`."""

from collections.abc import Sequence

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue

from telesales.access.guard import current_user, requires
from telesales.access.roles import PEOPLE
from telesales.campaigns.queries import find_campaign
from telesales.errors import ForbiddenError, NotFoundError
from telesales.leads.importing.results import get_import
from telesales.push import tokens, topics
from telesales.web_requests import push_origin

MOST_TOPICS = 20

bp = Blueprint("push_links", __name__)


def url() -> str:
    """Address of the event stream."""
    return f"{push_origin()}/events"


def token(heard: Sequence[str]) -> str:
    """A short-lived permission to hear these topics; the page's route has checked who asks."""
    return tokens.issue(list(heard))


@bp.post("/push/token")
@requires(*PEOPLE)
def issue_push_token() -> ResponseReturnValue:
    """Give a fresh permission to hear topics that this person may hear."""
    body = request.get_json(silent=True)
    listed = body.get("topics") if isinstance(body, dict) else None
    wanted = [str(topic) for topic in listed[:MOST_TOPICS]] if isinstance(listed, list) else []
    if not wanted or not all(may_hear(topic) for topic in wanted):
        raise ForbiddenError
    return jsonify(token=tokens.issue(wanted))


def may_hear(topic: str) -> bool:
    """Say whether who is signed in may hear the topic: their role may, and its subject is in their scope."""
    user = current_user()
    if not topics.may_subscribe(topic, user.role, user.id, user.client_id):
        return False
    match topics.subject_of(topic):
        case ("floor", campaign_id):
            return find_campaign(campaign_id) is not None
        case ("import", import_id):
            return is_import_in_scope(import_id)
    return True


def is_import_in_scope(import_id: int) -> bool:
    """Say whether who is signed in may see the import."""
    try:
        get_import(import_id)
    except NotFoundError:
        return False
    return True
