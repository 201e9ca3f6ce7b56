"""Signing in with e-mail and password."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from telesales.agents.models import User
from telesales.agents.service import failures, passwords
from telesales.audit.service import record
from telesales.extensions import db


@dataclass(frozen=True, slots=True)
class Accepted:
    """E-mail and password belong together; `new_hash` when the kept one has old parameters."""

    user_id: int
    new_hash: str | None


@dataclass(frozen=True, slots=True)
class Refused:
    """They do not, or sign-in waits `until`. Says the same whether or not anybody has the address."""

    until: datetime | None = None
    has_just_begun_to_wait: bool = False


def normal_email(text: str) -> str:
    """Return an e-mail address as it is stored."""
    return text.strip().lower()


def find_user_by_email(email: str) -> User | None:
    """Return the person with this address, if any."""
    return db.session.scalar(select(User).where(User.email == normal_email(email)))


def check_sign_in(email: str, password: str) -> Accepted | Refused:
    """Only reads the database: checking a password takes too long to hold its write lock."""
    email = normal_email(email)
    until = failures.locked_until(email)
    if until:
        return Refused(until)
    user = find_user_by_email(email)
    is_right = passwords.is_password(user.password_hash if user else "", password)
    if user is None or not is_right or not user.is_active:
        until = failures.count_failure(email)
        return Refused(until, has_just_begun_to_wait=until is not None)
    failures.forget_failures(email)
    new_hash = passwords.hash_password(password) if passwords.needs_rehash(user.password_hash) else None
    return Accepted(user.id, new_hash)


def record_pause(email: str, until: datetime) -> None:
    """Leave a trace of an address that begins to wait."""
    user = find_user_by_email(email)
    record("sign_in.paused", user, email=normal_email(email), until=until.isoformat())
