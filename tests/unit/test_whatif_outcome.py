"""From shifts to the figures of a day."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from dialer.ports import DialingMode
from dialer.simulation.replay import Replayed
from telesales.whatif.chart import draw_chart
from telesales.whatif.outcome import Prices, nearest, outcomes, smallest_enough
from telesales.whatif.question import (
    Goal,
    Question,
    last_day,
    open_days_of,
    open_days_until,
    propose_candidates,
    sales_to_aim_at,
    seconds_to_play,
    simulated_hours,
)

MONDAY = date(2026, 11, 23)
WORKDAYS = ("mon", "tue", "wed", "thu", "fri")
QUESTION = Question(
    mode=DialingMode.PREDICTIVE, limit=0.03, hours=8.0, lines=60, starts_on=MONDAY, open_days=WORKDAYS,
    leads=100_000, agents=(10, 20),
)  # fmt: skip
PRICES = Prices(agent_hour=2_000, thousand_minutes=1_500, sale=4_900)


def shift(agents: int = 10, **figures) -> Replayed:
    """Two hours of work: three quarters talk, an eighth wrap-up, an eighth waiting."""
    seconds = agents * 7200.0
    usual = {
        "hours": 2.0, "ready": seconds / 8, "talking": seconds * 3 / 4, "wrapping": seconds / 8, "paused": 0.0,
        "dialed": 50 * agents, "answered": 20 * agents, "abandoned": agents // 5, "short_of_lines": 0.0,
    }  # fmt: skip
    return Replayed(**{**usual, **figures})


def three(agents: int = 10, **figures) -> list[Replayed]:
    """Shifts of one kind: one as usual, one with five more and one with five fewer people answered."""
    usual = shift(agents, **figures)
    return [replace(usual, answered=usual.answered + more) for more in (0, 5, -5)]


def found(shifts=None, question: Question = QUESTION, sale_share: float = 0.1):
    shifts = shifts or {10: three(), 20: three(20)}
    return outcomes(shifts, question, sale_share=sale_share, calls_per_lead=2.0, prices=PRICES)


def test_a_shift_is_stretched_to_the_day():
    ten = found()[0]

    assert ten.occupancy.mean == pytest.approx(0.875)
    assert ten.calls.mean == pytest.approx(2_000)
    assert ten.sales.mean == pytest.approx(0.1 * 4 * 198)
    assert ten.sales.low < 69  # of 79: the luck of a day alone takes eleven
    assert ten.sales.high > 90
    assert ten.calls_hour.mean == pytest.approx(25)
    assert ten.abandonment.mean == pytest.approx(0.01)


def test_a_day_costs_its_hours_and_its_minutes():
    ten = found()[0]

    hours, minutes = 80, 80 * 60 * 0.75
    assert ten.cost.mean == pytest.approx(hours * 2_000 + minutes * 1.5)
    assert ten.revenue.mean == pytest.approx(ten.sales.mean * 4_900)
    assert ten.cost_per_sale.mean == pytest.approx(ten.cost.mean / ten.sales.mean)
    assert ten.cost_per_sale.low == pytest.approx(ten.cost.mean / ten.sales.high)


def test_without_sales_a_sale_has_no_cost():
    assert found(sale_share=0.0)[0].cost_per_sale is None
    assert found(sale_share=0.001)[0].cost_per_sale is None  # not on a bad day


def test_the_list_is_through_when_its_calls_are_made():
    """2,000 calls at 2,000 a day."""
    ten, twenty = found(question=replace(QUESTION, leads=1_000))

    assert (ten.list_days.mean, twenty.list_days.mean) == (1.0, 0.5)
    assert ten.ends_on == MONDAY
    assert found(question=replace(QUESTION, leads=6_000))[0].ends_on == date(2026, 11, 30)
    assert found(question=replace(QUESTION, leads=0))[0].ends_on is None


def test_an_unlucky_seed_is_the_late_end_of_the_list():
    shifts = {10: [shift(), shift(dialed=400), shift(dialed=300)]}

    late = found(shifts, replace(QUESTION, leads=4_000))[0]

    assert late.ends_on < late.ends_by


def test_a_day_ends_with_its_list():
    """A quarter of a day: calls, sales and cost are the list's, an hour of work is what it was."""
    whole, short = found()[0], found(question=replace(QUESTION, leads=250))[0]

    assert short.ends_within_day
    assert not whole.ends_within_day
    assert short.calls.mean == pytest.approx(500)
    for figure in ("sales", "cost", "revenue"):
        assert getattr(short, figure).mean == pytest.approx(getattr(whole, figure).mean / 4)
    for figure in ("occupancy", "abandonment", "calls_hour", "sales_hour"):
        assert getattr(short, figure).mean == pytest.approx(getattr(whole, figure).mean)
    assert short.cost_per_sale.mean == pytest.approx(whole.cost_per_sale.mean)
    assert short.calls.low < 475  # nobody knows how many calls 250 leads take
    assert short.calls.high > 525
    assert short.ends_on == short.ends_by == MONDAY


