"""Telephone numbers: the only user of the phonenumbers library."""

import functools
import re
from collections.abc import Iterable
from dataclasses import dataclass

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat, PhoneNumberType, ValidationResult, timezone

_PARSE_REASONS = {
    NumberParseException.INVALID_COUNTRY_CODE: "invalid_country_code",
    NumberParseException.NOT_A_NUMBER: "not_a_number",
    NumberParseException.TOO_SHORT_AFTER_IDD: "too_short",
    NumberParseException.TOO_SHORT_NSN: "too_short",
    NumberParseException.TOO_LONG: "too_long",
}
_POSSIBLE_REASONS = {
    ValidationResult.TOO_SHORT: "too_short",
    ValidationResult.TOO_LONG: "too_long",
    ValidationResult.INVALID_LENGTH: "invalid_length",
    ValidationResult.INVALID_COUNTRY_CODE: "invalid_country_code",
    ValidationResult.IS_POSSIBLE_LOCAL_ONLY: "area_code_missing",
}
_ORDINARY = frozenset(
    {
        PhoneNumberType.FIXED_LINE,
        PhoneNumberType.MOBILE,
        PhoneNumberType.FIXED_LINE_OR_MOBILE,
        PhoneNumberType.TOLL_FREE,
        PhoneNumberType.VOIP,
        PhoneNumberType.UAN,
    }
)
_UNKNOWN_ZONE = "Etc/Unknown"
WITHHELD = "+0"  # of somebody who rings us and does not show a number
REGIONS = tuple(sorted(phonenumbers.SUPPORTED_REGIONS))


class InvalidNumberError(ValueError):
    """The text is no number that can be called; `reason` is one of the library's reasons.

    not_a_number, invalid_country_code, too_short, too_long, invalid_length, area_code_missing, not_in_use.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class ParsedNumber:
    """A valid number. `is_mobile` counts "fixed line or mobile" as mobile: the stricter rules apply."""

    e164: str
    region: str
    is_mobile: bool


def parse_number(raw: str, region: str | None) -> ParsedNumber:
    """Read a number as written in `region` (ISO 3166, upper case). Raises InvalidNumberError."""
    number, kind = _parse(raw, region)
    return ParsedNumber(
        e164=phonenumbers.format_number(number, PhoneNumberFormat.E164),
        region=phonenumbers.region_code_for_number(number) or "",
        is_mobile=kind in (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE),
    )


def is_ordinary(e164: str) -> bool:
    """True for numbers that cost what a call usually costs: no premium, shared-cost or pager number, none unknown."""
    return phonenumbers.number_type(phonenumbers.parse(e164, None)) in _ORDINARY


def parse_with_zones(raw: str, region: str | None) -> tuple[str, tuple[str, ...]]:
    """E.164 and time zones with one parse: for imports. Raises InvalidNumberError."""
    number, kind = _parse(raw, region)
    return f"+{number.country_code}{phonenumbers.national_significant_number(number)}", _zones_of(
        number, kind
    )


def _parse(raw: str, region: str | None) -> tuple[phonenumbers.PhoneNumber, int]:
    number = _plain_north_american(raw, region)
    if number is None:
        try:
            number = phonenumbers.parse(raw, region)
        except NumberParseException as error:
            raise InvalidNumberError(_PARSE_REASONS.get(error.error_type, "not_a_number")) from error
    kind: int = phonenumbers.number_type(number)
    if kind == PhoneNumberType.UNKNOWN:
        possible = phonenumbers.is_possible_number_with_reason(number)
        raise InvalidNumberError(_POSSIBLE_REASONS.get(possible, "not_in_use"))
    return number, kind


_NORTH_AMERICAN = re.compile(r"\(?([2-9][0-9]{2})\)?[-. ]?([2-9][0-9]{2})[-. ]?([0-9]{4})")
_NORTH_AMERICA = frozenset(phonenumbers.COUNTRY_CODE_TO_REGION_CODE[1])


def _plain_north_american(raw: str, region: str | None) -> phonenumbers.PhoneNumber | None:
    """Ten digits as nearly every American list has them: what the library would find, in a tenth of the time."""
    match = _NORTH_AMERICAN.fullmatch(raw) if region in _NORTH_AMERICA else None
    return match and phonenumbers.PhoneNumber(country_code=1, national_number=int("".join(match.groups())))


def _zones_of(number: phonenumbers.PhoneNumber, kind: int) -> tuple[str, ...]:
    """As `time_zones_of_number`, without parsing and judging the number once more."""
    country_code = number.country_code or 0
    if phonenumbers.is_number_type_geographical(kind, country_code):
        return _known(timezone.time_zones_for_geographical_number(number))
    if country_code not in _ZONES_OF_COUNTRY_CODE:  # of such numbers only the country is known
        _ZONES_OF_COUNTRY_CODE[country_code] = _known(timezone.time_zones_for_number(number))
    return _ZONES_OF_COUNTRY_CODE[country_code]


_ZONES_OF_COUNTRY_CODE: dict[int, tuple[str, ...]] = {}


def _known(zones: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(zone for zone in zones if zone != _UNKNOWN_ZONE))


@functools.lru_cache(maxsize=65_536)
def time_zones_of_number(e164: str) -> tuple[str, ...]:
    """IANA zones that the number may be in, sorted; empty when unknown."""
    return _known(timezone.time_zones_for_number(phonenumbers.parse(e164, None)))


def display_number(e164: str) -> str:
    """Write a number for people: +1 202-555-0123."""
    try:
        return phonenumbers.format_number(phonenumbers.parse(e164, None), PhoneNumberFormat.INTERNATIONAL)
    except NumberParseException:
        return e164


_UK_FICTION = ("+441134960", "+441144960", "+441154960", "+441164960", "+441174960", "+441184960", "+441214960",
               "+441314960", "+441414960", "+441514960", "+441614960", "+442079460", "+441914980", "+442890180",
               "+442920180", "+441632960", "+447700900", "+448081570", "+449098790", "+443069990")  # fmt: skip


def is_fictional(e164: str) -> bool:
    """Say whether the number is reserved for fiction (US and Canada NPA-555-0100…0199, the UK's drama ranges)."""
    if e164.startswith("+1") and len(e164) == 12:
        return e164[5:10] == "55501"
    return e164.startswith(_UK_FICTION) and len(e164) == 13
