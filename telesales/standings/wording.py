"""Standings in words."""

from collections.abc import Mapping
from typing import Any

from flask_babel import format_decimal, format_percent, ngettext
from flask_babel import gettext as _

from telesales.standings.rules.days import Span
from telesales.standings.rules.improvement import Basis, Verdict
from telesales.standings.rules.kinds import AwardKind, Metric


def award_title(kind: str) -> str:
    """The name of an award."""
    titles: dict[str, str] = {
        AwardKind.MOST_IMPROVED: _("Most improved"),
        AwardKind.FIRST_SALE: _("First sale of the day"),
        AwardKind.TOP: _("Top three"),
    }
    return titles[kind]


def award_text(kind: str, figures: Mapping[str, Any]) -> str:
    """Why somebody won, in a sentence."""
    if kind == AwardKind.MOST_IMPROVED:
        return improvement_text(figures)
    if kind == AwardKind.FIRST_SALE:
        first: str = _("at %(clock)s by their own clock", clock=figures["clock"][:5])
        return first
    top: str = ngettext("%(num)s sale", "%(num)s sales", figures["sales"])
    return top


def improvement_text(figures: Mapping[str, Any]) -> str:
    """From how much to how much."""
    text: str = _(
        "%(growth)s: from %(before)s to %(now)s sales in 100 contacts",
        growth=_signed_percent(figures["growth"]),
        before=per_hundred(figures["rate_before"]),
        now=per_hundred(figures["rate"]),
    )
    return text


def per_hundred(rate: float) -> str:
    """A rate as sales in 100 contacts."""
    return str(format_decimal(rate * 100, "0.0"))


def _signed_percent(share: float | None) -> str:
    return "–" if share is None else str(format_percent(share, "+0%;-0%"))


def verdict_text(figures: Mapping[str, Any]) -> str:
    """What the comparison came to."""
    verdict = Verdict(figures["verdict"])
    texts: dict[Verdict, str] = {
        Verdict.IMPROVED: _("Better than before"),
        Verdict.NOT_IMPROVED: _("Not better than before"),
        Verdict.TOO_FEW_CONTACTS: _("Too few contacts today to tell"),
        Verdict.TOO_NEW: _("Too new to compare"),
        Verdict.NO_WORK: _("No contacts today"),
    }
    return texts[verdict]


def basis_text(figures: Mapping[str, Any]) -> str:
    """What somebody was compared with."""
    text: str
    if figures["verdict"] == Verdict.TOO_NEW:
        text = ngettext("%(num)s worked day before", "%(num)s worked days before", figures["before_days"])
    elif figures["basis"] == Basis.COHORT:
        text = _("%(count)s colleagues on their day of the same number", count=figures["before_days"])
    else:
        text = _("own last %(count)s worked days", count=figures["before_days"])
    return text


def metric_names() -> dict[Metric, str]:
    """What a leaderboard can rank by."""
    return {
        Metric.SALES: _("Sales"),
        Metric.AMOUNT: _("Amount"),
        Metric.PER_HOUR: _("Sales per hour"),
        Metric.CALLS: _("Calls"),
        Metric.TALK: _("Talk time"),
    }


def span_names() -> dict[Span, str]:
    """How far a leaderboard looks back."""
    return {Span.TODAY: _("Today"), Span.WEEK: _("This week"), Span.MONTH: _("This month")}
