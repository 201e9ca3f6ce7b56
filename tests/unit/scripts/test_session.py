"""One call's way through a script."""

import json

import pytest

from scripts.fields import FieldValueError
from scripts.script import Outcome, Stage
from scripts.session import Session, UnknownChoiceError
from scripts.ways import way_to
from tests.unit.scripts.sample import sample


def keys(steps: object) -> list[str]:
    return [step.key for step in steps]  # type: ignore[attr-defined]


def test_a_call_begins_at_the_first_step() -> None:
    session = Session.begin(sample())

    assert (session.step.key, session.step_index, session.revision) == ("opening", 0, 0)


def test_an_answer_leads_to_its_step_by_key_or_by_number() -> None:
    begin = Session.begin(sample())

    assert begin.answer("no").step_key == "close_no"
    assert begin.answer("1").step_key == "recording"


def test_every_move_has_a_new_revision() -> None:
    session = Session.begin(sample()).answer("1").answer("1")

    assert session.revision == 2
    assert session.back().revision == 3


def test_an_answer_that_the_step_does_not_have_is_refused() -> None:
    with pytest.raises(UnknownChoiceError):
        Session.begin(sample()).answer("3")


def test_back_returns_to_the_step_before_and_stops_at_the_first() -> None:
    session = Session.begin(sample()).answer("1")

    assert session.back().step_key == "opening"
    assert session.back().back().step_key == "opening"


def test_a_disclosure_counts_as_said_when_its_step_was_answered() -> None:
    asked = Session.begin(sample()).answer("1")

    assert keys(asked.missing_disclosures) == ["recording"]
    assert keys(asked.answer("1").missing_disclosures) == []


def test_what_was_said_stays_said_after_going_back() -> None:
    session = Session.begin(sample()).answer("1").answer("1").back().back()

    assert keys(session.missing_disclosures) == []


def test_a_missing_step_can_be_visited_and_leads_back_to_where_the_call_was() -> None:
    at_the_end = Session.begin(sample()).answer("2")

    aside = at_the_end.visit("recording")

    assert aside.step_key == "recording"
    assert aside.answer("1").step_key == "close_no"
    assert aside.back().step_key == "close_no"
    assert keys(aside.answer("1").missing_disclosures) == []


def test_visiting_an_unknown_step_is_refused() -> None:
    with pytest.raises(UnknownChoiceError):
        Session.begin(sample()).visit("nowhere")


def test_required_fields_are_missing_only_on_the_way_that_was_taken() -> None:
    begin = Session.begin(sample())
    at_offer = begin.answer("1").answer("1")

    assert list(begin.missing_fields) == []
    assert [(step.key, field.key) for step, field in at_offer.missing_fields] == [("offer", "people")]
    assert list(at_offer.enter("people", "4").missing_fields) == []


def test_a_value_that_does_not_fit_is_refused_and_the_session_stays() -> None:
    session = Session.begin(sample()).enter("people", "4")

    with pytest.raises(FieldValueError):
        session.enter("people", "many")
    assert session.values == {"people": "4"}


def test_an_unknown_field_is_refused() -> None:
    with pytest.raises(UnknownChoiceError):
        Session.begin(sample()).enter("shoe_size", "4")


def test_entered_values_can_be_merged_into_texts() -> None:
    session = Session.begin(sample()).enter("people", "4").enter("plan", "big")

    assert session.merge_values == {"field.people": "4", "field.plan": "Big plan"}


def test_the_breadcrumb_knows_each_step_once() -> None:
    session = Session.begin(sample()).answer("1").answer("1").answer("again").answer("1")

    assert keys(session.seen_steps) == ["opening", "offer", "recording"]
    assert session.seen_stages == {Stage.OPENING, Stage.OFFER}


def test_a_session_survives_json() -> None:
    script = sample()
    session = Session.begin(script).answer("1").answer("1").enter("people", "4").visit("opening")

    again = Session.from_data(script, json.loads(json.dumps(session.to_data())))

    assert again == session


def test_the_shortest_way_to_an_outcome_is_found() -> None:
    way = way_to(sample(), Outcome.SALE)

    assert way is not None
    assert [visit.answer for visit in way] == ["go_on", "agrees", "yes"]
    assert way_to(sample(), Outcome.CALLBACK) is None