@pytest.mark.parametrize("leads", [10, 999, 1_000, 1_001, 4_000])
def test_a_day_never_has_more_calls_than_its_list(leads):
    ten = found(question=replace(QUESTION, leads=leads))[0]

    assert ten.calls.mean == pytest.approx(min(2_000, 2 * leads))
    assert ten.ends_within_day == (leads < 1_000)


def test_more_agents_sell_no_more_of_a_list_that_is_through():
    question = replace(QUESTION, leads=250, goal=Goal.SALES, goal_sales=25)
    outcomes = found({20: three(20), 40: three(40), 80: three(80)}, question)

    assert [round(outcome.sales.mean) for outcome in outcomes] == [20, 20, 20]
    assert smallest_enough(outcomes, question) is None


def test_a_list_without_leads_promises_nothing():
    ten = found(question=replace(QUESTION, leads=0))[0]

    assert (ten.calls.mean, ten.sales.mean, ten.cost.mean) == (0, 0, 0)
    assert (ten.cost_per_sale, ten.list_days, ten.ends_on) == (None, None, None)


@pytest.mark.parametrize("shifts", [1, 2])
def test_one_or_two_shifts_have_no_range_and_are_enough_for_nothing(shifts):
    question = replace(QUESTION, goal=Goal.SALES, goal_sales=1)
    ten = found({10: three()[:shifts]}, question)[0]
    through = replace(QUESTION, leads=1, goal=Goal.END, goal_date=MONDAY)

    for figure in (
        "occupancy",
        "abandonment",
        "calls",
        "sales",
        "cost",
        "revenue",
        "cost_per_sale",
        "list_days",
    ):
        assert getattr(ten, figure).ends is None
        assert getattr(ten, figure).mean > 0
    assert (ten.has_range, ten.ends_by) == (False, None)
    assert smallest_enough([ten], question) is None
    assert smallest_enough(found({10: three()[:shifts]}, through), through) is None


@pytest.mark.parametrize(("mode", "high"), [(DialingMode.PREDICTIVE, 1 / 200), (DialingMode.PROGRESSIVE, 0)])
def test_nobody_abandoned_in_some_shifts_does_not_mean_never(mode, high):
    ten = found({10: three(abandoned=0)}, replace(QUESTION, mode=mode))[0]

    assert ten.abandonment.ends == pytest.approx((0, high))


def test_days_without_calling_hours_are_left_out():
    assert last_day(QUESTION, 5.0) == MONDAY + timedelta(days=4)
    assert last_day(QUESTION, 5.1) == MONDAY + timedelta(days=7)
    assert last_day(replace(QUESTION, open_days=()), 1.0) is None
    assert last_day(QUESTION, 1e9) is None
    assert open_days_of({"mon": [["08:00", "21:00"]], "tue": []}) == ("mon",)
    assert len(open_days_of({})) == 7  # nobody has said yet
    assert open_days_until(QUESTION, MONDAY + timedelta(days=7)) == 6
    assert open_days_until(QUESTION, MONDAY - timedelta(days=1)) == 0


