"""Sign-in links: single use, expiring."""

from datetime import timedelta

from sqlalchemy import select, update

from telesales import clock
from telesales.agents.models import SignInLink, User
from telesales.agents.service.failures import forget_failures
from telesales.agents.service.tokens import hash_of, new_token
from telesales.audit.service import record
from telesales.errors import TelesalesError
from telesales.extensions import db

INVITATION_MINUTES = 7 * 24 * 60


class LinkSpentError(TelesalesError):
    """The link was used, is too old, or never was one."""

    status = 410
    code = "link-spent"


def create_sign_in_link(user: User, *, minutes: int = INVITATION_MINUTES) -> str:
    """Return the token of a new link; earlier ones of the person stay good until they expire."""
    token = new_token()
    record("sign_in.link_created", user, minutes=minutes)
    expires_at = clock.now() + timedelta(minutes=minutes)
    db.session.add(SignInLink(user_id=user.id, token_hash=hash_of(token), expires_at=expires_at))
    db.session.flush()
    return token


def find_link(token: str) -> SignInLink | None:
    """Return the link if it can still be used."""
    link: SignInLink | None = db.session.scalar(
        select(SignInLink).where(SignInLink.token_hash == hash_of(token))
    )
    if link is None or link.used_at or link.expires_at <= clock.now() or not link.user.is_active:
        return None
    return link


def use_link(token: str) -> User:
    """Spend the link; return whom it signs in. Of two that arrive together, one wins."""
    link = find_link(token)
    if link is None or not _claim(link):
        raise LinkSpentError("This link has been used or is too old.")
    forget_failures(link.user.email)
    return link.user


def _claim(link: SignInLink) -> bool:
    claimed = db.session.execute(
        update(SignInLink)
        .where(SignInLink.id == link.id, SignInLink.used_at.is_(None))
        .values(used_at=clock.now())
        .returning(SignInLink.id)
    )
    return claimed.first() is not None


def void_links(user: User) -> None:
    """Make every open link of a person useless."""
    db.session.execute(
        update(SignInLink)
        .where(SignInLink.user_id == user.id, SignInLink.used_at.is_(None))
        .values(used_at=clock.now())
    )
