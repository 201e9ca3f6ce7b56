"""What agents say about calls, and what follows for the lead."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from telesales import clock
from telesales.agents.models import User
from telesales.audit.models import AuditEntry
from telesales.calls.errors import CallbackRefusedError, UnknownDispositionError
from telesales.calls.models import CallAttempt, Callback, CallbackState, CallDisposition
from telesales.calls.service.dispositions import find_disposition, record_disposition
from telesales.compliance.models import DoNotCallEntry
from telesales.extensions import AppendOnlyError, db
from telesales.leads.models import DialState
from telesales.tenancy.scope import every_client
from tests.factories_calls import make_attempt, make_calling_agent

NOON = datetime(2026, 11, 20, 17, tzinfo=UTC)  # Friday noon in New York
TOMORROW = NOON + timedelta(days=1)

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture(autouse=True)
def scene() -> Iterator[None]:
    with every_client(), clock.freeze(NOON):
        yield


@pytest.fixture
def agent() -> User:
    return make_calling_agent()


@pytest.fixture
def attempt(agent: User) -> CallAttempt:
    return make_attempt(agent)


def rows(model: type) -> list:
    return list(db.session.scalars(select(model).order_by(model.id)))


def test_a_refusal_ends_the_lead_with_its_reason(attempt: CallAttempt, agent: User) -> None:
    record_disposition(attempt, agent, "not_interested", "has fibre already")

    assert (attempt.lead.dial_state, attempt.lead.done_reason) == (DialState.DONE, "not_interested")
    assert attempt.lead.last_result == "not_interested"
    assert find_disposition(attempt.id).note == "has fibre already"


def test_the_same_word_twice_is_one_row(attempt: CallAttempt, agent: User) -> None:
    record_disposition(attempt, agent, "wrong_person")
    record_disposition(attempt, agent, "wrong_person")

    assert len(rows(CallDisposition)) == 1


def test_a_correction_is_a_new_row_that_decides_anew(attempt: CallAttempt, agent: User) -> None:
    record_disposition(attempt, agent, "not_interested")
    record_disposition(attempt, agent, "callback", callback_at=TOMORROW)

    assert [row.code for row in rows(CallDisposition)] == ["not_interested", "callback"]
    assert attempt.lead.dial_state == DialState.READY
    assert attempt.lead.done_reason == ""


@pytest.fixture
def newer(attempt: CallAttempt) -> CallAttempt:
    """The same person is talked with again, by somebody else."""
    return make_attempt(campaign=attempt.campaign, lead=attempt.lead)


@pytest.mark.parametrize("late", ["other", "no_conversation", "callback"])
def test_a_late_word_about_an_older_call_does_not_open_a_lead_that_refused(
    attempt: CallAttempt, newer: CallAttempt, agent: User, late: str
) -> None:
    """A page of yesterday is still open, and is saved after today's call."""
    record_disposition(newer, agent, "not_interested")

    record_disposition(attempt, agent, late, callback_at=TOMORROW if late == "callback" else None)

    assert (newer.lead.dial_state, newer.lead.done_reason) == (DialState.DONE, "not_interested")
    assert find_disposition(attempt.id).code == late
    assert rows(Callback) == []


def test_a_late_word_about_an_older_call_leaves_the_promise_of_a_newer_one(
    attempt: CallAttempt, newer: CallAttempt, agent: User
) -> None:
    record_disposition(newer, agent, "callback", callback_at=TOMORROW)

    record_disposition(attempt, agent, "other")

    assert [promise.state for promise in rows(Callback)] == [CallbackState.PENDING]
    assert (newer.lead.next_attempt_at, newer.lead.callback_agent_id) == (TOMORROW, agent.id)


def test_a_late_word_that_forbids_to_call_ends_the_lead_all_the_same(
    attempt: CallAttempt, newer: CallAttempt, agent: User
) -> None:
    record_disposition(newer, agent, "callback", callback_at=TOMORROW)

    record_disposition(attempt, agent, "do_not_call")

    assert [entry.number for entry in rows(DoNotCallEntry)] == [attempt.number]
    assert (newer.lead.dial_state, newer.lead.done_reason) == (DialState.DONE, "do_not_call")


def test_a_disposition_can_not_be_edited(attempt: CallAttempt, agent: User) -> None:
    record_disposition(attempt, agent, "not_interested").code = "sale"

    with pytest.raises(AppendOnlyError):
        db.session.flush()


