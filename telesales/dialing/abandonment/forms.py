"""The day whose end is asked for."""

from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _

EARLIEST = date(2000, 1, 1)


@dataclass(slots=True)
class DayForm:
    """What stands in the field; empty: now."""

    day: str = ""
    chosen: date | None = None
    error: str = ""

    @classmethod
    def read(cls, typed: str, *, today: date) -> "DayForm":
        """Read and check."""
        form = cls(typed.strip())
        if not form.day:
            return form
        try:
            form.chosen = date.fromisoformat(form.day)
        except ValueError:
            form.error = _("Write a date such as 2026-11-21.")
            return form
        if not EARLIEST <= form.chosen <= today:
            form.error = _("Choose a day that has begun.")
        return form
