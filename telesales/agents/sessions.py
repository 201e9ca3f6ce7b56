"""Signed-in browsers. The cookie carries a random token; the database keeps its hash."""

import hashlib
import secrets
from datetime import timedelta

from flask import request, session
from sqlalchemy import select

from telesales import clock
from telesales.agents.models import SignInSession, User
from telesales.extensions import db

LIFETIME = timedelta(days=7)
COOKIE_KEY = "token"


def hash_of(token: str) -> str:
    """Return what the database keeps of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def issue_session(user_id: int, *, user_agent: str = "", address: str = "") -> tuple[SignInSession, str]:
    """Add a session row; the second value is the token for the cookie, kept nowhere else."""
    token = secrets.token_urlsafe(32)
    row = SignInSession(
        user_id=user_id,
        token_hash=hash_of(token),
        expires_at=clock.now() + LIFETIME,
        user_agent=user_agent[:300],
        address=address,
    )
    db.session.add(row)
    return row, token


def start_session(user: User) -> SignInSession:
    """Sign a person in on this browser; whatever its cookie carried before is dropped."""
    locale = session.get("locale")
    session.clear()
    row, token = issue_session(
        user.id, user_agent=request.user_agent.string, address=request.remote_addr or ""
    )
    session[COOKIE_KEY] = token
    if locale:
        session["locale"] = locale
    return row


def find_signed_in_user() -> User | None:
    """Return the person of this browser, if the session is alive."""
    token = session.get(COOKIE_KEY)
    if not token:
        return None
    row = db.session.scalar(select(SignInSession).where(SignInSession.token_hash == hash_of(token)))
    if row is None or row.revoked_at or row.expires_at <= clock.now() or not row.user.is_active:
        return None
    user: User = row.user
    return user
