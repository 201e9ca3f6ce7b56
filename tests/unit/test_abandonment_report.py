"""The report of a campaign's abandonment: windows that begin and end on days, and days as they stood."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from dialer.core.abandonment import PACKS, Counts, Estimates, Measure
from dialer.core.floor.tally import slot_of
from telesales.dialing.abandonment.rules import History, first_day, make_report, reach

NEW_YORK = ZoneInfo("America/New_York")


def at(month, day, hour=0, zone=UTC) -> float:
    return datetime(2026, month, day, hour, tzinfo=zone).timestamp()


def slots(*answered: tuple[float, int, int]) -> dict[int, Counts]:
    """Moment, people, abandoned; everybody else was connected."""
    return {
        slot_of(moment): Counts(people=people, connected=people - abandoned, abandoned=abandoned)
        for moment, people, abandoned in answered
    }


def parts(report) -> dict[str, tuple[int, int]]:
    return {key: (rate.result.numerator, rate.result.denominator) for key, rate in report.rates.items()}


def test_any_stretch_is_one_subtraction():
    history = History(slots((at(11, 1), 10, 1), (at(11, 1, 1), 20, 2), (at(11, 1, 2), 40, 4)))

    assert history.between(at(11, 1, 1), at(11, 1, 2)).people == 20
    assert history.between(at(11, 1), at(11, 1, 2) + 1).people == 70
    assert history.between(at(11, 2), at(11, 3)) == Counts()


def test_each_law_has_its_own_window():
    measure = Measure(started_at=at(10, 20))
    told = slots((at(10, 25), 100, 3), (at(11, 5), 200, 2), (at(11, 17), 50, 5), (at(11, 18, 9), 60, 1))

    report = make_report(told, measure, until=at(11, 18, 12))

    # United States: since 20 October; Canada: since 1 November; United Kingdom: since yesterday noon
    assert parts(report) == {"us": (11, 410), "uk": (1, 60), "ca": (8, 310)}


def test_the_next_thirty_days_begin_anew():
    measure = Measure(started_at=at(10, 20))
    told = slots((at(11, 18), 100, 3), (at(11, 19), 40, 1))

    assert parts(make_report(told, measure, until=at(11, 19, 12)))["us"] == (1, 40)
    assert parts(make_report(told, measure, until=at(11, 19)))["us"] == (3, 100)  # the end of the 30th day


def test_a_day_shows_the_rates_as_they_stood_when_it_was_over():
    measure = Measure(PACKS["ca"])
    told = slots((at(11, 1, 9), 100, 4), (at(11, 2, 9), 100, 0), (at(11, 3, 9), 50, 0))

    report = make_report(told, measure, until=at(11, 3, 12))

    canada = {day.day.day: day.rates["ca"].result.rate for day in report.days if day.day.month == 11}
    assert canada == {1: 0.04, 2: 0.02, 3: 0.016}
    assert [day.day for day in report.days][:2] == [date(2026, 11, 3), date(2026, 11, 2)]


def test_days_are_local_over_the_change_of_clocks():
    measure = Measure(zone=NEW_YORK)
    told = slots(
        (at(11, 1, 0, NEW_YORK), 10, 0), (at(11, 1, 23, NEW_YORK), 20, 0), (at(11, 2, 0, NEW_YORK), 40, 0)
    )

    report = make_report(told, measure, until=at(11, 2, 12, NEW_YORK))

    people = {day.day: day.counts.people for day in report.days}
    assert (people[date(2026, 11, 1)], people[date(2026, 11, 2)]) == (30, 40)


def test_the_british_rate_takes_the_estimates_of_the_campaign():
    counts = Counts(people=100, connected=98, abandoned=2, machines=50)
    measure = Measure(estimates=Estimates(false_positives_bp=400))

    british = make_report({slot_of(at(11, 18, 9)): counts}, measure, until=at(11, 18, 12)).rates["uk"]

    assert (british.false_positives, british.result.numerator, british.result.denominator) == (2, 4, 102)


def test_everything_that_a_report_needs_is_reached():
    measure = Measure(started_at=at(1, 1))
    until = at(11, 30, 12)

    assert first_day(measure, until) == date(2026, 11, 1)
    assert reach(measure, until) == at(10, 28)  # thirty days from 28 October had 1 November in them