def test_an_unknown_code_is_refused(attempt: CallAttempt, agent: User) -> None:
    with pytest.raises(UnknownDispositionError):
        record_disposition(attempt, agent, "maybe")


def test_do_not_call_is_listed_at_once_for_the_client(attempt: CallAttempt, agent: User) -> None:
    record_disposition(attempt, agent, "do_not_call", "asked kindly")

    entry = db.session.scalars(select(DoNotCallEntry)).one()
    assert (entry.number, entry.scope, entry.client_id) == (attempt.number, "client", attempt.client_id)
    assert attempt.lead.dial_state == DialState.DONE


def test_a_callback_is_a_promise_in_the_leads_zone(attempt: CallAttempt, agent: User) -> None:
    record_disposition(attempt, agent, "callback", "ask for Ann", callback_at=TOMORROW)

    promise = rows(Callback)[0]
    assert (promise.scheduled_for, promise.time_zone) == (TOMORROW, "America/New_York")
    assert (promise.agent_id, promise.note) == (agent.id, "ask for Ann")


def test_a_promised_lead_waits_until_its_time_and_then_goes_first(attempt: CallAttempt, agent: User) -> None:
    record_disposition(attempt, agent, "callback", callback_at=TOMORROW)

    lead = attempt.lead
    assert (lead.dial_state, lead.next_attempt_at) == (DialState.READY, TOMORROW)
    assert (lead.priority, lead.callback_agent_id) == (-10, agent.id)


def test_a_promise_may_be_kept_by_anyone(attempt: CallAttempt, agent: User) -> None:
    record_disposition(attempt, agent, "callback", callback_at=TOMORROW, anyone=True)

    assert rows(Callback)[0].agent_id is None
    assert attempt.lead.callback_agent_id is None


def test_an_illegal_hour_is_refused(attempt: CallAttempt, agent: User) -> None:
    with pytest.raises(CallbackRefusedError) as caught:
        record_disposition(attempt, agent, "callback", callback_at=NOON + timedelta(hours=12))

    assert caught.value.problem == "outside_hours"


def test_hours_of_a_campaign_do_not_widen_the_law(attempt: CallAttempt, agent: User) -> None:
    attempt.campaign.calling_hours = {"sat": [["00:00", "24:00"]]}

    with pytest.raises(CallbackRefusedError):
        record_disposition(attempt, agent, "callback", callback_at=NOON + timedelta(hours=16))


def test_a_promise_is_kept_by_the_next_call(attempt: CallAttempt, agent: User) -> None:
    record_disposition(attempt, agent, "callback", callback_at=TOMORROW)
    second = make_attempt(agent, campaign=attempt.campaign, lead=attempt.lead)

    record_disposition(second, agent, "not_interested")

    assert [promise.state for promise in rows(Callback)] == [CallbackState.DONE]
    assert attempt.lead.priority == 0


def test_moving_a_promise_cancels_the_old_time(attempt: CallAttempt, agent: User) -> None:
    record_disposition(attempt, agent, "callback", callback_at=TOMORROW)
    record_disposition(attempt, agent, "callback", callback_at=TOMORROW + timedelta(hours=1))

    states = [promise.state for promise in rows(Callback)]
    assert states == [CallbackState.CANCELLED, CallbackState.PENDING]


def test_the_same_promise_twice_is_made_once(attempt: CallAttempt, agent: User) -> None:
    record_disposition(attempt, agent, "callback", callback_at=TOMORROW)
    record_disposition(attempt, agent, "callback", callback_at=TOMORROW)

    assert len(rows(Callback)) == 1


def test_no_conversation_is_tried_again_until_it_happened_too_often(
    attempt: CallAttempt, agent: User
) -> None:
    record_disposition(attempt, agent, "no_conversation")

    assert attempt.lead.dial_state == DialState.READY
    assert attempt.lead.next_attempt_at == NOON + timedelta(hours=4)

    for _again in range(2):
        another = make_attempt(agent, campaign=attempt.campaign, lead=attempt.lead)
        record_disposition(another, agent, "no_conversation")

    assert (attempt.lead.dial_state, attempt.lead.done_reason) == (DialState.DONE, "no_conversation")


def test_every_disposition_is_audited(attempt: CallAttempt, agent: User) -> None:
    record_disposition(attempt, agent, "other", "declined recording")
    db.session.flush()

    entry = db.session.scalars(
        select(AuditEntry).where(AuditEntry.action == "call.disposition_recorded")
    ).one()
    assert (entry.subject_id, entry.details["code"]) == (attempt.id, "other")
