"""Telephone numbers as spreadsheets leave them."""

import re

from telesales.phone import InvalidNumberError, parse_with_zones

_SCIENTIFIC = re.compile(r"([1-9])(?:[.,](\d+))?E\+?(\d{1,2})", re.IGNORECASE)
_WHOLE_FLOAT = re.compile(r"(\d+)[.,]0+")
_BETWEEN_NUMBERS = re.compile(r"[/;,、；，]|\bor\b")
ROUNDED = "rounded"  # a spreadsheet has thrown digits away
EMPTY = "empty"

Reading = tuple[str, tuple[str, ...]]  # E.164, time zones


def read_number(cell: str, region: str | None) -> Reading:
    """Read the number of a cell; of several the first that is valid. Raises InvalidNumberError."""
    text = cell.strip()
    if not text:
        raise InvalidNumberError(EMPTY)
    try:
        return parse_with_zones(text, region)
    except InvalidNumberError:
        mended = _mend(text)
        if not mended:
            raise
        return _first_valid(mended, region)


def _mend(text: str) -> list[str]:
    if match := _SCIENTIFIC.fullmatch(text):
        whole, decimals, exponent = match[1], match[2] or "", int(match[3])
        if len(decimals) < exponent - 1:  # one trailing nought may be hidden, more are lost digits
            raise InvalidNumberError(ROUNDED)
        return [(whole + decimals).ljust(exponent + 1, "0")]
    if match := _WHOLE_FLOAT.fullmatch(text):
        return [match[1]]
    parts = [part for part in _BETWEEN_NUMBERS.split(text) if part.strip()]
    return parts if len(parts) > 1 else []


def _first_valid(candidates: list[str], region: str | None) -> Reading:
    first_error: InvalidNumberError | None = None
    for candidate in candidates:
        try:
            return parse_with_zones(candidate, region)
        except InvalidNumberError as error:
            first_error = first_error or error
    raise first_error or InvalidNumberError(EMPTY)
