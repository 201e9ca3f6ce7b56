"""What happens to sign-ins by themselves."""

from sqlalchemy import delete

from telesales import clock
from telesales.agents.models import SignInLink, SignInSession
from telesales.agents.rules import SIGN_INS_KEPT
from telesales.extensions import db, transaction


def forget_old_sign_ins() -> int:
    """Delete sessions and links that ended long ago; the audit trail keeps who signed in when."""
    ended_before = clock.now() - SIGN_INS_KEPT
    forgotten = 0
    with transaction():
        for model in (SignInSession, SignInLink):
            old = delete(model).where(model.expires_at < ended_before).returning(model.id)
            forgotten += len(db.session.scalars(old).all())
    return forgotten