@pytest.mark.parametrize(("goal_sales", "enough"), [(10, 10), (100, 20), (500, None)])
def test_the_smallest_number_of_agents_that_sells_enough_nine_days_of_ten(goal_sales, enough):
    question = replace(QUESTION, goal=Goal.SALES, goal_sales=goal_sales)

    smallest = smallest_enough(found(question=question), question)

    assert (smallest.agents if smallest else None) == enough


@pytest.mark.parametrize(("days", "enough"), [(0, None), (1, 20), (3, 10)])
def test_the_smallest_number_of_agents_that_is_through_in_time(days, enough):
    """8,000 calls: four days with ten agents, two with twenty."""
    last = MONDAY + timedelta(days=days)
    question = replace(QUESTION, leads=4_000, goal=Goal.END, goal_date=last)

    smallest = smallest_enough(found(question=question), question)

    assert (smallest.agents if smallest else None) == enough


def test_nothing_is_enough_when_nothing_was_asked():
    assert smallest_enough(found(), QUESTION) is None


def test_a_number_is_enough_only_when_larger_ones_are_too():
    """Chance may lift a small floor over the goal; that is no answer."""
    shifts = {5: three(20), 10: three(), 20: three(20)}
    question = replace(QUESTION, goal=Goal.SALES, goal_sales=100)

    assert smallest_enough(found(shifts, question), question).agents == 20


def test_candidates_surround_what_the_goal_is_likely_to_take():
    """400 conversations of 136 s are 15.1 hours of work: 2.2 agents at 85 %."""
    few = propose_candidates(QUESTION, talks_needed=400, busy_seconds=136)
    many = propose_candidates(QUESTION, talks_needed=1e9, busy_seconds=136)

    assert min(few) == 1
    assert max(few) == 4
    assert many == (300,)
    assert len(propose_candidates(QUESTION, talks_needed=8_000, busy_seconds=136)) == 8


@pytest.mark.parametrize("goal", [3, 40, 400])
def test_so_many_sales_have_to_be_expected_that_a_bad_day_reaches_the_goal(goal):
    expected = sales_to_aim_at(goal)

    assert expected - 1.28 * expected**0.5 == pytest.approx(goal)


def test_the_outcome_that_is_nearest_is_found():
    assert nearest(found(), 14.0).agents == 10
    assert nearest([], 14.0) is None


def test_large_floors_are_played_shorter_and_short_days_whole():
    assert simulated_hours(QUESTION, 100) == 2.0
    assert simulated_hours(QUESTION, 101) == 1.0
    assert simulated_hours(replace(QUESTION, hours=1.0), 10) == 1.0
    assert seconds_to_play(QUESTION, (10, 20)) < seconds_to_play(QUESTION, (10, 20), seeds=20)


def test_a_question_that_was_written_down_is_the_same():
    asked = replace(QUESTION, goal=Goal.END, goal_date=MONDAY, answer_rate=0.3, talk_like="script:4")

    assert Question.from_json(asked.to_json()) == asked


def test_a_chart_places_higher_values_higher():
    chart = draw_chart(found({10: three(), 20: [shift(20, ready=0.0)]}), "occupancy")

    first, second = chart.marks
    assert first.x < second.x
    assert first.y > second.y
    assert chart.lines[-1][1] == 1.0
    assert first.y_low is not None
    assert (second.y_low, second.y_high) == (None, None)  # of one shift
    assert draw_chart([], "abandonment").marks == []


def test_a_limit_above_all_values_is_inside_the_drawing():
    chart = draw_chart(found(), "abandonment", limit=0.05)

    y, value = chart.limit
    assert (value, chart.lines[-1][1]) == (0.05, 0.08)
    assert chart.lines[-1][0] < y < min(mark.y_high for mark in chart.marks)
    assert chart.right < chart.width - 60  # its name stands beside the marks, not above one
