"""The signed-in browser of this request. Its cookie carries a random token; the database keeps the hash."""

import logging

from flask import g, request, session
from sqlalchemy.exc import OperationalError

from telesales.agents.models import SignInSession, User
from telesales.agents.service import sessions
from telesales.agents.service.sessions import Browser, issue_session
from telesales.extensions import db, writing

__all__ = [
    "COOKIE_KEY",
    "current_session",
    "end_session",
    "find_signed_in_user",
    "issue_session",
    "start_session",
]

COOKIE_KEY = "token"
log = logging.getLogger(__name__)


def this_browser() -> Browser:
    """Return where the request comes from."""
    return Browser(user_agent=request.user_agent.string, address=request.remote_addr or "")


def start_session(user: User, *, by: str) -> SignInSession:
    """Sign a person in on this browser; whatever its cookie carried before is dropped."""
    end_session()
    locale = session.get("locale")
    session.clear()
    row, token = sessions.open_session(user, this_browser(), by=by)
    session[COOKIE_KEY] = token
    if locale:
        session["locale"] = locale
    return row


def end_session() -> None:
    """Revoke what the cookie carries and empty it."""
    row = current_session()
    if row:
        sessions.revoke_session(row)
    session.pop(COOKIE_KEY, None)
    session.pop("csrf_token", None)


def current_session() -> SignInSession | None:
    """Return the living session of this browser."""
    token = session.get(COOKIE_KEY)
    return sessions.find_session(token) if token else None


def find_signed_in_user() -> User | None:
    """Return the person of this browser, if the session is alive."""
    row = current_session()
    if row is None:
        return None
    if sessions.is_seen_note_due(row):
        _note_seen(row)
    return row.user


def _note_seen(row: SignInSession) -> None:
    """Use a transaction of its own: a page that only reads must not hold the write lock."""
    session_id = row.id
    try:
        with writing():
            sessions.note_seen(session_id)
            db.session.commit()
    except OperationalError:
        db.session.rollback()
        log.warning("last seen not noted", extra={"session_id": session_id, "reference": g.get("reference")})
