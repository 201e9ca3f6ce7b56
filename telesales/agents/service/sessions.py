"""Signed-in browsers: opening, recognising, revoking."""

from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.orm import joinedload

from telesales import clock
from telesales.agents.models import SignInSession, User
from telesales.agents.rules import SEEN_EVERY, SESSION_LIMIT, is_session_alive
from telesales.agents.service.tokens import hash_of, new_token
from telesales.audit.service import Actor, record, set_actor
from telesales.extensions import db

USER_AGENT_LENGTH = 300
ADDRESS_LENGTH = 45


@dataclass(frozen=True, slots=True)
class Browser:
    """Where somebody signs in from."""

    user_agent: str
    address: str


def issue_session(user_id: int, *, user_agent: str = "", address: str = "") -> tuple[SignInSession, str]:
    """Add a session; the second value is the token for the cookie, kept nowhere else."""
    token = new_token()
    session = SignInSession(
        user_id=user_id,
        token_hash=hash_of(token),
        expires_at=clock.now() + SESSION_LIMIT,
        user_agent=user_agent[:USER_AGENT_LENGTH],
        address=address[:ADDRESS_LENGTH],
    )
    db.session.add(session)
    return session, token


def open_session(user: User, browser: Browser, *, by: str) -> tuple[SignInSession, str]:
    """Sign a person in on a browser, and say so in the audit trail. `by` is "password" or "link"."""
    set_actor(Actor(user.id, user.name))
    session, token = issue_session(user.id, user_agent=browser.user_agent, address=browser.address)
    session.opened_by = by
    record("sign_in.opened", user, by=by, address=browser.address)
    return session, token


def find_session(token: str) -> SignInSession | None:
    """Return the living session of this token."""
    session: SignInSession | None = db.session.scalar(
        select(SignInSession)
        .options(joinedload(SignInSession.user))
        .where(SignInSession.token_hash == hash_of(token), SignInSession.revoked_at.is_(None))
    )
    return session if session and is_alive(session) else None


def is_alive(session: SignInSession) -> bool:
    """Tell whether the browser is still signed in."""
    return session.user.is_active and is_session_alive(
        now=clock.now(), last_seen_at=session.last_seen_at, expires_at=session.expires_at
    )


def is_seen_note_due(session: SignInSession) -> bool:
    """Tell whether `note_seen` has something to say: at most once a minute."""
    return clock.now() - session.last_seen_at >= SEEN_EVERY


def note_seen(session_id: int) -> None:
    """Remember that the browser was here."""
    db.session.execute(
        update(SignInSession).where(SignInSession.id == session_id).values(last_seen_at=clock.now())
    )


def list_sessions(user_id: int) -> list[SignInSession]:
    """Return the browsers in which this person is signed in, the latest seen first."""
    return [session for session in _unrevoked(user_id) if is_alive(session)]


def _unrevoked(user_id: int) -> list[SignInSession]:
    found = (
        select(SignInSession)
        .options(joinedload(SignInSession.user))
        .where(SignInSession.user_id == user_id, SignInSession.revoked_at.is_(None))
        .order_by(SignInSession.last_seen_at.desc())
    )
    return list(db.session.scalars(found))


def revoke_session(session: SignInSession) -> None:
    """Sign one browser out."""
    session.revoked_at = clock.now()
    record("sign_in.revoked", session.user, session_id=session.id)


def revoke_sessions(user: User, *, but: SignInSession | None = None) -> int:
    """Sign all browsers of a person out, except one; return how many there were."""
    sessions = [session for session in _unrevoked(user.id) if session is not but]
    for session in sessions:
        session.revoked_at = clock.now()
    if sessions:
        record("sign_in.all_revoked", user, sessions=len(sessions))
    return len(sessions)
