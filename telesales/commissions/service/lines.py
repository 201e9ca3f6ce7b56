"""Ledger lines, each with the way it was computed. Explanations are numbers; pages put them into words."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from telesales.commissions.models import CommissionPlan, LedgerLine
from telesales.commissions.rules.reckoning import Commission, SaleFact, Share, Total, period_start
from telesales.commissions.rules.terms import Tiers, dump_pay

ACCRUAL = "accrual"
REVERSAL = "reversal"
ADJUSTMENT = "adjustment"


@dataclass(frozen=True, slots=True)
class Cause:
    """What made the ledger move: kind "saved", "cancelled" (a sale) or "published" (a version)."""

    kind: str
    subject_id: int


@dataclass(frozen=True, slots=True)
class Account:
    """The lines of one sale."""

    plan: CommissionPlan
    agent_id: int
    sale: SaleFact
    written: Sequence[LedgerLine]

    def accrue(self, commission: Commission) -> Iterator[LedgerLine]:
        """Write each share of a new sale."""
        for number, share in enumerate(commission.shares, start=1):
            yield self._line(
                number,
                ACCRUAL,
                commission.version.version_id,
                amount_minor=share.amount_minor,
                base_minor=share.base_minor,
                band=_band_name(commission, share),
                explanation=explain(commission, share, self.sale),
            )

    def reverse(self) -> Iterator[LedgerLine]:
        """Take back every line that was not taken back yet."""
        reversed_ids = {line.reverses_id for line in self.written}
        standing = [line for line in self.written if line.kind != REVERSAL and line.id not in reversed_ids]
        for number, line in enumerate(standing, start=len(self.written) + 1):
            yield self._line(
                number,
                REVERSAL,
                line.plan_version_id,
                amount_minor=-line.amount_minor,
                base_minor=line.base_minor,
                band=line.band,
                explanation={
                    "sale": self.sale.sale_id,
                    "reverses": line.id,
                    "shares": line.explanation.get("shares", [line.explanation]),
                },
                reverses_id=line.id,
            )

    def adjust(self, commission: Commission, cause: Cause) -> Iterator[LedgerLine]:
        """Write the difference between what the sale has earned so far and what it earns now."""
        before = sum(line.amount_minor for line in self.written)
        difference = commission.amount_minor - before
        if difference == 0:
            return
        last = commission.shares[-1]
        yield self._line(
            len(self.written) + 1,
            ADJUSTMENT,
            commission.version.version_id,
            amount_minor=difference,
            base_minor=self.sale.amount_minor,
            band=_band_name(commission, last),
            explanation={
                "sale": self.sale.sale_id,
                "before_minor": before,
                "now_minor": commission.amount_minor,
                "because": {"kind": cause.kind, "id": cause.subject_id},
                "shares": [explain(commission, share, self.sale) for share in commission.shares],
            },
        )

    def _line(self, number: int, kind: str, plan_version_id: int, **values: Any) -> LedgerLine:
        return LedgerLine(
            entry_key=f"sale:{self.sale.sale_id}:line:{number}",
            kind=kind,
            client_id=self.plan.client_id,
            campaign_id=self.plan.campaign_id,
            sale_id=self.sale.sale_id,
            agent_id=self.agent_id,
            plan_version_id=plan_version_id,
            currency=self.sale.currency,
            day=self.sale.day,
            **values,
        )


def explain(commission: Commission, share: Share, sale: SaleFact) -> dict[str, Any]:
    """Return everything that is needed to compute the share again by hand."""
    part = commission.version.terms.parts[share.part]
    found: dict[str, Any] = {
        "sale": sale.sale_id,
        "version": commission.version.version,
        "part": share.part,
        "pay": dump_pay(share.pay),
        "base_minor": share.base_minor,
        "amount_minor": share.amount_minor,
    }
    if isinstance(part, Tiers) and share.band is not None:
        found["tier"] = {
            "measure": part.measure.value,
            "period": part.period.value,
            "period_start": period_start(part.period, sale.day).isoformat(),
            "mode": part.mode.value,
            "band": share.band,
            "above": part.bands[share.band].above,
            "up_to": part.bands[share.band + 1].above if share.band + 1 < len(part.bands) else None,
            "before": _total(share.before),
            "reached": _total(share.reached),
        }
    return found


def _total(total: Total | None) -> dict[str, int] | None:
    return None if total is None else {"sales": total.sales, "amount_minor": total.amount_minor}


def _band_name(commission: Commission, share: Share) -> str:
    part = commission.version.terms.parts[share.part]
    if not isinstance(part, Tiers) or share.band is None:
        return ""
    return f"{part.measure.value}>{part.bands[share.band].above}"
