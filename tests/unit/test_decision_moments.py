"""Which moment somebody means who types a day and a time."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from flask import Flask

from telesales.dialing.decisions.forms import MomentForm

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 22, 9, 42, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def speaking(built_app: Flask):
    with built_app.test_request_context():
        yield


def read(**args: str) -> MomentForm:
    return MomentForm.read(args, zone=BERLIN, now=NOW)


def test_nothing_typed_means_the_last_quarter_of_an_hour():
    form = read()

    assert (form.day, form.time, form.errors) == ("2026-11-22", "10:42", {})
    assert form.stretch(NOW) == (NOW - timedelta(minutes=15), NOW)


def test_a_time_is_on_the_readers_clock():
    form = read(day="2026-11-20", time="10:42", span="60")

    assert form.stretch(NOW) == (
        datetime(2026, 11, 20, 9, 12, tzinfo=UTC),
        datetime(2026, 11, 20, 10, 12, tzinfo=UTC),
    )


def test_a_time_alone_is_today():
    assert read(time="08:00").around == datetime(2026, 11, 22, 7, 0, tzinfo=UTC)


def test_the_stretch_does_not_reach_beyond_now():
    since, until = read(time="10:40").stretch(NOW)

    assert (since, until) == (NOW - timedelta(minutes=15), NOW)


@pytest.mark.parametrize(
    ("args", "wrong"),
    [
        ({"day": "22.11.2026", "time": "10:42"}, "day"),
        ({"day": "2026-11-31", "time": "10:42"}, "day"),
        ({"day": "0001-01-01", "time": "00:00"}, "day"),
        ({"day": "2026-11-20", "time": "25:00"}, "time"),
        ({"day": "2026-11-20"}, "time"),
        ({"day": "2026-11-20", "time": "10:42+01:00"}, "time"),
        ({"span": "100000"}, "span"),
    ],
)
def test_what_cannot_be_read_is_said_at_its_field_and_kept(args, wrong):
    form = read(**args)

    assert list(form.errors) == [wrong]
    assert getattr(form, wrong) == args.get(wrong, "")


def test_the_hour_that_comes_twice_can_be_asked_for_twice():
    first, second = (read(day="2026-10-25", time="02:30", again=again) for again in ("", "1"))

    assert first.around == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert second.around == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    assert first.comes_twice(BERLIN)
    assert second.comes_twice(BERLIN)


def test_the_hour_that_is_left_out_means_the_one_after_it():
    form = read(day="2026-03-29", time="02:30")

    assert form.around == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    assert not form.comes_twice(BERLIN)
