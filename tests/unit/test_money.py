from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telesales.money import (
    CURRENCIES,
    Money,
    MoneyError,
    digits_of,
    format_money,
    parse_money,
    round_half_up,
    share_of,
)


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [
        ("12", "USD", 1200),
        ("12.5", "USD", 1250),
        ("12,50", "EUR", 1250),
        ("$1,234.50", "USD", 123450),
        ("1.234,50 €", "EUR", 123450),
        ("1,234", "USD", 123400),
        ("1,234,567", "USD", 123456700),
        ("1.234.567", "EUR", 123456700),
        ("¥ 99", "JPY", 99),
        ("¥1,234", "JPY", 1234),
        ("1.234", "KWD", 1234),
        ("0", "USD", 0),
        ("US$ 12.50", "USD", 1250),
        ("12,50 EUR a head", "EUR", 1250),
        ("1 234,50 €", "EUR", 123450),
        ("1’234.50", "CHF", 123450),
        ("12 MYR", "MYR", 1200),
        ("12 kr", "SEK", 1200),
        ("12 (EUR)", "EUR", 1200),
        ("99元", "CNY", 9900),
        ("1 234 567,50", "EUR", 123456750),
    ],
)
def test_amount_is_read_as_people_write_it(text: str, currency: str, minor: int) -> None:
    assert parse_money(text, currency) == Money(minor, currency)


@pytest.mark.parametrize(
    ("text", "currency", "code"),
    [
        ("", "USD", "not_a_number"),
        ("free", "USD", "not_a_number"),
        ("1,23,4", "USD", "not_a_number"),
        ("12.345", "USD", "too_precise"),
        ("49.005", "USD", "too_precise"),
        ("0.5", "JPY", "too_precise"),
        ("-5", "USD", "negative"),
        ("99999999999999", "USD", "too_large"),
        ("1.2.3", "USD", "not_a_number"),
        ("1e99", "USD", "not_a_number"),
        ("2 x 50", "USD", "not_a_number"),
        ("10/20", "USD", "not_a_number"),
        ("49 50", "USD", "not_a_number"),
        ("1 2345", "USD", "not_a_number"),
        ("5k", "USD", "not_a_number"),
        ("1.5 K", "USD", "not_a_number"),
        ("2 mn", "USD", "not_a_number"),
        ("3 thousand", "USD", "not_a_number"),
        ("3万", "CNY", "not_a_number"),
        ("1.5 千元", "CNY", "not_a_number"),
        ("5 %", "USD", "not_a_number"),
        ("(5.00)", "USD", "negative"),
        ("$ (5.00)", "USD", "negative"),
        ("\u22125", "USD", "negative"),
        ("\uff0d5", "CNY", "negative"),
    ],
)
def test_what_is_no_amount_says_why(text: str, currency: str, code: str) -> None:
    with pytest.raises(MoneyError) as error:
        parse_money(text, currency)

    assert error.value.code == code


@given(st.integers(0, 10**11), st.sampled_from(CURRENCIES), st.sampled_from(["en", "zh"]))
def test_what_we_write_is_read_back_to_the_cent(minor: int, currency: str, locale: str) -> None:
    money = Money(minor, currency)
    if digits_of(currency) == 0 or digits_of(currency) == 3:
        assert parse_money(str(money.amount), currency) == money
    else:
        assert parse_money(format_money(money, locale), currency) == money


@given(st.fractions())
def test_rounding_is_half_away_from_zero_and_never_off_by_more_than_half(value: Fraction) -> None:
    rounded = round_half_up(value)

    assert abs(value - rounded) <= Fraction(1, 2)
    assert round_half_up(-value) == -rounded


def test_share_rounds_the_half_cent_up() -> None:
    assert share_of(1250, Fraction(1, 100)) == 13
    assert share_of(-1250, Fraction(1, 100)) == -13


def test_two_currencies_do_not_add() -> None:
    with pytest.raises(ValueError, match=r"USD \+ EUR"):
        Money(1, "USD") + Money(1, "EUR")
