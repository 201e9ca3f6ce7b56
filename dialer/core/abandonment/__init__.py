"""The abandonment rate as different laws count it: from the same counts of calls, by formulas with a window each."""

from dialer.core.abandonment.counts import Counts, Estimates
from dialer.core.abandonment.formulas import FORMULAS, Formula, FormulaKey, Result
from dialer.core.abandonment.measure import Measure
from dialer.core.abandonment.packs import PACKS, RulePack, pack_named
from dialer.core.abandonment.tally import (
    CONNECT_SECONDS,
    FEW_ANSWERED,
    US_LIMIT,
    US_WINDOW_DAYS,
    Tally,
    abandonment_rate,
    is_abandoned,
    is_limit_reached,
    room_left,
)
from dialer.core.abandonment.windows import Window, WindowKind, local_day_start

__all__ = [
    "CONNECT_SECONDS",
    "FEW_ANSWERED",
    "FORMULAS",
    "PACKS",
    "US_LIMIT",
    "US_WINDOW_DAYS",
    "Counts",
    "Estimates",
    "Formula",
    "FormulaKey",
    "Measure",
    "Result",
    "RulePack",
    "Tally",
    "Window",
    "WindowKind",
    "abandonment_rate",
    "is_abandoned",
    "is_limit_reached",
    "local_day_start",
    "pack_named",
    "room_left",
]
