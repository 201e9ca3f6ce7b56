"""What may be written into a typed field, and how it is kept."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum

from scripts.script import Field, FieldType

MAX_LENGTH = 2_000
_EMAIL = re.compile(r"[^@\s,;<>]+@[^@\s.,;<>]+(\.[^@\s.,;<>]+)+")
_YES = frozenset({"yes", "y", "true", "1", "是", "on"})
_NO = frozenset({"no", "n", "false", "0", "否"})
_DIGITS = str.maketrans("０１２３４５６７８９．，－", "0123456789.,-")


class FieldProblem(StrEnum):
    """Why a value was refused; the application says it in the person's language."""

    TOO_LONG = "too_long"
    NOT_A_NUMBER = "not_a_number"
    NOT_A_DATE = "not_a_date"
    NOT_A_CHOICE = "not_a_choice"
    NOT_YES_OR_NO = "not_yes_or_no"
    NOT_A_PHONE_NUMBER = "not_a_phone_number"
    NOT_AN_EMAIL = "not_an_email"
    NOT_AN_AMOUNT = "not_an_amount"


class FieldValueError(ValueError):
    """A value that does not fit its field."""

    def __init__(self, problem: FieldProblem) -> None:
        super().__init__(problem.value)
        self.problem = problem


def clean_value(field: Field, text: str) -> str:
    """Return the value in the form in which it is kept; empty stays empty. Raises FieldValueError."""
    text = text.strip()
    if not text:
        return ""
    if len(text) > MAX_LENGTH:
        raise FieldValueError(FieldProblem.TOO_LONG)
    return _CLEANERS[field.type](field, text)


def _number(_field: Field, text: str) -> str:
    return _decimal(text, FieldProblem.NOT_A_NUMBER)


def _money(_field: Field, text: str) -> str:
    amount = re.sub(r"^[^\d\-+(]+|[^\d)]+$", "", text.translate(_DIGITS))
    value = _decimal(amount, FieldProblem.NOT_AN_AMOUNT)
    if value.startswith("-"):
        raise FieldValueError(FieldProblem.NOT_AN_AMOUNT)
    return value


def _decimal(text: str, problem: FieldProblem) -> str:
    plain = re.sub(r"(?<=\d)[,\s](?=\d{3}(\D|$))", "", text.translate(_DIGITS))
    if not re.fullmatch(r"[-+]?\d+([.,]\d+)?", plain):
        raise FieldValueError(problem)
    try:
        return format(Decimal(plain.replace(",", ".")), "f")
    except InvalidOperation:
        raise FieldValueError(problem) from None


def _date(_field: Field, text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise FieldValueError(FieldProblem.NOT_A_DATE) from None


def _choice(field: Field, text: str) -> str:
    for choice in field.choices:
        if text == choice.key or text.casefold() == choice.title.casefold():
            return choice.key
    raise FieldValueError(FieldProblem.NOT_A_CHOICE)


def _yes_no(_field: Field, text: str) -> str:
    word = text.casefold()
    if word in _YES:
        return "yes"
    if word in _NO:
        return "no"
    raise FieldValueError(FieldProblem.NOT_YES_OR_NO)


def _phone(_field: Field, text: str) -> str:
    if not re.fullmatch(r"[+(]?[\d\s().\-/]{5,30}(\s*(x|ext\.?)\s*\d{1,6})?", text, re.IGNORECASE):
        raise FieldValueError(FieldProblem.NOT_A_PHONE_NUMBER)
    return " ".join(text.split())


def _email(_field: Field, text: str) -> str:
    if not _EMAIL.fullmatch(text):
        raise FieldValueError(FieldProblem.NOT_AN_EMAIL)
    return text


def _text(_field: Field, text: str) -> str:
    return text


_CLEANERS: Mapping[FieldType, Callable[[Field, str], str]] = {
    FieldType.TEXT: _text,
    FieldType.NUMBER: _number,
    FieldType.DATE: _date,
    FieldType.CHOICE: _choice,
    FieldType.YES_NO: _yes_no,
    FieldType.PHONE: _phone,
    FieldType.EMAIL: _email,
    FieldType.MONEY: _money,
}


def shown_value(field: Field, value: str) -> str:
    """The value as it is read aloud: the title of a choice, everything else as kept."""
    if field.type is not FieldType.CHOICE:
        return value
    return next((choice.title for choice in field.choices if choice.key == value), value)
