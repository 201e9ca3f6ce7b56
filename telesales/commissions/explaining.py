"""Ledger lines in words: every number that was used is said."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _

from telesales.commissions.models import LedgerLine
from telesales.commissions.rules.terms import Measure, Mode, Period
from telesales.commissions.wording import band_text, limit_text, period_name, rate_text, sum_text


def share_sentences(share: Mapping[str, Any], currency: str) -> list[str]:
    """How one share was computed: the count, the band, the multiplication."""
    tier = share.get("tier")
    return [*(_tier_sentences(tier, currency) if tier else []), _computation(share, currency)]


def _tier_sentences(tier: Mapping[str, Any], currency: str) -> list[str]:
    measure, period = Measure(tier["measure"]), Period(tier["period"])
    name = period_name(period, tier["period_start"])
    is_whole = tier["mode"] == Mode.WHOLE
    total = tier["reached" if is_whole else "before"]
    value = total["sales"] if measure is Measure.SALES else total["amount_minor"]
    sold = limit_text(measure, value, currency)
    count: str
    if is_whole:
        count = _("%(period)s: %(sold)s, this sale and those after it included.", sold=sold, period=name)
    else:
        count = _("%(period)s: %(sold)s before this sale.", sold=sold, period=name)
    band: str = _("Band: %(band)s.", band=band_text(measure, tier["above"], tier["up_to"], currency))
    return [count, band]


def _computation(share: Mapping[str, Any], currency: str) -> str:
    pay = share["pay"]
    amount = sum_text(share["amount_minor"], currency)
    text: str
    if pay["kind"] == "flat":
        text = _("%(amount)s for the sale.", amount=amount)
    else:
        text = _(
            "%(rate)s of %(base)s = %(amount)s (rounded half up per sale).",
            rate=rate_text(pay["rate_ppm"]),
            base=sum_text(share["base_minor"], currency),
            amount=amount,
        )
    return text


def band_of(line: LedgerLine) -> str:
    """The band that a line was paid by; empty where the plan has none."""
    shares = line.explanation.get("shares", [line.explanation])
    tiers = [share["tier"] for share in shares if "tier" in share]
    return "; ".join(
        band_text(Measure(tier["measure"]), tier["above"], tier["up_to"], line.currency) for tier in tiers
    )


def adjustment_sentences(explanation: Mapping[str, Any], currency: str) -> list[str]:
    """Why a sale earns something else now."""
    now: str = _(
        "This sale had earned %(before)s and earns %(now)s now.",
        before=sum_text(explanation["before_minor"], currency),
        now=sum_text(explanation["now_minor"], currency),
    )
    return [cause_sentence(explanation["because"]), now]


def cause_sentence(cause: Mapping[str, Any]) -> str:
    """What made the ledger move."""
    subject = cause["id"]
    texts: dict[str, str] = {
        "saved": _("Sale %(id)s changed what has been sold in the period.", id=subject),
        "cancelled": _("Sale %(id)s was cancelled.", id=subject),
        "published": _("A version of the plan was published."),
    }
    return texts[cause["kind"]]


def kind_name(kind: str) -> str:
    """What a ledger line is."""
    texts: dict[str, str] = {
        "accrual": _("Earned"),
        "reversal": _("Taken back"),
        "adjustment": _("Corrected"),
    }
    return texts[kind]


def line_sentences(kind: str, explanation: Mapping[str, Any], currency: str) -> list[str]:
    """How a line of the ledger was computed."""
    if kind == "reversal":
        text: str = _("Takes back line %(id)s, because the sale was cancelled.", id=explanation["reverses"])
        return [text]
    if kind == "adjustment":
        shares = [
            sentence for share in explanation["shares"] for sentence in share_sentences(share, currency)
        ]
        return [*adjustment_sentences(explanation, currency), *shares]
    return share_sentences(explanation, currency)
