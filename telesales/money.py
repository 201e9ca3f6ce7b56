"""Exact money: integer minor units and a currency."""

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fractions import Fraction

from babel.core import Locale
from babel.numbers import format_currency, get_currency_precision, list_currencies

CURRENCIES = tuple(sorted(list_currencies(locale="en") & {
    "AED", "AUD", "BRL", "CAD", "CHF", "CNY", "CZK", "DKK", "EUR", "GBP", "HKD", "HUF", "IDR", "ILS", "INR", "JPY",
    "KRW", "KWD", "MXN", "MYR", "NOK", "NZD", "PHP", "PLN", "SAR", "SEK", "SGD", "THB", "TRY", "TWD", "USD", "VND", "ZAR",
}))  # fmt: skip
MAX_MINOR = 10**12
_AROUND = re.compile(r"^[^\d.,\-]+|[^\d.,\-]+$")  # $, EUR, "a head"
# What stands around a number and changes it: "5k" is not 5, "3万" not 3, "5 %" no amount, and "(5)" is minus five.
_FACTOR = re.compile(
    r"\d\s*(?:(?:k|m|mn|mio|bn|hundred|thousand|million)\b|[百千万萬亿億%％‰])", re.IGNORECASE
)
_MINUS = re.compile(r"^[^\d)]*\([^\d)]*\d|^\D*[\u2212\u2013\u2014\ufe63\uff0d]\s*\d")
_GAPS = re.compile(r"(?<=\d)[\s'\u2019](?=\d{3}(?!\d))")  # between thousands; "49 50" is not guessed at
_PLAIN = re.compile(r"-?\d+(\.\d+)?")


class MoneyError(ValueError):
    """The text is no amount; `code` is not_a_number, too_precise, too_large or negative."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """`minor` in the smallest unit of `currency`: Money(1999, "USD") is $19.99, Money(500, "JPY") is ¥500."""

    minor: int
    currency: str

    def __add__(self, other: "Money") -> "Money":
        """Add within one currency."""
        if self.currency != other.currency:
            raise ValueError(f"{self.currency} + {other.currency}")
        return Money(self.minor + other.minor, self.currency)

    @property
    def amount(self) -> Decimal:
        """The amount in whole units."""
        return Decimal(self.minor).scaleb(-digits_of(self.currency))


def digits_of(currency: str) -> int:
    """Digits after the decimal point: USD 2, JPY 0, KWD 3."""
    return get_currency_precision(currency)


def parse_money(text: str, currency: str) -> Money:
    """Read what a person typed: "1,234.50", "1234,5", "¥ 99". Raises MoneyError."""
    if _FACTOR.search(text):
        raise MoneyError("not_a_number")
    if _MINUS.search(text):
        raise MoneyError("negative")
    digits = digits_of(currency)
    plain = _plain_number(_GAPS.sub("", _AROUND.sub("", text)), digits)
    if not _PLAIN.fullmatch(plain):
        raise MoneyError("not_a_number")
    try:
        minor = Decimal(plain).scaleb(digits)
    except InvalidOperation as error:
        raise MoneyError("not_a_number") from error
    if minor != minor.to_integral_value():
        raise MoneyError("too_precise")
    if minor < 0:
        raise MoneyError("negative")
    if minor > MAX_MINOR:
        raise MoneyError("too_large")
    return Money(int(minor), currency)


def _plain_number(text: str, digits: int) -> str:
    """Tell thousands separators from the decimal one.

    "1,234" is one thousand. "1.234" is not guessed at: where cents matter, a wrong factor of a thousand is worse
    than asking again; currencies without a third digit answer "too precise".
    """
    last = max(text.rfind("."), text.rfind(","))
    if last < 0:
        return text
    separators = {char for char in text if char in ".,"}
    is_grouped = text.count(text[last]) > 1 or (text[last] == "," and len(text) - last == 4 and digits != 3)
    if len(separators) == 1 and is_grouped:
        return _ungrouped(text, text[last])
    head, tail = text[:last], text[last + 1 :]
    thousands = next(iter(separators - {text[last]}), "")
    return (_ungrouped(head, thousands) if thousands else head) + "." + tail


def _ungrouped(text: str, separator: str) -> str:
    first, *groups = text.split(separator)
    well_formed = 1 <= len(first.lstrip("-")) <= 3 and all(len(group) == 3 for group in groups)
    return "".join([first, *groups]) if well_formed else "?"


def format_money(money: Money, locale: str | Locale = "en") -> str:
    """Write for people: $19.99, US$19.99, ¥500."""
    return format_currency(money.amount, money.currency, locale=locale)


def share_of(minor: int, share: Fraction) -> int:
    """Take a share of an amount, rounded half up (away from zero) to a minor unit."""
    return round_half_up(Fraction(minor) * share)


def round_half_up(value: Fraction) -> int:
    """Round half away from zero: 0.5 → 1, -0.5 → -1."""
    sign = -1 if value < 0 else 1
    return sign * ((abs(value.numerator) * 2 + value.denominator) // (value.denominator * 2))
