"""Invented leads with numbers reserved for fiction. The nth lead of a language is always the same person."""

import random
from collections.abc import Iterator
from typing import Any

from sqlalchemy import func, select

from telesales.compliance.zones import Address, find_zones
from telesales.demo.names import chinese_name, english_name
from telesales.demo.places import PLACES, Place
from telesales.extensions import db
from telesales.leads.models import Lead, LeadList
from telesales.phone import is_fictional, time_zones_of_number

LANGUAGES = ("en", "zh")
STREETS = ("Maple Avenue", "Oak Street", "Cedar Lane", "Park Road", "Lake Drive", "Hill Street", "Church Road",
           "Washington Street", "Elm Court", "River Road", "Sunset Boulevard", "Meadow Lane")  # fmt: skip
SUPPLIERS = ("Citywide Power", "Blue Ridge Energy", "Harbor Electric", "Prairie Light", "Unity Gas & Power")
HOMES = ("flat", "terraced house", "house", "house with garden")
PLANS = ("4G畅享 58", "4G飞享 88", "5G基础 99", "家庭宽带 100M", "亲情网 68")


def pool_size() -> int:
    """How many different people there are in one language: half of each place's numbers."""
    return sum(place.lines // len(LANGUAGES) for place in PLACES)


def people(language: str) -> Iterator[dict[str, Any]]:
    """Everybody of a language, place by place in turn, so that time zones are mixed."""
    half = LANGUAGES.index(language)
    most = max(place.lines for place in PLACES) // len(LANGUAGES)
    for line in range(most):
        for place in PLACES:
            lines = place.lines // len(LANGUAGES)
            if line < lines:
                yield _person(place, half * lines + line, language)


def _person(place: Place, line: int, language: str) -> dict[str, Any]:
    number = place.number(line)
    rng = random.Random(number)
    name = chinese_name(rng) if language == "zh" else english_name(rng)
    return {
        "number": number,
        "name": name.name,
        "latin_name": name.latin,
        "address": f"{rng.randint(1, 480)} {rng.choice(STREETS)}",
        "city": place.city,
        "state": place.state,
        "postal_code": place.postal_code,
        "country": place.country,
        "language": language,
        "custom": _plan(rng) if language == "zh" else _tariff(rng),
    }


def _plan(rng: random.Random) -> dict[str, str]:
    return {
        "current_plan": rng.choice(PLANS),
        "monthly_bill": str(rng.randrange(58, 189)),
        "customer_since": str(rng.randrange(2009, 2025)),
    }


def _tariff(rng: random.Random) -> dict[str, str]:
    return {
        "Current supplier": rng.choice(SUPPLIERS),
        "Monthly bill": f"{rng.randrange(62, 210)}.00",
        "Home type": rng.choice(HOMES),
    }


def add_fresh(lead_list: LeadList, *, language: str, count: int) -> int:
    """Add the next people of the language who are not in the list yet; return how many there were."""
    taken = db.session.scalar(select(func.count(Lead.id)).where(Lead.list_id == lead_list.id)) or 0
    known = set(db.session.scalars(select(Lead.number).where(Lead.list_id == lead_list.id)))
    added = 0
    for person in people(language):
        if added == count or taken + added >= pool_size():
            break
        if person["number"] not in known:
            db.session.add(make_lead(lead_list, person))
            added += 1
    db.session.flush()
    return added


def make_lead(lead_list: LeadList, person: dict[str, Any]) -> Lead:
    """A lead of an invented person, in the right time zone."""
    if not is_fictional(person["number"]):
        raise ValueError(f"{person['number']} may be somebody's")
    address = Address(person["country"], person["state"], person["postal_code"])
    found = find_zones(address, time_zones_of_number(person["number"]))
    return Lead(
        client_id=lead_list.client_id,
        list_id=lead_list.id,
        zone_key=found.zone_key,
        zone_evidence=found.evidence,
        **person,
    )
