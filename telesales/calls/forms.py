"""What a browser may send about calls."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from flask_babel import gettext as _

MAX_REASON = 300


@dataclass
class ReasonForm:
    """Why something is done; it is written down."""

    reason: str
    errors: dict[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, form: Mapping[str, str], *, missing: str) -> "ReasonForm":
        """Read and check; `missing`: what is said when there is none."""
        read = cls(reason=form.get("reason", "").strip())
        if not read.reason:
            read.errors["reason"] = missing
        elif len(read.reason) > MAX_REASON:
            read.errors["reason"] = _("This is too long.")
        return read


def read_day(text: str) -> date | None:
    """A day of a filter; what cannot be read filters nothing."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
