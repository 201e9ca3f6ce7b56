"""Most improved: the published formula, and its edges."""

from datetime import date, timedelta
from fractions import Fraction
from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telesales.standings.rules.improvement import Basis, DayFigures, PersonRecord, Verdict, most_improved

TODAY = date(2026, 11, 20)


def person(
    user_id: int, today: tuple[int, int] | None, before: list[tuple[int, int]], **values
) -> PersonRecord:
    days = tuple(
        DayFigures(TODAY - timedelta(days=len(before) - index), sales, contacts)
        for index, (sales, contacts) in enumerate(before)
    )
    return PersonRecord(user_id, None if today is None else DayFigures(TODAY, *today), days, **values)


def steady(user_id: int, today: tuple[int, int] | None, sales: int = 4, days: int = 10) -> PersonRecord:
    return person(user_id, today, [(sales, 40)] * days)


def verdicts(*records: PersonRecord) -> dict[int, Verdict]:
    return {entry.user_id: entry.verdict for entry in most_improved(records).improvements}


def test_figures_are_those_of_the_formula():
    ruling = most_improved([steady(1, (8, 40)), steady(2, (4, 40))])
    k, m = Fraction(40), Fraction(1, 10)
    rate, before = (8 + k * m) / (40 + k), (40 + k * m) / (400 + k)
    pooled = (8 + 40 + 2 * k * m) / (40 + 400 + 2 * k)
    winner = ruling.winners[0]
    assert (ruling.usual_contacts, ruling.mean, ruling.minimum) == (k, m, 24)
    assert (winner.user_id, winner.rate, winner.rate_before) == (1, rate, before)
    assert winner.z == pytest.approx(
        float(rate - before) / sqrt(pooled * (1 - pooled) * (1 / (40 + k) + 1 / (400 + k)))
    )
    assert winner.growth == pytest.approx(0.5)


def test_many_contacts_outrank_a_lucky_hand():
    many = person(1, (16, 80), [(4, 40)] * 10)
    lucky = person(2, (5, 24), [(4, 40)] * 10)
    assert [entry.user_id for entry in most_improved([lucky, many]).winners] == [1]


def test_weak_seller_who_grows_beats_the_best_seller_who_does_not():
    best = steady(1, (12, 40), sales=12)
    grown = steady(2, (6, 40), sales=2)
    ruling = most_improved([best, grown])
    assert [entry.user_id for entry in ruling.winners] == [2]


@pytest.mark.parametrize(("contacts", "verdict"), [(23, Verdict.TOO_FEW_CONTACTS), (24, Verdict.IMPROVED)])
def test_sixty_percent_of_the_usual_contacts_are_needed(contacts: int, verdict: Verdict):
    assert verdicts(steady(1, (10, contacts)), steady(2, (4, 40)))[1] is verdict


def test_day_without_work_and_without_contacts_is_no_improvement():
    assert verdicts(steady(1, None), steady(2, (0, 0))) == {1: Verdict.NO_WORK, 2: Verdict.NO_WORK}


def test_same_as_before_and_worse_are_not_improved():
    assert verdicts(steady(1, (4, 40)), steady(2, (1, 40))) == dict.fromkeys((1, 2), Verdict.NOT_IMPROVED)


def test_nobody_wins_when_nobody_did_better():
    assert most_improved([steady(1, (4, 40)), steady(2, (4, 40))]).winners == ()


def test_equal_improvements_share_the_first_place():
    ruling = most_improved([steady(1, (8, 40)), steady(2, (8, 40)), steady(3, (4, 40))])
    assert [(entry.user_id, entry.place, entry.is_shared) for entry in ruling.winners] == [
        (1, 1, True),
        (2, 1, True),
    ]


def test_one_person_alone_can_improve():
    assert [entry.user_id for entry in most_improved([steady(1, (8, 40))]).winners] == [1]


def test_nobody_at_all_is_no_error():
    ruling = most_improved([])
    assert (ruling.winners, ruling.usual_contacts, ruling.mean) == ((), 0, 0)


def test_only_the_last_twenty_worked_days_are_the_baseline():
    record = person(1, (4, 40), [(40, 40)] * 5 + [(2, 40)] * 20)
    found = most_improved([record]).improvements[0]
    assert (found.before_sales, found.before_contacts, found.before_days) == (40, 800, 20)


def test_new_hire_is_compared_with_colleagues_on_their_day_of_the_same_number():
    cohort = [
        person(number, (4, 40), [(1, 40), (2, 40), (3, 40), *[(4, 40)] * 7], from_first_day=True)
        for number in (2, 3, 4)
    ]
    newcomer = person(1, (4, 40), [(1, 40)])
    found = next(entry for entry in most_improved([newcomer, *cohort]).improvements if entry.user_id == 1)
    assert (found.basis, found.verdict) == (Basis.COHORT, Verdict.IMPROVED)
    assert (found.before_sales, found.before_contacts, found.before_days) == (6, 120, 3)


def test_new_hire_without_a_cohort_is_listed_as_too_new():
    two = [person(number, (4, 40), [(4, 40)] * 10, from_first_day=True) for number in (2, 3)]
    unknown_start = steady(4, (4, 40))
    assert verdicts(person(1, (9, 40), [(1, 40)] * 4), *two, unknown_start)[1] is Verdict.TOO_NEW


def test_sale_saved_before_its_call_is_counted_does_not_make_more_sales_than_contacts():
    found = most_improved([steady(1, (3, 2)), steady(2, (4, 40))]).improvements
    assert all(entry.rate <= 1 and entry.sales <= entry.contacts for entry in found)


def test_no_sale_anywhere_is_no_improvement():
    assert verdicts(person(1, (0, 40), [(0, 40)] * 6)) == {1: Verdict.NOT_IMPROVED}


figures = st.tuples(st.integers(0, 30), st.integers(0, 60))
records = st.builds(
    person, st.integers(1, 9), st.none() | figures,
    st.lists(st.tuples(st.integers(0, 30), st.integers(1, 60)), max_size=25), from_first_day=st.booleans(),
)  # fmt: skip


@given(st.lists(records, max_size=8, unique_by=lambda record: record.user_id))
def test_everybody_is_judged_once_and_winners_have_improved(people: list[PersonRecord]):
    ruling = most_improved(people)
    assert sorted(entry.user_id for entry in ruling.improvements) == sorted(
        record.user_id for record in people
    )
    for entry in ruling.improvements:
        assert (entry.place > 0) == (entry.verdict is Verdict.IMPROVED)
        assert 0 <= entry.rate <= 1
    for winner in ruling.winners:
        assert winner.z == max(entry.z for entry in ruling.improvements if entry.place)
        assert winner.contacts >= ruling.minimum


@given(st.lists(records, max_size=6, unique_by=lambda record: record.user_id))
def test_ruling_does_not_depend_on_the_order_of_people(people: list[PersonRecord]):
    def as_set(found):
        return {(entry.user_id, entry.verdict, entry.place, entry.z_squared) for entry in found.improvements}

    assert as_set(most_improved(people)) == as_set(most_improved(people[::-1]))
