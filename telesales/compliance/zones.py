"""In which time zones a lead may be, and the evidence for it. Unknown stays unknown: nobody is called then."""

import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from telesales.compliance.rules import find_zone, key_of_zones

STATE_FILES = ("us_states.toml", "ca_provinces.toml", "au_states.toml")
# Countries with one legal time whatever the zone table says; the second zone of China's table has no legal force.
ONE_TIME = {"CN": ("Asia/Shanghai",)}
SAMPLES = tuple(datetime(2026, 1, 1, 12, tzinfo=UTC) + timedelta(days=14 * step) for step in range(52))


class Basis(StrEnum):
    """How address and number came together."""

    AGREE = "agree"  # both say the same
    ADDRESS = "address"  # only the address says something, or the number says less
    NUMBER = "number"  # only the number says something, or the address names a whole country
    BOTH = "both"  # they disagree: both must be inside the calling hours
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Address:
    """The part of an address that tells the time. `country` is ISO 3166."""

    country: str = ""
    state: str = ""
    postal_code: str = ""


@dataclass(frozen=True, slots=True)
class ZoneFinding:
    """What was found: the key to store with the lead, and why."""

    zone_key: str
    evidence: dict[str, Any]


def find_zones(address: Address, number_zones: Sequence[str]) -> ZoneFinding:
    """Put address and number together: address first, number as fallback, both when they disagree."""
    by_state = zones_of_state(address)
    by_country = () if by_state else zones_of_country(address.country)
    by_number = distinct(number_zones)
    zones, basis = _combine(by_state, by_country, by_number)
    evidence = {"address": list(by_state or by_country), "number": list(by_number), "basis": basis.value}
    return ZoneFinding(key_of_zones(zones), evidence)


def _combine(
    by_state: Sequence[str], by_country: Sequence[str], by_number: Sequence[str]
) -> tuple[Sequence[str], Basis]:
    by_address = by_state or by_country
    if not by_address:
        return by_number, Basis.NUMBER if by_number else Basis.UNKNOWN
    address_times, number_times = times_of(by_address), times_of(by_number)
    if address_times == number_times:
        return by_address, Basis.AGREE
    if address_times < number_times or not number_times:
        return by_address, Basis.ADDRESS
    if by_country and number_times < address_times:
        return by_number, Basis.NUMBER
    return distinct((*by_address, *by_number)), Basis.BOTH


@lru_cache(maxsize=4096)
def zones_of_state(address: Address) -> tuple[str, ...]:
    """Zones of a state or province, narrowed by the postal code where that is certain; empty when unknown."""
    country = _states().get(address.country)
    state = country.find(address.state) if country else None
    return () if state is None else state.zones_at(address.postal_code)


@cache
def zones_of_country(country: str) -> tuple[str, ...]:
    """All different times of a country, by the zone table of the time zone database."""
    return ONE_TIME.get(country) or distinct(_zone_table().get(country, ()))


@lru_cache(maxsize=4096)
def _clock_of(name: str) -> tuple[timedelta | None, ...]:
    zone = find_zone(name)
    return tuple(at.astimezone(zone).utcoffset() for at in SAMPLES) if zone else ()


def times_of(zones: Iterable[str]) -> frozenset[tuple[timedelta | None, ...]]:
    """The clocks behind the names: New York and Detroit are one."""
    return frozenset(_clock_of(name) for name in zones)


def distinct(zones: Iterable[str]) -> tuple[str, ...]:
    """One name per clock, sorted; names that the time zone database does not know are left out."""
    return _distinct(tuple(sorted(set(zones))))


@lru_cache(maxsize=4096)
def _distinct(zones: tuple[str, ...]) -> tuple[str, ...]:
    by_clock: dict[tuple[timedelta | None, ...], str] = {}
    for name in zones:
        if clock := _clock_of(name):
            by_clock.setdefault(clock, name)
    return tuple(sorted(by_clock.values()))


@dataclass(frozen=True, slots=True)
class _State:
    zones: tuple[str, ...]
    by_prefix: dict[int, str]  # first three digits of the postal code -> its only zone

    def zones_at(self, postal_code: str) -> tuple[str, ...]:
        digits = postal_code[:3]
        found = self.by_prefix.get(int(digits)) if len(digits) == 3 and digits.isdecimal() else None
        return (found,) if found else self.zones


@dataclass(frozen=True, slots=True)
class _Country:
    states: dict[str, _State]  # by code and by name, casefolded

    def find(self, state: str) -> _State | None:
        return self.states.get(" ".join(state.replace(".", "").casefold().split()))


@cache
def _states() -> dict[str, _Country]:
    return dict(_read_states(name) for name in STATE_FILES)


def _read_states(name: str) -> tuple[str, _Country]:
    data = tomllib.loads(files("telesales.compliance").joinpath("data", name).read_text())
    names = data["zones"]
    states: dict[str, _State] = {}
    for code, facts in data["states"].items():
        zones = tuple(sorted(names[zone] for zone in facts["zones"]))
        prefixes = {
            number: names[zone]
            for zone, spans in facts.get("prefixes", {}).items()
            for number in _numbers(spans)
        }
        states[code.casefold()] = states[facts["name"].casefold()] = _State(zones, prefixes)
    return data["country"], _Country(states)


def _numbers(spans: Iterable[str]) -> Iterable[int]:
    for span in spans:
        first, _, last = span.partition("-")
        yield from range(int(first), int(last or first) + 1)


@cache
def _zone_table() -> dict[str, list[str]]:
    table: dict[str, list[str]] = {}
    text = files("tzdata").joinpath("zoneinfo", "zone.tab").read_text()
    for line in text.splitlines():
        if line and not line.startswith("#"):
            country, _place, zone = line.split("\t")[:3]
            table.setdefault(country, []).append(zone)
    return table
