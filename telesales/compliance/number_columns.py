"""Which column of a file holds telephone numbers, by what is in it."""

from collections.abc import Iterable, Sequence
from itertools import islice

from telesales.phone import InvalidNumberError, parse_number

SAMPLE_ROWS = 200
# Asked when the file does not say the country: the commonest places of lists, in this order.
LIKELY_REGIONS = ("US", "CN", "GB", "DE", "FR", "IN", "AU", "ES", "IT", "BR", "MX", "JP", "SG", "HK", "TW")
MIN_SHARE = 0.5
MIN_DIGITS = 6


def is_number(cell: str, region: str | None) -> bool:
    """Say whether the cell is a telephone number as written in the region."""
    if sum(character.isdecimal() for character in cell) < MIN_DIGITS:
        return False
    try:
        parse_number(cell, region)
    except InvalidNumberError:
        return False
    return True


def number_share(cells: Iterable[str], region: str | None) -> float:
    """Share of the filled cells that are numbers."""
    filled = [cell for cell in cells if cell.strip()]
    return sum(is_number(cell, region) for cell in filled) / len(filled) if filled else 0.0


def column(rows: Sequence[Sequence[str]], index: int) -> list[str]:
    """The cells of one column; a row that is too short has an empty cell."""
    return [row[index] if index < len(row) else "" for row in rows]


def guess_number_column(rows: Sequence[Sequence[str]], region: str | None) -> int | None:
    """The column with the largest share of numbers; the left one of equals; None when no column has enough."""
    width = max(map(len, rows), default=0)
    shares = [(number_share(column(rows, index), region), -index) for index in range(width)]
    share, place = max(shares, default=(0.0, 0))
    return -place if share >= MIN_SHARE else None


def guess_region(rows: Sequence[Sequence[str]], *, likely: str = "US") -> str:
    """The country in which the most cells of the best column are numbers; `likely` wins among equals."""
    sample = list(islice(rows, SAMPLE_ROWS))
    regions = dict.fromkeys((likely, *LIKELY_REGIONS))
    return max(regions, key=lambda region: _best_share(sample, region))


def _best_share(rows: Sequence[Sequence[str]], region: str) -> float:
    width = max(map(len, rows), default=0)
    return max((round(number_share(column(rows, index), region), 2) for index in range(width)), default=0.0)


def guess_split_number(rows: Sequence[Sequence[str]]) -> list[int] | None:
    """Area code and number in two columns, as the national registry of the United States delivers them."""
    pairs = [row for row in rows if row]
    if not pairs or any(len(row) != 2 for row in pairs):
        return None
    is_split = all(
        row[0].strip().isdecimal()
        and len(row[0].strip()) == 3
        and row[1].strip().isdecimal()
        and len(row[1].strip()) == 7
        for row in pairs
    )
    return [0, 1] if is_split else None
