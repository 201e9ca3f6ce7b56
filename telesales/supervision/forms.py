"""Orders as they were sent."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from flask_babel import gettext as _

from telesales.agents.models import PauseReason

NOTE_LENGTH = 200


@dataclass
class OrderForm:
    """What a supervisor chose for an agent. `campaign` is the one that the page has shown."""

    reason: str = ""
    note: str = ""
    to: int | None = None
    now: bool = False
    campaign: int | None = None
    errors: dict[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, form: Mapping[str, str]) -> "OrderForm":
        """Read and check what every order may have."""
        read = cls(
            reason=form.get("reason", ""),
            note=form.get("note", "").strip(),
            to=_number(form.get("to", "")),
            now=form.get("now") == "1",
            campaign=_number(form.get("campaign", "")),
        )
        if len(read.note) > NOTE_LENGTH:
            read.errors["note"] = _("Write at most %(most)s characters.", most=NOTE_LENGTH)
        return read

    def pause_reason(self) -> PauseReason | None:
        """The reason of a pause; without one the form has an error."""
        if self.reason not in set(PauseReason):
            self.errors["reason"] = _("Choose a reason: the agent reads it.")
            return None
        return PauseReason(self.reason)


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
