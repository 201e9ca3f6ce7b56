"""What was predicted beside what came."""

from datetime import timedelta

import pytest

from dialer.ports import DialingMode
from telesales import clock
from telesales.calls.models import CallDirection
from telesales.extensions import transaction
from telesales.tenancy.scope import every_client
from telesales.whatif import queries
from telesales.whatif.actual import Actual, actual_since, house_zone, local_day, runs_from
from telesales.whatif.comparing import Comparison, compare
from telesales.whatif.outcome import Prices
from tests.factories import make_campaign, make_history, make_played_what_if, make_worked_day
from tests.factories_whatif import read_what_if


@pytest.fixture
def campaign(app):
    with every_client():
        with transaction():
            made = make_campaign()
        yield made


def came(campaign, *, days_ago: int = 0) -> Actual:
    """What came since a question of more than a day ago whose first day was so many days ago."""
    first_day = local_day(clock.now()) - timedelta(days=days_ago)
    with every_client():
        return actual_since(
            campaign.id, runs_from(clock.now() - timedelta(hours=30), first_day, house_zone())
        )


def compared(campaign, what_if_id: int, *, days_ago: int = 0) -> Comparison | None:
    with every_client():
        answered = queries.read_answer(read_what_if(what_if_id))
    return compare(answered.outcomes, came(campaign, days_ago=days_ago), answered.prices, "USD")


def work_today(campaign) -> None:
    """Four hours of one agent, who sold six times, and enough calls to judge by."""
    with transaction():
        make_worked_day(campaign, local_day(clock.now()), hours=4.0, sales=6)
        make_history(campaign, talks=150)


def test_actual_figures_are_those_since_the_question(campaign):
    today = local_day(clock.now())
    make_worked_day(campaign, today - timedelta(days=1), hours=8.0)
    make_worked_day(campaign, today, hours=4.0, sales=6)
    make_history(campaign, talks=20, abandoned=5, no_answer=15)

    with every_client():
        found = actual_since(campaign.id, clock.now() - timedelta(hours=4))
    today_only = came(campaign)

    assert (found.calls, found.answered, found.abandoned) == (40, 25, 5)
    assert found.counted_from == found.first_call_at >= found.since
    assert (today_only.days, today_only.agents, today_only.sales) == (1, 1.0, 6)
    assert today_only.work_hours == pytest.approx(4.0)
    assert today_only.occupancy == pytest.approx(0.875)


def test_only_calls_of_the_dialer_are_compared_with_what_it_was_expected_to_do(campaign):
    make_history(campaign, talks=20, abandoned=5)
    make_history(campaign, talks=10, mode=DialingMode.MANUAL)
    make_history(campaign, talks=10, direction=CallDirection.INBOUND)

    found = came(campaign, days_ago=1)

    assert (found.calls, found.answered, found.abandoned) == (25, 25, 5)


def test_predicted_and_actual_figures_stand_side_by_side(campaign):
    what_if_id = make_played_what_if(campaign.id, agents=(1, 20), agent_hour_minor=2_000)
    work_today(campaign)

    found = compared(campaign, what_if_id, days_ago=1)

    assert found.outcome.agents == 1
    assert [line.key for line in found.lines][:3] == ["occupancy", "abandonment", "calls"]
    assert found.line("occupancy").actual == "87.5%"
    assert found.line("sales").actual == "1.50"


@pytest.mark.parametrize(("agents", "shifts", "judged"), [(1, 3, True), (20, 3, False), (1, 1, False)])
def test_only_as_many_agents_and_enough_shifts_are_judged(campaign, agents, shifts, judged):
    what_if_id = make_played_what_if(campaign.id, agents=(agents,), seeds=shifts)
    work_today(campaign)

    found = compared(campaign, what_if_id, days_ago=1)

    assert found.is_fair == judged
    assert {line.holds is not None for line in found.lines} == {judged}
    assert (found.line("occupancy").within == "–") == (shifts < 3)


def test_too_little_is_not_compared(campaign):
    what_if_id = make_played_what_if(campaign.id)

    assert compared(campaign, what_if_id) is None


def test_a_sale_costs_paid_hours_and_connected_minutes(campaign):
    make_worked_day(campaign, local_day(clock.now()), hours=4.0, sales=5)

    assert came(campaign).cost_per_sale(Prices(2_000, 1_000, 0)) == pytest.approx((4.25 * 2_000 + 180) / 5)
