"""What a browser may send about calls."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from flask_babel import gettext as _

MAX_REASON = 300


@dataclass
class CancelSaleForm:
    """Why a sale does not count any more."""

    reason: str
    errors: dict[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, form: Mapping[str, str]) -> "CancelSaleForm":
        """Read and check."""
        read = cls(reason=form.get("reason", "").strip())
        if not read.reason:
            read.errors["reason"] = _("Say why: the agent reads it.")
        elif len(read.reason) > MAX_REASON:
            read.errors["reason"] = _("This is too long.")
        return read


def read_day(text: str) -> date | None:
    """A day of a filter; what cannot be read filters nothing."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
