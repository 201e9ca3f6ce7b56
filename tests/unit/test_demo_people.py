from collections import Counter
from datetime import date
from itertools import islice

from telesales.demo import history
from telesales.demo.leads import LANGUAGES, people, pool_size
from telesales.demo.places import PLACES
from telesales.demo.zone import local_zone
from telesales.phone import is_fictional, parse_number


def test_every_number_of_the_demo_is_valid_and_reserved_for_fiction():
    edges = [place.number(line) for place in PLACES for line in (0, place.lines - 1)]

    assert all(is_fictional(number) for number in edges)
    assert [parse_number(number, None).e164 for number in edges] == edges


def test_the_two_lists_share_no_number():
    first, second = ({person["number"] for person in people(language)} for language in LANGUAGES)

    assert len(first) == len(second) == pool_size()
    assert first.isdisjoint(second)


def test_the_same_person_has_always_the_same_name():
    assert list(islice(people("zh"), 50)) == list(islice(people("zh"), 50))


def test_names_are_varied():
    names = Counter(person["name"] for person in islice(people("en"), 300))

    assert len(names) > 270


def test_past_days_are_the_same_at_every_seeding_and_end_before_today():
    today = date(2026, 11, 22)
    days = list(history.past_days("li.na", skill=1.2, until=today, prices=[4900]))

    assert days == list(history.past_days("li.na", skill=1.2, until=today, prices=[4900]))
    assert all(day.day < today and day.day.weekday() != 6 for day in days)
    assert all(day.amount_minor == day.sales * 4900 for day in days)


def test_the_zone_of_the_machine_is_named_by_the_environment(monkeypatch):
    monkeypatch.setenv("TZ", "Asia/Shanghai")
    assert local_zone() == "Asia/Shanghai"


def test_an_unknown_zone_is_not_taken(monkeypatch):
    monkeypatch.setenv("TZ", "Mars/Olympus")
    assert local_zone() != "Mars/Olympus"
