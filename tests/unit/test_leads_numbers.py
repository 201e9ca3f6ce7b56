import random

import phonenumbers
import pytest

from telesales.phone import InvalidNumberError, parse_number, parse_with_zones, time_zones_of_number

SHAPES = (
    "{a}{b}{c}",
    "({a}) {b}-{c}",
    "{a}-{b}-{c}",
    "{a}.{b}.{c}",
    "+1{a}{b}{c}",
    "1 {a} {b} {c}",
    "{a} {b}",
)
COUNTRIES = ("US", "CA", "AG", "GB", "CN", "DE", "IN")


def _answer(function, raw, region):
    try:
        return function(raw, region)
    except InvalidNumberError as error:
        return error.reason


@pytest.mark.parametrize("region", COUNTRIES)
def test_the_fast_way_finds_what_the_library_finds(region):
    chance = random.Random(region)
    for _case in range(2_000):
        shape = chance.choice(SHAPES)
        raw = shape.format(
            a=chance.randint(100, 999),
            b=chance.choice(("555", chance.randint(100, 999))),
            c=f"01{chance.randint(0, 99):02}",
        )

        fast = _answer(parse_with_zones, raw, region)

        slow = _answer(_as_the_library, raw, region)
        assert fast == slow, raw


def _as_the_library(raw, region):
    try:
        number = phonenumbers.parse(raw, region)
    except phonenumbers.NumberParseException:
        return _answer(parse_number, raw, region)
    if not phonenumbers.is_valid_number(number):
        return _answer(parse_number, raw, region)
    e164 = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return e164, time_zones_of_number(e164)
