"""Timed work on standings."""

from telesales.extensions import db, read_only, transaction
from telesales.standings.service.closing import close_day, list_open_days


def close_days() -> int:
    """Close every day that is over in all zones; return how many were closed. Safe to run twice, or by two."""
    with read_only():
        open_days = list_open_days()
        db.session.rollback()
    for day, scope_key in open_days:
        with transaction():
            close_day(day, scope_key)
    return len(open_days)
