"""The formulas in the reader's language."""

from datetime import UTC, datetime

from babel.dates import format_skeleton
from flask_babel import get_locale
from flask_babel import gettext as _

from dialer.core.abandonment import FormulaKey, Measure, WindowKind
from dialer.core.abandonment.windows import local_day
from telesales.dialing.abandonment.rules import Rate
from telesales.i18n import local_date, number, percent, short_datetime


def law(key: str) -> str:
    """Where the formula stands."""
    laws: dict[str, str] = {
        FormulaKey.US: "16 CFR 310.4(b)(4), 47 CFR 64.1200(a)(7)",
        FormulaKey.UK: _("Ofcom, statement on persistent misuse"),
        FormulaKey.CA: _("CRTC, Unsolicited Telecommunications Rules"),
    }
    return laws[key]


def numerator(key: str) -> str:
    """What is divided."""
    if key == FormulaKey.UK:
        return str(_("Abandoned calls, plus people taken for machines, less machines nobody detected"))
    return str(_("People who answered and had no agent within two seconds"))


def denominator(key: str) -> str:
    """What it is divided by."""
    if key == FormulaKey.UK:
        return str(_("The same, plus calls that an agent had within two seconds"))
    return str(_("People who answered"))


def window(rate: Rate, measure: Measure) -> str:
    """The stretch of time, in words and dates."""
    first, last = local_day(rate.since, measure.zone), local_day(rate.until - 1, measure.zone)
    kind, length = rate.formula.window.kind, rate.formula.window.length
    if kind is WindowKind.ROLLING_HOURS:
        return str(_("The last %(hours)s hours", hours=number(length)))
    if kind is WindowKind.CALENDAR_MONTH:
        return str(
            _("Calendar month: %(month)s", month=format_skeleton("yMMMM", first, locale=get_locale() or "en"))
        )
    if measure.started_at is None:
        return str(_("The last %(days)s days", days=number(length)))
    nth = number((last - first).days + 1)
    return str(
        _("%(days)s days from %(first)s, day %(nth)s", days=number(length), first=local_date(first), nth=nth)
    )


def stretch(rate: Rate, measure: Measure) -> str:
    """From when until when, in the time zone of the campaign."""
    since, until = (short_datetime(moment(at), measure.zone) for at in (rate.since, rate.until))
    return str(_("%(since)s to %(until)s", since=since, until=until))


def verdict(rate: Rate) -> str:
    """How the rate stands to its law. Where the law names no limit, nothing is called safe."""
    limit = rate.formula.limit
    if limit is None:
        return str(_("No limit, and no rate is called safe. Aim for 0 to 1 percent."))
    if rate.result.rate is None:
        return str(_("Nobody has answered yet. The limit is %(limit)s.", limit=percent(limit, 0)))
    if rate.result.is_above(limit):
        return str(_("Above the limit of %(limit)s.", limit=percent(limit, 0)))
    return str(_("Not above the limit of %(limit)s.", limit=percent(limit, 0)))


def moment(seconds: float) -> datetime:
    """A time that filters can show."""
    return datetime.fromtimestamp(seconds, UTC)
