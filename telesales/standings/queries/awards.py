"""The awards of a day with the numbers behind them, as they are shown live and frozen at the end."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from telesales.standings.queries.day import DayStandings
from telesales.standings.queries.totals import AgentTotals
from telesales.standings.rules.improvement import Improvement, Ruling
from telesales.standings.rules.kinds import AwardKind
from telesales.standings.rules.ranking import Placed, top_places

TOP_PLACES = 3


@dataclass(frozen=True, slots=True)
class Winner:
    """Somebody who wins; `figures` are JSON."""

    kind: AwardKind
    place: int
    user_id: int
    figures: dict[str, Any]


def winners_of(standings: DayStandings, ruling: Ruling) -> list[Winner]:
    """Return all awards of a day."""
    return [
        *_most_improved(ruling),
        *_first_sales(standings),
        *_top(standings),
    ]


def _most_improved(ruling: Ruling) -> Iterator[Winner]:
    for entry in ruling.winners:
        yield Winner(AwardKind.MOST_IMPROVED, 1, entry.user_id, improvement_figures(entry))


def _first_sales(standings: DayStandings) -> Iterator[Winner]:
    found = standings.first_sales()
    for sale in found:
        figures = {
            "at": sale.at.isoformat(),
            "clock": sale.on_the_wall.isoformat(),
            "is_shared": len(found) > 1,
        }
        yield Winner(AwardKind.FIRST_SALE, 1, sale.user_id, figures)


def _top(standings: DayStandings) -> Iterator[Winner]:
    for entry in top_places(standings.placed, TOP_PLACES, deserves=lambda totals: totals.sales > 0):
        figures = {
            "sales": entry.item.sales,
            "amount_minor": entry.item.amounts.get(standings.currency, 0),
            "currency": standings.currency,
            "amounts": {currency: minor for currency, minor in entry.item.amounts.items() if minor},
            "is_shared": entry.is_shared,
        }
        yield Winner(AwardKind.TOP, entry.place, entry.item.user_id, figures)


def improvement_figures(entry: Improvement) -> dict[str, Any]:
    """Return one line of the award's table."""
    return {
        "user_id": entry.user_id,
        "verdict": entry.verdict.value,
        "place": entry.place,
        "is_shared": entry.is_shared,
        "sales": entry.sales,
        "contacts": entry.contacts,
        "basis": entry.basis.value,
        "before_sales": entry.before_sales,
        "before_contacts": entry.before_contacts,
        "before_days": entry.before_days,
        "rate": _decimal(entry.rate),
        "rate_before": _decimal(entry.rate_before),
        "growth": None if entry.growth is None else round(entry.growth, 6),
        "z": round(entry.z, 6),
    }


def ruling_figures(ruling: Ruling) -> dict[str, Any]:
    """Return the whole table of the most improved."""
    return {
        "mean": _decimal(ruling.mean),
        "usual_contacts": _decimal(ruling.usual_contacts),
        "minimum": _decimal(ruling.minimum),
        "entries": [improvement_figures(entry) for entry in ruling.improvements],
    }


def row_figures(entry: Placed[AgentTotals]) -> dict[str, Any]:
    """Return one line of the day's leaderboard."""
    totals = entry.item
    return {
        "user_id": totals.user_id,
        "name": totals.name,
        "latin_name": totals.latin_name,
        "place": entry.place,
        "is_shared": entry.is_shared,
        "sales": totals.sales,
        "amounts": totals.amounts,
        "calls": totals.calls,
        "talk_s": totals.talk_s,
        "signed_in_s": totals.signed_in_s,
        "goal": totals.goal,
    }


def _decimal(value: Fraction) -> float:
    return round(float(value), 6)
