"""Typed fields take what fits and say what does not."""

import pytest

from scripts.fields import FieldProblem, FieldValueError, clean_value, shown_value
from scripts.script import Choice, Field, FieldType

CHOICES = (Choice("small", "Small plan"), Choice("big", "Big plan"))


def field(kind: FieldType) -> Field:
    return Field("f", "F", kind, choices=CHOICES)


@pytest.mark.parametrize(
    ("kind", "text", "kept"),
    [
        (FieldType.TEXT, "  fine  ", "fine"),
        (FieldType.NUMBER, "1,250", "1250"),
        (FieldType.NUMBER, "３", "3"),
        (FieldType.NUMBER, "2,5", "2.5"),
        (FieldType.NUMBER, "-4", "-4"),
        (FieldType.DATE, "2026-11-21", "2026-11-21"),
        (FieldType.CHOICE, "big", "big"),
        (FieldType.CHOICE, "small PLAN", "small"),
        (FieldType.YES_NO, "Yes", "yes"),
        (FieldType.YES_NO, "否", "no"),
        (FieldType.PHONE, " 202-555-0123 ", "202-555-0123"),
        (FieldType.PHONE, "+86 138 0013 8000", "+86 138 0013 8000"),
        (FieldType.EMAIL, "ann@example.com", "ann@example.com"),
        (FieldType.MONEY, "$1,250.50", "1250.50"),
        (FieldType.MONEY, "129元", "129"),
        (FieldType.NUMBER, "", ""),
    ],
)
def test_a_fitting_value_is_kept_in_one_form(kind: FieldType, text: str, kept: str) -> None:
    assert clean_value(field(kind), text) == kept


@pytest.mark.parametrize(
    ("kind", "text", "problem"),
    [
        (FieldType.TEXT, "x" * 2001, FieldProblem.TOO_LONG),
        (FieldType.NUMBER, "four", FieldProblem.NOT_A_NUMBER),
        (FieldType.NUMBER, "1.2.3", FieldProblem.NOT_A_NUMBER),
        (FieldType.DATE, "21/11/2026", FieldProblem.NOT_A_DATE),
        (FieldType.DATE, "2026-02-30", FieldProblem.NOT_A_DATE),
        (FieldType.CHOICE, "huge", FieldProblem.NOT_A_CHOICE),
        (FieldType.YES_NO, "perhaps", FieldProblem.NOT_YES_OR_NO),
        (FieldType.PHONE, "call me", FieldProblem.NOT_A_PHONE_NUMBER),
        (FieldType.EMAIL, "ann@example", FieldProblem.NOT_AN_EMAIL),
        (FieldType.EMAIL, "ann at example.com", FieldProblem.NOT_AN_EMAIL),
        (FieldType.MONEY, "cheap", FieldProblem.NOT_AN_AMOUNT),
        (FieldType.MONEY, "-5", FieldProblem.NOT_AN_AMOUNT),
    ],
)
def test_a_value_that_does_not_fit_is_refused_with_its_reason(
    kind: FieldType, text: str, problem: FieldProblem
) -> None:
    with pytest.raises(FieldValueError) as caught:
        clean_value(field(kind), text)

    assert caught.value.problem is problem


def test_a_choice_is_read_aloud_by_its_title() -> None:
    assert shown_value(field(FieldType.CHOICE), "big") == "Big plan"
