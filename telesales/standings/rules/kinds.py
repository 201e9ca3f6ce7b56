"""What leaderboards rank by, and what can be won."""

from enum import StrEnum


class Metric(StrEnum):
    """What a leaderboard ranks by."""

    SALES = "sales"
    AMOUNT = "amount"
    PER_HOUR = "per_hour"
    CALLS = "calls"
    TALK = "talk"


class AwardKind(StrEnum):
    """What somebody can win on a day."""

    MOST_IMPROVED = "most_improved"
    FIRST_SALE = "first_sale"
    TOP = "top"
