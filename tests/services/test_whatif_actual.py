"""What came since a what-if would have run: from that moment on, not from its midnight."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from dialer.ports import DialingMode
from telesales.agents.models import AgentStateChange
from telesales.calls.models import CallAttempt, CallResult, CallState, Sale
from telesales.campaigns.queries import agents_of
from telesales.centre import service as centre
from telesales.extensions import db, transaction
from telesales.tenancy.scope import every_client
from telesales.whatif.actual import actual_since, actuals_since, runs_from
from tests.factories import make_campaign, make_worked_day
from tests.factories_calls import make_called_lead
from tests.statements import count_statements

DAY = date(2026, 11, 18)
TEN = datetime(2026, 11, 18, 10, tzinfo=UTC)
ZONE = ZoneInfo("UTC")
ONE_HOUR = timedelta(hours=1)


@pytest.fixture
def campaign(app):
    with every_client():
        with transaction():
            centre.settings().time_zone = "UTC"
            made = make_campaign()
        yield made


def add_states(campaign, *states: tuple[str, datetime]) -> None:
    agent = agents_of(campaign)[0]
    for state, at in states:
        db.session.add(
            AgentStateChange(
                source_id=f"{state}:{at}", user_id=agent.id, campaign_id=campaign.id, state=state, at=at
            )
        )
    db.session.flush()


def add_talk(campaign, at: datetime, *, seconds: int = 600, sells: bool = False) -> None:
    agent, lead = agents_of(campaign)[0], make_called_lead(campaign)
    attempt = CallAttempt(
        client_id=campaign.client_id, campaign_id=campaign.id, lead_id=lead.id, number=lead.number,
        mode=DialingMode.PREDICTIVE, state=CallState.ENDED, result=CallResult.TALKED, ring_seconds=25,
        agent_id=agent.id, reserved_at=at, originating_at=at, answered_at=at, connected_at=at,
        ended_at=at + timedelta(seconds=seconds),
    )  # fmt: skip
    db.session.add(attempt)
    db.session.flush()
    if sells:
        db.session.add(
            Sale(
                client_id=campaign.client_id, request_key=f"talk-{attempt.id}", attempt_id=attempt.id,
                lead_id=lead.id, campaign_id=campaign.id, agent_id=agent.id, product_name="Fibre",
                amount_minor=4_900, currency=campaign.currency, at=at, day=at.date(),
            )
        )  # fmt: skip
    db.session.flush()


def work_a_morning(campaign) -> None:
    """Rolled up as eight hours; facts tell of two from nine to eleven: ready, a talk and its wrap-up in each."""
    make_worked_day(campaign, DAY, hours=8.0, sales=9)
    for nth in range(2):
        start = TEN + (nth - 1) * ONE_HOUR
        add_talk(campaign, start + timedelta(minutes=30), sells=True)
        add_states(
            campaign, ("ready", start), ("on_call", start + timedelta(minutes=30)),
            ("wrap_up", start + timedelta(minutes=40)), ("paused", start + timedelta(minutes=50)),
        )  # fmt: skip
    add_states(campaign, ("offline", TEN + ONE_HOUR))


def test_what_came_before_the_question_is_not_counted(campaign):
    work_a_morning(campaign)

    found = actual_since(campaign.id, TEN + timedelta(minutes=15))

    assert (found.calls, found.talks, found.sales) == (1, 1, 1)
    assert (found.days, found.agents) == (1, 1.0)
    assert found.work_hours == pytest.approx(35 / 60)
    assert found.talk_hours == pytest.approx(10 / 60)
    assert found.pause_hours == pytest.approx(10 / 60)
    assert found.counted_from == TEN + timedelta(minutes=30)


def test_the_days_after_it_are_added_as_they_were_rolled_up(campaign):
    work_a_morning(campaign)
    make_worked_day(campaign, DAY + timedelta(days=1), hours=4.0, sales=6)

    found = actual_since(campaign.id, TEN)

    assert (found.days, found.agents, found.sales) == (2, 1.0, 7)
    assert found.work_hours == pytest.approx(4 + 50 / 60)


def test_a_first_day_that_comes_later_is_counted_whole_and_from_its_midnight(campaign):
    work_a_morning(campaign)
    asked_at = TEN - timedelta(days=2)

    found = actual_since(campaign.id, runs_from(asked_at, DAY, ZONE))

    assert found.since == datetime(2026, 11, 18, tzinfo=UTC)
    assert found.work_hours == pytest.approx(8)
    assert runs_from(TEN, DAY - timedelta(days=9), ZONE) == TEN


def test_a_state_across_midnight_is_shared_by_both_days(campaign):
    make_worked_day(campaign, DAY, hours=1.0)
    midnight = datetime(2026, 11, 19, tzinfo=UTC)
    add_states(campaign, ("ready", midnight - ONE_HOUR), ("offline", midnight + ONE_HOUR))

    assert actual_since(campaign.id, TEN).work_hours == pytest.approx(1)


def test_several_moments_are_read_with_as_many_statements_as_one(campaign):
    work_a_morning(campaign)
    moments = [TEN + nth * timedelta(minutes=7) - timedelta(days=nth) for nth in range(20)]

    one, many = (
        count_statements(lambda: actual_since(campaign.id, TEN)),
        count_statements(lambda: actuals_since(campaign.id, moments)),
    )

    assert one == many <= 6
    assert actuals_since(campaign.id, moments)[TEN] == actual_since(campaign.id, TEN)
    assert actuals_since(campaign.id, []) == {}
