"""What a browser may ask of the audit trail."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from flask_babel import gettext as _

from telesales.audit.queries import AuditFilter
from telesales.audit.wording import subject_words

MOST_DIGITS = 18  # a database holds no longer numbers
YEARS = range(1970, 3000)  # at the ends of time a midnight has no place in another zone
NOBODY = 0  # a number that nothing has
_NUMBER = re.compile(r"[0-9]+")


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

    @property
    def shown_subject(self) -> str:
        """The subject in the reader's words."""
        kind, number = _subject(self.subject)
        return " ".join(part for part in (subject_words().get(kind, kind), number) if part)

    def wanted(self, *, zone: ZoneInfo, client_id: int | None) -> AuditFilter:
        """Return what the query takes."""
        first, last = _day(self.first_day), _day(self.last_day)
        kind, number = _subject(self.subject)
        return AuditFilter(
            person=self.person,
            action=self.action,
            subject_type=kind,
            subject_id=_id(number) if number else None,
            since=_midnight(first, zone) if first else None,
            before=_midnight(last + timedelta(days=1), zone) if last else None,
            client_id=client_id,
        )


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.year in YEARS else None


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), tzinfo=zone)


def _subject(text: str) -> tuple[str, str]:
    """Read "User 7", "Person 7", "Person" or "7"; kinds by the words of the reader or as the trail keeps them."""
    found = _NUMBER.search(text)
    kind = _NUMBER.sub(" ", text, count=1).replace("#", " ").strip()
    return _kind(kind), found[0] if found else ""


def _kind(words: str) -> str:
    known = ((kind, text.casefold()) for kind, text in subject_words().items())
    return next((kind for kind, text in known if text == words.casefold()), words)


def _id(digits: str) -> int:
    return int(digits) if len(digits) <= MOST_DIGITS else NOBODY
