"""Ranges for a further day: how often they hold one."""

import random

import pytest

from telesales.whatif.ranges import COUNT, Interval, amounts, quantile, shares

TRIALS = 4_000
DAYS = (3, 4, 5, 8, 12, 20)


def binomial(rng: random.Random, n: int, chance: float) -> int:
    return sum(rng.random() < chance for _ in range(n))


def held(draw_day, make_range, days: int) -> float:
    """How many of a hundred ranges of so many days hold one further day."""
    rng = random.Random(days)
    hits = sum(make_range([draw_day(rng) for _ in range(days)]).holds(draw_day(rng)) for _ in range(TRIALS))
    return hits / TRIALS


def middle_eight_tenths(days) -> Interval:
    """What is shown when somebody takes simulated days for all days."""
    ordered, last = sorted(days), len(days) - 1

    def at(place: float) -> float:
        below = int(place)
        return ordered[below] + (ordered[min(below + 1, last)] - ordered[below]) * (place - below)

    return Interval(0.0, at(0.1 * last), at(0.9 * last))


@pytest.mark.parametrize("days", DAYS)
def test_a_range_of_even_figures_holds_eight_of_ten_further_days(days):
    assert 0.78 < held(lambda rng: rng.gauss(400, 20), amounts, days) < 0.82


@pytest.mark.parametrize("days", DAYS)
def test_a_range_of_people_abandoned_on_short_days_holds_eight_of_ten_further_days(days):
    """120 answered, 3 in a hundred abandoned: none on some days, eight on others. Whole people come in steps."""
    held_days = held(lambda rng: binomial(rng, 120, 0.03) / 120, shares, days)

    assert 0.77 < held_days < 0.86


@pytest.mark.parametrize("days", DAYS)
def test_a_range_of_figures_that_are_sometimes_large_holds_eight_of_ten_further_days(days):
    assert 0.76 < held(lambda rng: rng.gammavariate(4, 10), amounts, days) < 0.84


@pytest.mark.parametrize("days", DAYS)
@pytest.mark.parametrize("share", [0.02, 0.3])
def test_sales_have_the_luck_that_conversations_do_not_show(days, share):
    """Each day has about 100 conversations; the range knows them, and not who bought."""
    rng = random.Random(days)
    hits = 0
    for _ in range(TRIALS):
        expected = [share * rng.gauss(100, 8) for _ in range(days)]
        found = amounts(expected, luck=COUNT * (1 - share))
        came = binomial(rng, round(rng.gauss(100, 8)), share)
        hits += round(found.low) <= came <= round(found.high)  # as it is shown

    assert 0.77 < hits / TRIALS < 0.88


@pytest.mark.parametrize(("days", "least", "most"), [(3, 0.36, 0.45), (5, 0.54, 0.62)])
def test_the_middle_of_few_days_is_no_such_range(days, least, most):
    assert least < held(lambda rng: rng.gauss(400, 20), middle_eight_tenths, days) < most


@pytest.mark.parametrize("days", [[], [3.0], [3.0, 4.0]])
def test_fewer_than_three_days_have_no_range(days):
    if days:
        assert amounts(days).ends is None
        assert not amounts(days).holds(3.0)


def test_ends_stay_within_what_is_possible_and_around_the_mean():
    busy, rare = shares([0.99, 1.0, 0.9]), shares([0.0, 0.0, 0.02], mean=0.008)
    few = amounts([0.0, 0.0, 3.0])

    assert 0 <= busy.low < busy.mean < busy.high <= 1
    assert (rare.low, rare.mean) == (0.0, 0.008)
    assert few.low == 0
    assert few.high > 3


def test_a_range_gets_narrower_with_days_and_wider_with_luck():
    few, many = ([90.0, 100.0, 110.0] * times for times in (1, 6))

    assert amounts(many).high < amounts(few).high
    assert amounts(few).high < amounts(few, luck=COUNT).high


def test_equal_days_have_no_spread_but_their_luck():
    """A hundred sales expected: 87 to 114 by luck alone, whatever the number of days."""
    assert amounts([5.0] * 3) == Interval(5.0, pytest.approx(5.0), pytest.approx(5.0))
    lucky = amounts([100.0] * 3, luck=COUNT)
    assert (round(lucky.low), round(lucky.high)) == (88, 113)


@pytest.mark.parametrize(
    ("freedom", "value"), [(2, 1.886), (3, 1.638), (4, 1.533), (7, 1.415), (19, 1.328), (1e9, 1.2816)]
)
def test_the_quantile_is_students(freedom, value):
    assert quantile(freedom) == pytest.approx(value, rel=0.005)


def test_a_figure_that_falls_with_another_has_its_ends_the_other_way_round():
    found = Interval(4.0, 2.0, 8.0).turned(lambda calls: 8 / calls)

    assert found == Interval(2.0, 1.0, 4.0)
    assert Interval(4.0).turned(lambda calls: 8 / calls) == Interval(2.0)
