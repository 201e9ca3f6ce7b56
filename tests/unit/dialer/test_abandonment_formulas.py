"""The three laws on the same calls, reckoned by hand; windows over nights, months and clock changes."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from dialer.core.abandonment import (
    FORMULAS,
    PACKS,
    Counts,
    Estimates,
    Measure,
    Result,
    Window,
    WindowKind,
    local_day_start,
    pack_named,
)
from dialer.core.floor.tally import SlotTallies

NEW_YORK, TORONTO, LONDON = (
    ZoneInfo("America/New_York"),
    ZoneInfo("America/Toronto"),
    ZoneInfo("Europe/London"),
)
KATHMANDU = ZoneInfo("Asia/Kathmandu")
# 1,000 people answered: 950 had an agent in time, 20 had none, 30 hung up at once; 400 calls went to machines.
MONTH = Counts(people=1000, connected=950, abandoned=20, machines=400)
THIRTY_DAYS = Window(WindowKind.SUCCESSIVE_DAYS, 30)
ONE_DAY = Window(WindowKind.ROLLING_HOURS, 24)
CALENDAR_MONTH = Window(WindowKind.CALENDAR_MONTH)


def at(year, month, day, hour=0, minute=0, zone=UTC) -> float:
    return datetime(year, month, day, hour, minute, tzinfo=zone).timestamp()


@pytest.mark.parametrize(
    ("law", "numerator", "denominator", "rate"),
    [("us", 20, 1000, 0.02), ("ca", 20, 1000, 0.02), ("uk", 20, 970, 0.0206186)],
)
def test_each_law_divides_its_own_numbers(law, numerator, denominator, rate):
    result = FORMULAS[law].of(MONTH, Estimates())

    assert (result.numerator, result.denominator) == (numerator, denominator)
    assert result.rate == pytest.approx(rate, abs=1e-7)


@pytest.mark.parametrize(
    ("estimates", "numerator", "denominator"),
    [
        # 2 % of 400 machines were people: 8 more abandoned, above and below the line
        (Estimates(false_positives_bp=200), 28, 978),
        # no detection: of 20 abandoned a quarter were machines
        (Estimates(machines_bp=2_500), 15, 965),
        # 0.1 % of 400 is 0.4 of a person: counted as one; 9.9 % of 20 is 1.98 machines: taken off as one
        (Estimates(false_positives_bp=10, machines_bp=990), 20, 970),
    ],
)
def test_the_british_rate_takes_in_what_detection_got_wrong(estimates, numerator, denominator):
    result = FORMULAS["uk"].of(MONTH, estimates)

    assert (result.numerator, result.denominator) == (numerator, denominator)


@pytest.mark.parametrize("law", ["us", "ca"])
def test_the_american_rates_know_no_estimates(law):
    assert FORMULAS[law].of(MONTH, Estimates(500, 500)) == FORMULAS[law].of(MONTH, Estimates())


@pytest.mark.parametrize("law", list(FORMULAS))
def test_without_calls_there_is_no_rate(law):
    assert FORMULAS[law].of(Counts(), Estimates()).rate is None


def test_a_limit_is_passed_only_beyond_it():
    assert not Result(30, 1000).is_above(0.03)
    assert Result(31, 1000).is_above(0.03)


def test_people_who_hung_up_at_once_are_the_rest():
    assert MONTH.others == 30


def test_limits_of_the_laws():
    assert {key: formula.limit for key, formula in FORMULAS.items()} == {"us": 0.03, "uk": None, "ca": 0.05}
    assert {key: pack.highest_limit_bp for key, pack in PACKS.items()} == {"us": 300, "uk": 100, "ca": 500}


def test_a_pack_that_nobody_knows_is_the_usual_one():
    assert pack_named("mars") is PACKS["us"]


@pytest.mark.parametrize(
    ("now", "begins"),
    [
        (at(2026, 10, 5, 9, zone=NEW_YORK), at(2026, 10, 5, zone=NEW_YORK)),  # its first day
        (
            at(2026, 11, 3, 23, 59, zone=NEW_YORK),
            at(2026, 10, 5, zone=NEW_YORK),
        ),  # its 30th, over a clock change
        (at(2026, 11, 4, zone=NEW_YORK), at(2026, 11, 4, zone=NEW_YORK)),  # the next period
        (at(2027, 1, 15, 12, zone=NEW_YORK), at(2027, 1, 3, zone=NEW_YORK)),
    ],
)
def test_thirty_days_follow_each_other_from_the_first_day_of_the_campaign(now, begins):
    started = at(2026, 10, 5, 15, 30, zone=NEW_YORK)

    assert THIRTY_DAYS.begins(now, NEW_YORK, started_at=started) == begins


@pytest.mark.parametrize("started_at", [None, at(2026, 12, 24)])
def test_a_campaign_that_never_started_looks_back_thirty_days(started_at):
    now = at(2026, 11, 22, 12)

    assert THIRTY_DAYS.begins(now, UTC, started_at=started_at) == at(2026, 10, 24)


def test_a_calendar_month_begins_at_its_own_midnight():
    first_of_november = at(2026, 11, 1, zone=TORONTO)  # the night in which clocks go back

    assert CALENDAR_MONTH.begins(at(2026, 11, 30, 23, 59, zone=TORONTO), TORONTO) == first_of_november
    assert CALENDAR_MONTH.begins(at(2026, 11, 1, 4, 30), TORONTO) == first_of_november
    assert CALENDAR_MONTH.begins(at(2026, 11, 1, 3, 59), TORONTO) == at(2026, 10, 1, zone=TORONTO)
    assert CALENDAR_MONTH.begins(at(2026, 3, 1, 12), UTC) == at(2026, 3, 1)


def test_24_hours_are_24_hours_when_clocks_change():
    noon = at(2026, 10, 25, 12, zone=LONDON)

    assert noon - ONE_DAY.begins(noon, LONDON) == 86_400


def test_a_local_day_lasts_25_hours_when_clocks_go_back():
    before, after = at(2026, 10, 25, 12, zone=LONDON), at(2026, 10, 26, 12, zone=LONDON)

    assert local_day_start(after, LONDON) - local_day_start(before, LONDON) == 25 * 3600


@pytest.mark.parametrize("zone", [NEW_YORK, LONDON, KATHMANDU])
def test_a_day_is_the_day_of_its_zone(zone):
    tallies = SlotTallies()
    midnight = at(2026, 11, 22, zone=zone)
    tallies.add(midnight - 1, Counts(people=5, abandoned=1))
    tallies.add(midnight, Counts(people=7))

    today = Measure(zone=zone).of_day(tallies, midnight + 3600)

    assert (today.answered, today.abandoned) == (7, 0)


def test_a_measure_counts_the_window_of_its_law():
    tallies, now = SlotTallies(), at(2026, 11, 22, 12)
    for days_ago, abandoned in ((0, 1), (2, 2), (25, 4)):
        tallies.add(now - days_ago * 86_400, Counts(people=10, connected=10 - abandoned, abandoned=abandoned))

    abandoned = {key: Measure(pack).of_window(tallies, now).abandoned for key, pack in PACKS.items()}

    assert abandoned == {"us": 7, "uk": 1, "ca": 3}


def test_sums_are_kept_up_as_people_answer():
    tallies, now = SlotTallies(), at(2026, 11, 22, 12)
    tallies.add(now, Counts(people=1))
    assert tallies.since(now - 86_400) == Counts(people=1)

    tallies.add(now + 60, Counts(people=1, machines=2))
    tallies.add(now - 90_000, Counts(people=50))

    assert tallies.since(now - 86_400) == Counts(people=2, machines=2)


def test_old_days_are_forgotten_and_named():
    tallies, now = SlotTallies(), at(2026, 11, 22, 12)
    tallies.add(now - 35 * 86_400, Counts(people=1))

    changed = tallies.add(now, Counts(people=1))

    assert changed == [at(2026, 11, 22) // 86_400, at(2026, 10, 18) // 86_400]
    assert tallies.since(0) == Counts(people=1)


def test_a_stored_day_comes_back():
    tallies, now = SlotTallies(), at(2026, 11, 22, 12, 20)
    tallies.add(now, MONTH)
    day = int(now // 86_400)

    again = SlotTallies()
    again.load_day(day, tallies.dump_day(day))

    assert again.since(now) == MONTH
    assert tallies.dump_day(day) == {"49": [1000, 950, 20, 400]}
