"""What a browser may ask of the audit trail."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from flask_babel import gettext as _

from telesales.audit.queries import AuditFilter


@dataclass
class AuditForm:
    """The filter as typed; days are days of the reader."""

    person: str = ""
    action: str = ""
    subject: str = ""
    first_day: str = ""
    last_day: str = ""
    errors: dict[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, args: Mapping[str, str]) -> "AuditForm":
        """Read and check."""
        read = cls()
        for name in ("person", "action", "subject", "first_day", "last_day"):
            setattr(read, name, args.get(name, "").strip())
        for name in ("first_day", "last_day"):
            if getattr(read, name) and _day(getattr(read, name)) is None:
                read.errors[name] = _("Write a date such as 2026-11-21.")
        return read

    def wanted(self, *, zone: ZoneInfo, client_id: int | None) -> AuditFilter:
        """Return what the query takes."""
        first, last = _day(self.first_day), _day(self.last_day)
        kind, number = _subject(self.subject)
        return AuditFilter(
            person=self.person,
            action=self.action,
            subject_type=kind,
            subject_id=number,
            since=_midnight(first, zone) if first else None,
            before=_midnight(last + timedelta(days=1), zone) if last else None,
            client_id=client_id,
        )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), tzinfo=zone)


def _subject(text: str) -> tuple[str, int | None]:
    """Read "User 7", "User" or "7"."""
    words = text.replace("#", " ").split()
    number = next((int(word) for word in words if word.isascii() and word.isdigit()), None)
    kind = next((word for word in words if not word.isdigit()), "")
    return kind, number
