"""The weekly editor of calling hours: two ranges a day."""

from collections.abc import Mapping

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from telesales.campaigns import hours

Typed = dict[str, list[tuple[str, str]]]


def typed_hours(form: MultiDict[str, str]) -> Typed:
    """What stands in the editor."""
    return {
        day: [
            (form.get(f"{day}_from_{place}", "").strip(), form.get(f"{day}_to_{place}", "").strip())
            for place in range(1, hours.MAX_RANGES + 1)
        ]
        for day in hours.DAYS
    }


def shown_hours(week: hours.WeekHours) -> Typed:
    """Stored hours as the editor shows them; the end of the day is shown as midnight."""
    return {
        day: _padded([(start, _shown_end(end)) for start, end in week.get(day, ())]) for day in hours.DAYS
    }


def _shown_end(end: str) -> str:
    return "00:00" if end == "24:00" else end


def _padded(pairs: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return [*pairs, *[("", "")] * (hours.MAX_RANGES - len(pairs))][: hours.MAX_RANGES]


def read_hours(typed: Typed, *, any_hour: bool) -> tuple[dict[str, list[list[str]]], dict[str, str]]:
    """The week, and an error for each day that cannot be read."""
    week: dict[str, list[list[str]]] = {}
    errors: dict[str, str] = {}
    for day, pairs in typed.items():
        try:
            ranges = hours.read_day(pairs, any_hour=any_hour)
        except hours.HoursError as error:
            errors[f"hours_{day}"] = _sentences()[error.code]
        else:
            if ranges:
                week[day] = ranges
    return week, errors


def _sentences() -> Mapping[str, str]:
    return {
        "not_a_time": _("Type times as 09:00."),
        "one_end_missing": _("Say when it begins and when it ends."),
        "ends_before": _("It ends before it begins."),
        "overlap": _("The two ranges overlap."),
        "illegal": _("The law allows calls from 08:00 to 21:00 only."),
    }
