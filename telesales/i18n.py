"""Languages, time zones and formats, at the edge."""

from collections.abc import Callable, Iterable
from datetime import date, datetime, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime, format_time
from babel.numbers import format_decimal, format_percent
from flask import Flask, g, has_request_context, request, session
from flask_babel import Babel, get_locale
from flask_babel import gettext as _

from telesales.money import Money, format_money
from telesales.phone import WITHHELD, display_number

LOCALES = {"en": "English", "zh": "中文"}
DEFAULT_ZONE = "UTC"


def init_app(app: Flask, centre_defaults: Callable[[], tuple[str, str]]) -> None:
    """`centre_defaults` answers (locale, time zone) of the centre."""
    app.extensions["centre_defaults"] = centre_defaults
    Babel(
        app,
        locale_selector=lambda: select_locale(centre_defaults()[0]),
        timezone_selector=lambda: zone_of_reader().key,
    )
    app.jinja_env.filters.update(
        datetime=local_datetime, date=local_date, time=local_time, number=number, percent=percent,
        duration=duration, sentences=sentences, money=money, phone=shown_number, zone_time=zone_time,
    )  # fmt: skip


def shown_number(e164: str) -> str:
    """Write a telephone number for people."""
    text: str = _("number withheld") if e164 == WITHHELD else display_number(e164)
    return text


def sentences(said: Iterable[str]) -> str:
    """Sentences after one another; Chinese has no space between them."""
    return ("" if str(_locale()) == "zh" else " ").join(said)


def listed(things: Iterable[str]) -> str:
    """Things in a row, parted as the reader's language does it."""
    comma: str = _(", ")
    return comma.join(things)


def select_locale(default: str) -> str:
    """Choose the person's language, else what was picked before sign-in, else the browser's, else the centre's."""
    user = g.get("user")
    wanted = [g.get("locale"), user.locale if user else ""]
    if has_request_context():
        wanted.append(session.get("locale"))
    chosen = next((locale for locale in wanted if locale in LOCALES), None)
    if not has_request_context():  # a job or a command
        return chosen or default or "en"
    return chosen or request.accept_languages.best_match(list(LOCALES)) or default or "en"


def zone_of_reader() -> ZoneInfo:
    """Zone of the person who reads the page, else the centre's."""
    user = g.get("user")
    name = (user.time_zone if user else "") or g.get("centre_zone") or DEFAULT_ZONE
    return ZoneInfo(name)


def _locale() -> Any:
    return get_locale() or "en"


def local_datetime(at: datetime | None, style: str = "short") -> str:
    """Date and time in the reader's zone."""
    if at is None:
        return ""
    if style == "short":
        return short_datetime(at, zone_of_reader())
    return format_datetime(at.astimezone(zone_of_reader()), style, locale=_locale())


def short_datetime(at: datetime, zone: tzinfo) -> str:
    """Date and time in a zone. English names the month: 11/1/26 is two days, by who reads it."""
    there = at.astimezone(zone)
    if str(_locale()) != "en":
        return format_datetime(there, "short", locale=_locale())
    day, clock_time = (
        format_date(there, "medium", locale=_locale()),
        format_time(there, "short", locale=_locale()),
    )
    return f"{day}, {clock_time}"


def local_date(day: date | datetime | None, style: str = "medium") -> str:
    """A date; a time is first moved to the reader's zone."""
    if day is None:
        return ""
    if isinstance(day, datetime):
        day = day.astimezone(zone_of_reader()).date()
    return format_date(day, style, locale=_locale())


def local_time(at: datetime | None, style: str = "short") -> str:
    """Time of day in the reader's zone."""
    return "" if at is None else format_time(at.astimezone(zone_of_reader()), style, locale=_locale())


def zone_time(at: datetime, zone: str) -> str:
    """Time of day in a given zone: the lead's."""
    return format_time(at.astimezone(ZoneInfo(zone)), "short", locale=_locale())


def number(value: float | int | None, digits: int = 0) -> str:
    """A number with the reader's separators."""
    if value is None:
        return "–"
    pattern = "#,##0" + ("." + "0" * digits if digits else "")
    return format_decimal(value, pattern, locale=_locale())


def percent(share: float | None, digits: int = 1) -> str:
    """A share as percent; None is shown as a dash."""
    if share is None:
        return "–"
    return format_percent(share, "#,##0" + ("." + "0" * digits if digits else "") + "%", locale=_locale())


def duration(seconds: float | None) -> str:
    """2:31, or 1:02:31 from an hour on."""
    if seconds is None:
        return "–"
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def money(minor: int | None, currency: str) -> str:
    """Minor units as money in the reader's format."""
    return "–" if minor is None else format_money(Money(minor, currency), _locale())
