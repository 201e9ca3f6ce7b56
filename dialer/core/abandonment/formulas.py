"""What laws divide by what. Each formula names its parts, so that a page can show them beside the rate."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from dialer.core.abandonment.counts import Counts, Estimates
from dialer.core.abandonment.tally import FEW_ANSWERED, US_LIMIT, US_WINDOW_DAYS, Tally, abandonment_rate
from dialer.core.abandonment.windows import Window, WindowKind


class FormulaKey(StrEnum):
    """Whose rate it is."""

    US = "us"
    UK = "uk"
    CA = "ca"


@dataclass(frozen=True, slots=True)
class Formula:
    """A law's rate: how it counts, over which window, and the limit it sets, if it sets one."""

    key: FormulaKey
    window: Window
    limit: float | None
    tally: Callable[[Counts, Estimates], Tally]
    counts_estimates: bool = False  # people taken for machines are in it

    def of(self, counts: Counts, estimates: Estimates) -> "Result":
        """The rate of some counts."""
        tally = self.tally(counts, estimates)
        return Result(tally.abandoned, tally.answered)


@dataclass(frozen=True, slots=True)
class Result:
    """A rate with what it is made of."""

    numerator: int
    denominator: int

    @property
    def rate(self) -> float | None:
        """None before there is anything to divide by."""
        return abandonment_rate(Tally(self.denominator, self.numerator)) if self.denominator else None

    @property
    def is_few(self) -> bool:
        """So few that the rate says little."""
        return self.denominator < FEW_ANSWERED

    def is_above(self, limit: float) -> bool:
        """True when the rate has passed a limit."""
        return self.numerator > limit * self.denominator


def _of_live_answers(counts: Counts, _estimates: Estimates) -> Tally:
    """Abandoned over everybody who answered; machines are in neither."""
    return Tally(counts.people, counts.abandoned)


def _of_handled_calls(counts: Counts, estimates: Estimates) -> Tally:
    """Abandoned, corrected for what detection got wrong, over the same and the calls that an agent had in time.

    A person who hung up within the two seconds is in neither.
    """
    abandoned = counts.abandoned - estimates.machines_abandoned(counts) + estimates.false_positives(counts)
    return Tally(abandoned + counts.connected, abandoned)


# United States, 16 CFR 310.4(b)(4)(i) and 47 CFR 64.1200(a)(7): over the campaign if it is shorter than 30 days,
# else over each successive 30 days, the last portion by itself.
US = Formula(FormulaKey.US, Window(WindowKind.SUCCESSIVE_DAYS, US_WINDOW_DAYS), US_LIMIT, _of_live_answers)
# United Kingdom: Ofcom's formula of 2010. Since 1 March 2017 no rate is named that would be safe.
UK = Formula(FormulaKey.UK, Window(WindowKind.ROLLING_HOURS, 24), None, _of_handled_calls, True)
# Canada: CRTC Unsolicited Telecommunications Rules, Telemarketing Rules on predictive dialing devices.
CA = Formula(FormulaKey.CA, Window(WindowKind.CALENDAR_MONTH), 0.05, _of_live_answers)

FORMULAS: Mapping[FormulaKey, Formula] = {formula.key: formula for formula in (US, UK, CA)}
