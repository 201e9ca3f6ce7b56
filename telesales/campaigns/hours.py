"""Calling hours of a week: reading, checking and comparing them. Pure; times are "HH:MM" in the lead's own zone."""

import itertools
import re
from collections.abc import Mapping, Sequence
from typing import Any

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
WORKDAYS = DAYS[:5]
MIDNIGHT = 24 * 60
LEGAL_FROM = 8 * 60  # 47 CFR 64.1200(c)(1): 8 a.m. to 9 p.m. where the called person is
LEGAL_TO = 21 * 60
MAX_RANGES = 2  # a day and its midday rest
_TIME = re.compile(r"([01]\d|2[0-4]):([0-5]\d)")

WeekHours = Mapping[str, Sequence[Sequence[str]]]
ROUND_THE_CLOCK: dict[str, Any] = {day: [["00:00", "24:00"]] for day in DAYS}
OFFICE_HOURS: dict[str, Any] = {
    **{day: [["09:00", "20:00"]] for day in WORKDAYS},
    "sat": [["10:00", "18:00"]],
}


class HoursError(ValueError):
    """The hours of a day cannot be taken; `code` is not_a_time, one_end_missing, ends_before, overlap or illegal."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def minutes_of(text: str) -> int:
    """Minutes since midnight of "HH:MM"; "24:00" is the end of the day. Raises HoursError."""
    match = _TIME.fullmatch(text)
    minutes = int(match[1]) * 60 + int(match[2]) if match else MIDNIGHT + 1
    if minutes > MIDNIGHT:
        raise HoursError("not_a_time")
    return minutes


def text_of(minutes: int) -> str:
    """Write minutes since midnight as "HH:MM"."""
    return f"{minutes // 60:02}:{minutes % 60:02}"


def read_range(start: str, end: str) -> list[str] | None:
    """One range as typed; None when both ends are empty. Midnight as an end means the end of the day."""
    if not start and not end:
        return None
    if not start or not end:
        raise HoursError("one_end_missing")
    first, last = minutes_of(start), minutes_of(end) or MIDNIGHT
    if last <= first:
        raise HoursError("ends_before")
    return [text_of(first), text_of(last)]


def read_day(pairs: Sequence[tuple[str, str]], *, any_hour: bool) -> list[list[str]]:
    """The ranges of a day, sorted. Raises HoursError; `any_hour` lifts the legal envelope (demo)."""
    ranges = sorted(found for start, end in pairs if (found := read_range(start, end)))
    for earlier, later in itertools.pairwise(ranges):
        if minutes_of(later[0]) < minutes_of(earlier[1]):
            raise HoursError("overlap")
    if not any_hour and not all(is_legal(start, end) for start, end in ranges):
        raise HoursError("illegal")
    return ranges


def is_legal(start: str, end: str) -> bool:
    """True within 8 in the morning and 9 in the evening."""
    return minutes_of(start) >= LEGAL_FROM and minutes_of(end) <= LEGAL_TO


def is_week_legal(week: WeekHours) -> bool:
    """True when every range of the week is within the legal envelope."""
    try:
        return all(is_legal(start, end) for day in week.values() for start, end in day)
    except (HoursError, ValueError):
        return False


def has_hours(week: WeekHours) -> bool:
    """True when somebody may be called at some time of the week."""
    return any(week.get(day) for day in DAYS)


def is_round_the_clock(week: WeekHours) -> bool:
    """True when the whole week is open."""
    return all([list(pair) for pair in week.get(day, ())] == ROUND_THE_CLOCK[day] for day in DAYS)


def grouped_days(week: WeekHours) -> list[tuple[list[str], list[list[str]]]]:
    """Days in a row that have the same hours, for a short table: ([mon, tue], ranges)."""
    groups: list[tuple[list[str], list[list[str]]]] = []
    for day in DAYS:
        ranges = [list(pair) for pair in week.get(day, ())]
        if groups and groups[-1][1] == ranges:
            groups[-1][0].append(day)
        else:
            groups.append(([day], ranges))
    return groups
