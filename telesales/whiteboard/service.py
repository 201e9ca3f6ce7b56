"""Screens: a link that opens the whiteboard without signing in, and can be taken back."""

import hashlib
import secrets
from dataclasses import dataclass

from telesales import clock
from telesales.audit.service import current_actor, record
from telesales.extensions import db
from telesales.push import topics
from telesales.push.publish import publish_after_commit
from telesales.whiteboard.models import Screen

TOKEN_BYTES = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class ScreenFacts:
    """What a screen is asked to show; what is empty does not limit."""

    name: str
    client_id: int | None = None
    campaign_ids: tuple[int, ...] = ()
    team_id: int | None = None
    locale: str = ""

    def options(self) -> dict[str, object]:
        """As kept with the screen."""
        return {"campaign_ids": list(self.campaign_ids), "team_id": self.team_id, "locale": self.locale}


def create_screen(facts: ScreenFacts, *, is_demo: bool = False) -> tuple[Screen, str]:
    """Add a screen. The token of its link is returned once and never kept."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    screen = Screen(
        name=facts.name,
        client_id=facts.client_id,
        token_hash=hash_of(token),
        options=facts.options(),
        is_demo=is_demo,
        created_by_id=current_actor().user_id,
    )
    db.session.add(screen)
    record("screen.created", screen, name=facts.name, **facts.options())
    return screen, token


def renew_link(screen: Screen) -> str:
    """Give the screen a new link; the old one stops at once."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    screen.token_hash = hash_of(token)
    screen.revoked_at = None
    record("screen.link_renewed", screen, name=screen.name)
    _tell_to_look_again(screen)
    return token


def revoke_screen(screen: Screen) -> None:
    """Take the link back. The television says so and waits."""
    if screen.revoked_at is None:
        screen.revoked_at = clock.now()
        record("screen.revoked", screen, name=screen.name)
        _tell_to_look_again(screen)


def _tell_to_look_again(screen: Screen) -> None:
    publish_after_commit(topics.board(screen.id), "changed", {})


def hash_of(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()
