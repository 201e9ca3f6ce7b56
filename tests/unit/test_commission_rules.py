"""What sales earn, to the cent."""

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from telesales.commissions.rules.checks import Problem, check_terms
from telesales.commissions.rules.outlook import examples_of, next_bands
from telesales.commissions.rules.reckoning import (
    SaleFact,
    Total,
    VersionTerms,
    commissions_of,
    period_end,
    period_start,
    version_on,
)
from telesales.commissions.rules.terms import (
    Band,
    Flat,
    Measure,
    Mode,
    Percent,
    Period,
    Terms,
    Tiers,
    dump_terms,
    load_terms,
)

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)


def sale(
    number: int, amount: int = 10_000, *, day: date = date(2026, 11, 2), currency: str = "USD"
) -> SaleFact:
    return SaleFact(number, day, NOON + timedelta(minutes=number), amount, currency)


def version(
    *parts,
    number: int = 1,
    start: date = date(2026, 1, 1),
    currency: str = "USD",
    version_id: int | None = None,
) -> VersionTerms:
    return VersionTerms(version_id or number, number, start, currency, Terms(tuple(parts)))


def earned(sales, *versions) -> list[int]:
    found = commissions_of(sales, versions)
    return [found[item.sale_id].amount_minor for item in sales if item.sale_id in found]


def tiers(measure: Measure, mode: Mode, *bands, period: Period = Period.MONTH) -> Tiers:
    return Tiers(measure, period, mode, tuple(Band(above, pay) for above, pay in bands))


BY_SALES = ((0, Percent(40_000)), (2, Percent(60_000)))


def test_flat_plan_pays_the_same_for_every_sale():
    assert earned([sale(1, 1), sale(2, 999_999)], version(Flat(250))) == [250, 250]


@pytest.mark.parametrize(
    ("amount", "rate_ppm", "cents"),
    [
        (10_000, 40_000, 400),
        (1_999, 41_250, 82),
        (50, 10_000, 1),
        (49, 10_000, 0),
        (12_345, 33_333, 411),
        (0, 40_000, 0),
    ],
)
def test_percent_is_rounded_half_up_per_sale(amount: int, rate_ppm: int, cents: int):
    assert earned([sale(1, amount)], version(Percent(rate_ppm))) == [cents]


def test_parts_of_a_plan_are_added_up():
    assert earned([sale(1)], version(Flat(200), Percent(40_000))) == [600]


def test_marginal_tier_by_sales_pays_the_higher_rate_from_the_sale_after_the_limit():
    plan = version(tiers(Measure.SALES, Mode.MARGINAL, *BY_SALES))
    assert earned([sale(1), sale(2), sale(3), sale(4)], plan) == [400, 400, 600, 600]


def test_whole_tier_by_sales_pays_the_band_reached_for_all_sales_of_the_period():
    plan = version(tiers(Measure.SALES, Mode.WHOLE, *BY_SALES))
    assert earned([sale(1), sale(2)], plan) == [400, 400]
    assert earned([sale(1), sale(2), sale(3)], plan) == [600, 600, 600]


def test_marginal_tier_by_amount_cuts_the_sale_where_the_band_begins():
    plan = version(tiers(Measure.AMOUNT, Mode.MARGINAL, (0, Percent(40_000)), (15_000, Percent(60_000))))
    shares = commissions_of([sale(1), sale(2)], [plan])[2].shares
    assert [(share.band, share.base_minor, share.amount_minor) for share in shares] == [
        (0, 5_000, 200),
        (1, 5_000, 300),
    ]


def test_pieces_of_a_cut_sale_add_up_to_the_sum_rounded_once():
    plan = version(
        tiers(
            Measure.AMOUNT, Mode.MARGINAL, (0, Percent(10_000)), (50, Percent(10_000)), (100, Percent(10_000))
        )
    )
    shares = commissions_of([sale(1, 150)], [plan])[1].shares
    assert [share.base_minor for share in shares] == [50, 50, 50]
    assert sum(share.amount_minor for share in shares) == 2


def test_whole_tier_by_amount_needs_more_than_the_limit():
    plan = version(tiers(Measure.AMOUNT, Mode.WHOLE, (0, Percent(40_000)), (20_000, Percent(60_000))))
    assert earned([sale(1), sale(2)], plan) == [400, 400]
    assert earned([sale(1), sale(2, 10_001)], plan) == [600, 600]


def test_flat_tier_by_amount_pays_the_band_in_which_the_sale_begins():
    plan = version(tiers(Measure.AMOUNT, Mode.MARGINAL, (0, Flat(500)), (20_000, Flat(800))))
    assert earned([sale(1), sale(2), sale(3)], plan) == [500, 500, 800]


