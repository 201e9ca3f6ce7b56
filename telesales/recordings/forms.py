"""What a browser may ask of the list of recordings."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from flask_babel import gettext as _

from telesales.calls.forms import read_day
from telesales.calls.rules import DISPOSITIONS
from telesales.phone import InvalidNumberError, parse_number
from telesales.recordings.queries import RecordingFilter

LONGEST_ID = 16
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2999, 12, 31)
LENGTHS: Mapping[str, tuple[float | None, float | None]] = {
    "short": (None, 60.0),
    "medium": (60.0, 300.0),
    "long": (300.0, None),
}
NAMES = ("campaign", "agent", "from", "until", "disposition", "number", "length")


@dataclass
class RecordingFilterForm:
    """The filter as typed; days are days of the reader."""

    texts: Mapping[str, str]
    errors: dict[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, args: Mapping[str, str]) -> "RecordingFilterForm":
        """Read and check."""
        read = cls({name: args.get(name, "").strip() for name in NAMES})
        for name in ("from", "until"):
            if read.texts[name] and _day(read.texts[name]) is None:
                read.errors[name] = _("Write a date such as 2026-11-21.")
        if read.texts["number"] and not _number(read.texts["number"]):
            read.errors["number"] = _("Type the whole number with its country code, like +1 202 555 0100.")
        return read

    def wanted(self, *, zone: ZoneInfo, heard_by: int | None) -> RecordingFilter:
        """Return what the query takes."""
        texts = self.texts
        first, last = _day(texts["from"]), _day(texts["until"])
        least, most = LENGTHS.get(texts["length"], (None, None))
        codes = {entry.code for entry in DISPOSITIONS}
        return RecordingFilter(
            campaign_id=_id(texts["campaign"]),
            agent_id=_id(texts["agent"]),
            since=_midnight(first, zone) if first else None,
            before=_midnight(last + timedelta(days=1), zone) if last else None,
            disposition=texts["disposition"] if texts["disposition"] in codes else "",
            number=_number(texts["number"]),
            least_seconds=least,
            most_seconds=most,
            heard_by=heard_by,
        )


def _id(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < LONGEST_ID else None


def _day(text: str) -> date | None:
    """None for what cannot be read, and for days around which there is no midnight in every zone."""
    day = read_day(text)
    return day if day and FIRST_DAY <= day <= LAST_DAY else None


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), tzinfo=zone)


def _number(text: str) -> str:
    """E.164, or empty when it cannot be read."""
    try:
        return parse_number(text, "US").e164 if text else ""
    except InvalidNumberError:
        return ""
