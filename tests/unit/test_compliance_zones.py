import pytest

from telesales.compliance.rules import zones_of_key
from telesales.compliance.zones import Address, find_zones, zones_of_country, zones_of_state

EASTERN, CENTRAL, PACIFIC = "America/New_York", "America/Chicago", "America/Los_Angeles"


@pytest.mark.parametrize(
    ("state", "postal_code", "zones"),
    [
        ("NY", "", (EASTERN,)),
        ("new york", "", (EASTERN,)),
        ("Ga.", "", (EASTERN,)),
        ("FL", "", (CENTRAL, EASTERN)),
        ("FL", "33101", (EASTERN,)),
        ("FL", "32501", (CENTRAL,)),
        ("FL", "32401", (CENTRAL, EASTERN)),
        ("TX", "79901-1234", ("America/Denver",)),
        ("HI", "96813", ("Pacific/Honolulu",)),
        ("XX", "", ()),
        ("", "33101", ()),
    ],
)
def test_states_have_their_zones(state, postal_code, zones):
    assert zones_of_state(Address("US", state, postal_code)) == zones


def test_address_and_number_that_agree():
    found = find_zones(Address("US", "NY"), ["America/Detroit"])

    assert (found.zone_key, found.evidence["basis"]) == (EASTERN, "agree")


def test_address_and_number_that_disagree_must_both_be_inside():
    found = find_zones(Address("US", "CA"), [EASTERN])

    assert found.zone_key == f"{PACIFIC}|{EASTERN}"
    assert found.evidence == {"address": [PACIFIC], "number": [EASTERN], "basis": "both"}


def test_a_number_never_narrows_a_split_state():
    found = find_zones(Address("US", "FL"), [CENTRAL])

    assert set(zones_of_key(found.zone_key)) == {CENTRAL, EASTERN}


def test_a_toll_free_number_does_not_contradict_an_address():
    found = find_zones(Address("US", "CA"), zones_of_country("US"))

    assert (found.zone_key, found.evidence["basis"]) == (PACIFIC, "address")


def test_without_an_address_the_number_tells():
    found = find_zones(Address(), [EASTERN])

    assert (found.zone_key, found.evidence["basis"]) == (EASTERN, "number")


def test_a_number_narrows_a_country():
    found = find_zones(Address("US"), [EASTERN])

    assert (found.zone_key, found.evidence["basis"]) == (EASTERN, "number")


def test_without_any_evidence_the_zone_is_unknown():
    found = find_zones(Address("", "NY"), [])

    assert (found.zone_key, found.evidence["basis"]) == ("", "unknown")


@pytest.mark.parametrize(
    ("country", "zones"),
    [("GB", ("Europe/London",)), ("CN", ("Asia/Shanghai",)), ("IN", ("Asia/Kolkata",)), ("", ()), ("ZZ", ())],
)
def test_countries_have_the_zones_of_the_zone_table(country, zones):
    assert zones_of_country(country) == zones


def test_a_zone_key_fits_its_column_for_every_country():
    assert all(
        len("|".join(zones_of_country(code))) <= 400 for code in ("US", "RU", "CA", "AU", "BR", "ID", "FR")
    )
