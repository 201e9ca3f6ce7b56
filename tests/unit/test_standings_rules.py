"""Places, goals and days."""

from datetime import UTC, date, datetime, time
from operator import itemgetter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telesales.standings.rules.days import (
    FirstSale,
    Span,
    days_of,
    first_sales,
    last_finished_day,
    local_date,
)
from telesales.standings.rules.goals import HOUR_S, USUAL_DAY_S, Progress, team_progress, usual_seconds
from telesales.standings.rules.ranking import ranked, top_places, visible_to

NEW_YORK, SHANGHAI = "America/New_York", "Asia/Shanghai"


def places(scores: list[int]) -> list[tuple[int, bool]]:
    return [(entry.place, entry.is_shared) for entry in ranked(scores, lambda score: score)]


def test_equal_scores_share_a_place_and_the_next_place_is_left_out():
    assert places([5, 9, 5, 1]) == [(1, False), (2, True), (2, True), (4, False)]


def test_one_person_alone_is_first():
    assert places([0]) == [(1, False)]


def test_all_equal_share_the_first_place():
    assert places([3, 3, 3]) == [(1, True)] * 3


@given(st.lists(st.integers(0, 5), max_size=12))
def test_place_is_one_more_than_the_number_of_better_scores(scores: list[int]):
    assert [entry.place for entry in ranked(scores, lambda score: score)] == [
        1 + sum(other > entry.item for other in scores) for entry in ranked(scores, lambda score: score)
    ]


def test_top_three_holds_everybody_who_shares_a_place_and_nobody_without_a_sale():
    placed = ranked([("a", 4), ("b", 3), ("c", 2), ("d", 2), ("e", 0)], itemgetter(1))
    top = top_places(placed, 3, deserves=lambda person: person[1] > 0)
    assert [entry.item[0] for entry in top] == ["a", "b", "c", "d"]


def test_nobody_is_on_top_of_a_day_without_a_sale():
    placed = ranked([("a", 0), ("b", 0)], itemgetter(1))
    assert top_places(placed, 3, deserves=lambda person: person[1] > 0) == []


@pytest.mark.parametrize(
    ("me", "seen"), [(9, [0, 1, 8, 9]), (5, [0, 1, 4, 5, 6]), (2, [0, 1, 2, 3]), (0, [0, 1]), (None, [0, 1])]
)
def test_an_agent_sees_the_top_and_the_own_neighbours(me: int | None, seen: list[int]):
    placed = ranked(range(10), lambda number: -number)
    assert [entry.item for entry in visible_to(placed, 2, is_me=lambda item: item == me)] == seen


def test_pace_is_what_is_missing_over_what_is_left_of_the_usual_day():
    progress = Progress(sales=4, goal=6, signed_in_s=6 * HOUR_S, usual_s=8 * HOUR_S)
    assert (progress.gap, progress.pace_needed) == (2, 1.0)
    assert progress.per_hour == pytest.approx(4 / 6)


@pytest.mark.parametrize(
    ("sales", "goal", "signed_in_s"),
    [(6, 6, 0), (7, 6, 0), (0, 0, 0), (1, 6, USUAL_DAY_S), (1, 6, USUAL_DAY_S - 59)],
)
def test_no_pace_when_the_goal_is_reached_or_the_day_is_over(sales: int, goal: int, signed_in_s: int):
    assert Progress(sales, goal, signed_in_s, USUAL_DAY_S).pace_needed is None


def test_no_sales_an_hour_before_there_is_any_time():
    assert Progress(1, 6, 0, USUAL_DAY_S).per_hour is None


def test_usual_day_is_the_median_of_the_worked_ones():
    assert (usual_seconds([]), usual_seconds([4 * HOUR_S, 9 * HOUR_S, 6 * HOUR_S])) == (
        USUAL_DAY_S,
        6 * HOUR_S,
    )


def test_team_goal_is_the_sum_and_its_pace_that_of_all_together():
    members = [Progress(2, 6, 4 * HOUR_S, 8 * HOUR_S), Progress(6, 6, 4 * HOUR_S, 8 * HOUR_S)]
    team = team_progress(members)
    assert (team.sales, team.goal, team.gap, team.pace_needed, team.per_hour) == (8, 12, 4, 1.0, 2.0)


def test_team_without_members_has_no_goal_and_no_pace():
    team = team_progress([])
    assert (team.goal, team.pace_needed, team.per_hour) == (0, None, None)


def test_the_day_is_the_date_on_the_agents_wall():
    at = datetime(2026, 11, 20, 16, 30, tzinfo=UTC)
    assert (local_date(at, NEW_YORK), local_date(at, SHANGHAI)) == (date(2026, 11, 20), date(2026, 11, 21))


def test_the_day_the_clock_goes_back_has_twenty_five_hours():
    first, last = datetime(2026, 11, 1, 4, 0, tzinfo=UTC), datetime(2026, 11, 2, 4, 59, 59, tzinfo=UTC)
    assert local_date(first, NEW_YORK) == local_date(last, NEW_YORK) == date(2026, 11, 1)
    assert local_date(datetime(2026, 11, 2, 5, tzinfo=UTC), NEW_YORK) == date(2026, 11, 2)


@pytest.mark.parametrize(
    ("at", "zones", "day"),
    [
        (datetime(2026, 11, 21, 5, 14, tzinfo=UTC), [NEW_YORK], date(2026, 11, 19)),
        (datetime(2026, 11, 21, 5, 15, tzinfo=UTC), [NEW_YORK], date(2026, 11, 20)),
        (datetime(2026, 11, 20, 20, 0, tzinfo=UTC), [NEW_YORK, SHANGHAI], date(2026, 11, 19)),
        (datetime(2026, 11, 20, 20, 0, tzinfo=UTC), [SHANGHAI], date(2026, 11, 20)),
        (datetime(2026, 11, 2, 5, 14, tzinfo=UTC), [NEW_YORK], date(2026, 10, 31)),
        (datetime(2026, 11, 2, 5, 15, tzinfo=UTC), [NEW_YORK], date(2026, 11, 1)),
    ],
)
def test_a_day_is_finished_when_it_is_over_in_every_zone(at: datetime, zones: list[str], day: date):
    assert last_finished_day(at, zones) == day


@pytest.mark.parametrize(
    ("span", "first"),
    [(Span.TODAY, date(2026, 11, 20)), (Span.WEEK, date(2026, 11, 16)), (Span.MONTH, date(2026, 11, 1))],
)
def test_weeks_begin_on_monday_and_months_on_the_first(span: Span, first: date):
    assert days_of(span, date(2026, 11, 20)) == (first, date(2026, 11, 20))


def test_first_sale_is_the_earliest_on_the_own_wall_not_the_easternmost():
    in_shanghai = FirstSale(1, datetime(2026, 11, 20, 1, 30, tzinfo=UTC), SHANGHAI)
    in_new_york = FirstSale(2, datetime(2026, 11, 20, 13, 5, tzinfo=UTC), NEW_YORK)
    assert in_shanghai.on_the_wall == time(9, 30)
    assert first_sales([in_shanghai, in_new_york]) == [in_new_york]


def test_two_first_sales_in_the_same_second_share_the_award():
    sales = [FirstSale(1, datetime(2026, 11, 20, 14, 0, 0, 100, tzinfo=UTC), NEW_YORK),
             FirstSale(2, datetime(2026, 11, 20, 14, 0, 0, 900, tzinfo=UTC), NEW_YORK)]  # fmt: skip
    assert first_sales(sales) == sales
    assert first_sales([]) == []