def test_sale_of_nothing_is_counted_and_earns_the_percent_of_nothing():
    plan = version(tiers(Measure.AMOUNT, Mode.MARGINAL, (0, Percent(40_000)), (100, Percent(60_000))))
    assert earned([sale(1, 0)], plan) == [0]


@pytest.mark.parametrize(
    ("period", "first", "last"),
    [
        (Period.DAY, date(2026, 11, 21), date(2026, 11, 21)),
        (Period.MONTH, date(2026, 11, 1), date(2026, 11, 30)),
        (Period.QUARTER, date(2026, 10, 1), date(2026, 12, 31)),
    ],
)
def test_periods_are_those_of_the_calendar(period: Period, first: date, last: date):
    day = date(2026, 11, 21)
    assert (period_start(period, day), period_end(period, day)) == (first, last)


def test_count_starts_again_with_the_next_period():
    plan = version(tiers(Measure.SALES, Mode.MARGINAL, *BY_SALES, period=Period.DAY))
    sales = [sale(1), sale(2), sale(3), sale(4, day=date(2026, 11, 3))]
    assert earned(sales, plan) == [400, 400, 600, 400]


def test_count_runs_on_through_a_new_version_and_earlier_sales_keep_what_they_earned():
    old = version(tiers(Measure.SALES, Mode.WHOLE, *BY_SALES))
    new = version(
        tiers(Measure.SALES, Mode.WHOLE, (0, Percent(10_000)), (2, Percent(90_000))),
        number=2,
        start=date(2026, 11, 3),
    )
    sales = [sale(1), sale(2), sale(3, day=date(2026, 11, 3))]
    assert earned(sales, old, new) == [400, 400, 900]


def test_sale_in_another_currency_earns_nothing_and_is_not_counted():
    plan = version(tiers(Measure.SALES, Mode.MARGINAL, *BY_SALES))
    sales = [sale(1), sale(2, currency="EUR"), sale(3), sale(4)]
    assert set(commissions_of(sales, [plan])) == {1, 3, 4}
    assert earned(sales, plan) == [400, 400, 600]


def test_version_in_force_is_the_last_to_begin_and_of_those_the_newest():
    first, scheduled, between = (
        version(Flat(1), number=1, start=date(2026, 11, 1)),
        version(Flat(2), number=2, start=date(2026, 12, 1)),
        version(Flat(3), number=3, start=date(2026, 11, 15)),
    )
    versions = [first, scheduled, between]
    assert version_on(versions, date(2026, 10, 31)) is None
    assert [
        version_on(versions, day).version
        for day in (date(2026, 11, 14), date(2026, 11, 15), date(2026, 12, 1))
    ] == [1, 3, 2]


def test_order_of_sales_is_the_order_of_time_not_of_arrival():
    plan = version(tiers(Measure.SALES, Mode.MARGINAL, *BY_SALES))
    sales = [sale(1), sale(2), sale(3)]
    assert commissions_of(reversed(sales), [plan]) == commissions_of(sales, [plan])


def test_terms_survive_being_stored():
    terms = Terms((Flat(5), Percent(41_250), tiers(Measure.AMOUNT, Mode.WHOLE, (0, Flat(1)), (100, Flat(2)))))
    assert load_terms(dump_terms(terms)) == terms


@pytest.mark.parametrize(
    ("parts", "field", "problem"),
    [
        ((), "parts", Problem.NO_PARTS),
        ((Flat(1),) * 6, "parts", Problem.TOO_MANY_PARTS),
        ((Flat(-1),), "parts-0-pay", Problem.NOT_A_SUM),
        ((Flat(1), Percent(1_000_001)), "parts-1-pay", Problem.NOT_A_RATE),
        ((tiers(Measure.SALES, Mode.WHOLE, (0, Flat(1))),), "parts-0-bands", Problem.TOO_FEW_BANDS),
        ((tiers(Measure.SALES, Mode.WHOLE, (1, Flat(1)), (2, Flat(2))),), "parts-0-bands-0-above", Problem.FIRST_BAND_NOT_ZERO),
        ((tiers(Measure.SALES, Mode.WHOLE, (0, Flat(1)), (0, Flat(2))),), "parts-0-bands-1-above", Problem.BANDS_NOT_RISING),
        ((tiers(Measure.SALES, Mode.WHOLE, (0, Flat(1)), (3, Percent(2))),), "parts-0-bands", Problem.BANDS_DIFFER_IN_KIND),
    ],
)  # fmt: skip
def test_terms_that_cannot_be_paid_are_refused_at_the_field(parts, field: str, problem: Problem):
    assert check_terms(Terms(parts)).get(field) == problem


