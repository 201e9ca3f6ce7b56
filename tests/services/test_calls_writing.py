"""What is written down during a call."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from scripts.fields import FieldProblem, FieldValueError
from scripts.script import Field, FieldType
from telesales import clock
from telesales.calls.models import CallAttempt, LeadNote, ScriptAnswer
from telesales.calls.queries import answers_of, last_calls, notes_of
from telesales.calls.service.dispositions import record_disposition
from telesales.calls.service.writing import add_note, save_answer
from telesales.extensions import db
from telesales.tenancy.scope import every_client
from tests.factories_calls import make_attempt, make_calling_agent

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture(autouse=True)
def scene() -> Iterator[None]:
    with every_client(), clock.freeze(datetime(2026, 11, 20, 17, tzinfo=UTC)):
        yield


@pytest.fixture
def attempt() -> CallAttempt:
    return make_attempt()


def save(attempt: CallAttempt, kind: FieldType, value: str) -> str:
    return save_answer(attempt, step="offer", field=Field("f", "F", kind), value=value)


def test_a_value_is_saved_in_the_form_of_its_type(attempt: CallAttempt) -> None:
    assert save(attempt, FieldType.PHONE, "(202) 555-0123") == "+12025550123"
    assert save(attempt, FieldType.MONEY, "$1,250.50") == "1250.50"
    assert save(attempt, FieldType.NUMBER, " 4 ") == "4"


@pytest.mark.parametrize(
    ("kind", "value", "problem"),
    [
        (FieldType.PHONE, "12345", FieldProblem.NOT_A_PHONE_NUMBER),
        (FieldType.MONEY, "1.2.3", FieldProblem.NOT_AN_AMOUNT),
        (FieldType.DATE, "tomorrow", FieldProblem.NOT_A_DATE),
    ],
)
def test_a_value_that_does_not_fit_is_refused_and_not_kept(
    attempt: CallAttempt, kind: FieldType, value: str, problem: FieldProblem
) -> None:
    save(attempt, kind, "")

    with pytest.raises(FieldValueError) as caught:
        save(attempt, kind, value)

    assert caught.value.problem is problem
    assert answers_of(attempt.id) == {}


def test_the_newest_value_counts_and_the_older_ones_stay(attempt: CallAttempt) -> None:
    save(attempt, FieldType.TEXT, "four")
    save(attempt, FieldType.TEXT, "five")
    save(attempt, FieldType.TEXT, "five")

    assert answers_of(attempt.id) == {"f": "five"}
    assert [row.value for row in db.session.scalars(select(ScriptAnswer))] == ["four", "five"]


def test_a_field_can_be_emptied(attempt: CallAttempt) -> None:
    save(attempt, FieldType.TEXT, "four")
    save(attempt, FieldType.TEXT, "")

    assert answers_of(attempt.id) == {}


def test_a_note_is_there_at_the_next_call() -> None:
    agent = make_calling_agent(name="Li Na")
    attempt = make_attempt(agent)

    add_note(attempt, agent, "  has two dogs ")
    add_note(attempt, agent, "has two dogs")

    assert [(note.text, note.author_name) for note in notes_of(attempt.lead_id)] == [
        ("has two dogs", "Li Na")
    ]
    assert len(db.session.scalars(select(LeadNote)).all()) == 1


def test_the_history_of_a_lead_shows_the_agents_word_before_the_networks() -> None:
    agent = make_calling_agent(name="Li Na")
    first = make_attempt(agent, result="talked")
    busy = make_attempt(agent, campaign=first.campaign, lead=first.lead, result="busy", state="ended")
    record_disposition(
        first, agent, "callback", "in spring", callback_at=datetime(2026, 11, 21, 17, tzinfo=UTC)
    )
    now = make_attempt(agent, campaign=first.campaign, lead=first.lead)

    past = last_calls(first.lead_id, before=now.id)

    assert [(call.attempt_id, call.result) for call in past] == [(busy.id, "busy"), (first.id, "callback")]
    assert (past[1].note, past[1].agent_name) == ("in spring", "Li Na")
