"""Reading screens, and what a screen shows now."""

import contextlib
from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from telesales.errors import NotFoundError
from telesales.extensions import db
from telesales.standings.queries.board import board_snapshot
from telesales.standings.queries.scope import Scope
from telesales.tenancy.scope import client_scope, every_client
from telesales.whiteboard.models import Screen
from telesales.whiteboard.rules import arrange
from telesales.whiteboard.service import hash_of


def list_screens(client_id: int | None) -> Sequence[Screen]:
    """Screens that a person of this client (None: of the centre) looks after; by name."""
    found = select(Screen).order_by(Screen.revoked_at.is_not(None), Screen.name, Screen.id)
    if client_id is not None:
        found = found.where(Screen.client_id == client_id)
    return db.session.scalars(found).all()


def get_screen(screen_id: int, client_id: int | None) -> Screen:
    """Return one of those screens or raise."""
    screen = db.session.get(Screen, screen_id)
    if screen is None or (client_id is not None and screen.client_id != client_id):
        raise NotFoundError
    return screen


def find_screen_by_token(token: str) -> Screen | None:
    """The screen whose link this is, unless it was taken back."""
    return db.session.scalar(
        select(Screen).where(Screen.token_hash == hash_of(token), Screen.revoked_at.is_(None))
    )


def list_live_screens() -> Sequence[Screen]:
    """Screens whose link works."""
    return db.session.scalars(select(Screen).where(Screen.revoked_at.is_(None))).all()


def board_of(screen: Screen, *, locale: str | None = None) -> dict[str, Any]:
    """What the screen shows now, ready for JSON; in the screen's language, else in the television's."""
    options = screen.options
    scope = Scope(tuple(options.get("campaign_ids") or ()) or None, options.get("team_id"))
    with sight_of(screen.client_id):
        board = board_snapshot(scope, locale=options.get("locale") or locale)
    rows = board.pop("rows")
    return board | arrange(rows) | {"people": len(rows)}


def sight_of(client_id: int | None) -> contextlib.AbstractContextManager[None]:
    """The client's wall around what the screen may show."""
    return every_client() if client_id is None else client_scope(client_id)