@pytest.mark.parametrize(("sold", "missing"), [(0, 3), (1, 2), (2, 1), (3, None)])
def test_next_band_says_how_many_sales_until_one_is_paid_by_it(sold: int, missing: int | None):
    terms = Terms((tiers(Measure.SALES, Mode.MARGINAL, *BY_SALES),))
    ahead = next_bands(terms, dict.fromkeys(Period, Total(sold, 0)))
    assert [band.missing for band in ahead] == ([] if missing is None else [missing])


def test_next_band_by_amount_says_what_is_still_to_sell():
    terms = Terms((tiers(Measure.AMOUNT, Mode.MARGINAL, (0, Percent(1)), (20_000, Percent(2))),))
    assert next_bands(terms, dict.fromkeys(Period, Total(1, 15_000)))[0].missing == 5_000


@pytest.mark.parametrize(
    ("sold", "missing"), [(15_000, 5_001), (19_999, 2), (20_000, 1), (20_001, None)], ids=str
)
def test_next_whole_band_by_amount_is_ahead_until_more_than_its_limit_is_sold(sold: int, missing: int | None):
    terms = Terms((tiers(Measure.AMOUNT, Mode.WHOLE, (0, Percent(1)), (20_000, Percent(2))),))
    ahead = next_bands(terms, dict.fromkeys(Period, Total(1, sold)))
    assert [band.missing for band in ahead] == ([] if missing is None else [missing])


def test_examples_show_the_first_sale_and_the_one_that_reaches_each_band():
    terms = Terms((tiers(Measure.SALES, Mode.WHOLE, *BY_SALES),))
    shown = [
        (item.earlier_sales, item.earned_minor, item.others_minor) for item in examples_of(terms, 10_000)
    ]
    assert shown == [(0, 400, 0), (2, 600, 400)]


def test_example_by_amount_shows_the_sale_that_is_cut():
    terms = Terms((tiers(Measure.AMOUNT, Mode.MARGINAL, (0, Percent(40_000)), (25_000, Percent(60_000))),))
    assert [(item.earlier_sales, item.earned_minor) for item in examples_of(terms, 10_000)] == [
        (0, 400),
        (2, 500),
    ]


pays = st.builds(Percent, st.integers(0, 1_000_000))
flats = st.builds(Flat, st.integers(0, 5_000))


@st.composite
def tier_parts(draw) -> Tiers:
    pay = draw(st.sampled_from([pays, flats]))
    limits = sorted(draw(st.sets(st.integers(1, 30_000), min_size=1, max_size=4)))
    measure = draw(st.sampled_from(Measure))
    if measure is Measure.SALES:
        limits = sorted({limit % 8 + 1 for limit in limits})
    bands = [(0, draw(pay)), *((limit, draw(pay)) for limit in limits)]
    return tiers(measure, draw(st.sampled_from(Mode)), *bands, period=draw(st.sampled_from(Period)))


@given(tier_parts(), st.lists(st.integers(0, 9_999), min_size=1, max_size=12))
@settings(max_examples=150, deadline=None)
def test_tiers_pay_what_a_slow_reading_of_the_plan_pays(part: Tiers, amounts: list[int]):
    sales = [sale(index, amount) for index, amount in enumerate(amounts, start=1)]
    expected = [_slowly(part, amounts, index) for index in range(len(amounts))]
    assert earned(sales, version(part)) == expected


def _slowly(part: Tiers, amounts: list[int], index: int) -> int:
    """Read the plan unit by unit: each cent, or each sale, lies in one band."""
    by_sales = part.measure is Measure.SALES
    sold = index if by_sales else sum(amounts[:index])
    if part.mode is Mode.WHOLE:
        last = len(amounts) if by_sales else sum(amounts)
        return _slow_pay(_slow_band(part, last - 1), amounts[index])
    first = _slow_band(part, sold)
    if by_sales or isinstance(first.pay, Flat):
        return _slow_pay(first, amounts[index])
    exact = sum(
        Fraction(_slow_band(part, cent).pay.rate_ppm, 1_000_000)
        for cent in range(sold, sold + amounts[index])
    )
    return int(exact + Fraction(1, 2))


def _slow_band(part: Tiers, unit: int) -> Band:
    return [band for band in part.bands if band.above <= unit or band.above == 0][-1]


def _slow_pay(band: Band, amount: int) -> int:
    if isinstance(band.pay, Flat):
        return band.pay.amount_minor
    return int(Fraction(amount * band.pay.rate_ppm, 1_000_000) + Fraction(1, 2))
