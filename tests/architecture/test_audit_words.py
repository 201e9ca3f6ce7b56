"""Whoever reads the audit trail reads words: everything that is recorded has some."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask_babel import force_locale

from telesales.audit.detail_names import detail_names
from telesales.audit.detail_wording import value_words
from telesales.audit.wording import action_words, groups, subject_words
from telesales.calls.rules import DispositionCode
from telesales.campaigns.service.editing import EDITED
from telesales.campaigns.service.running import _ACTIONS as MOVES
from telesales.campaigns.values import CampaignValues
from telesales.centre.service import FACTS
from telesales.compliance.models import DoNotCallScope, UploadState
from telesales.extensions import db
from telesales.leads.models import ImportState
from telesales.supervision.kinds import OrderKind
from telesales.telephony.talking import Verb

ROOT = Path(__file__).parents[2] / "telesales"
OF_VARIABLES = {
    EDITED, *MOVES.values(), *(kind.value for kind in OrderKind), "call.supervised", "call.supervision_failed",
    *(f"telephone.{verb}" for verb in (*Verb, "transfer", "consult")),
    *(f"list.import_{state}" for state in (ImportState.FINISHED, ImportState.FAILED)),
    *(f"do_not_call.upload_{state}" for state in (UploadState.FINISHED, UploadState.FAILED)),
}  # fmt: skip


def records() -> Iterator[ast.Call]:
    """Every place in the code that writes into the trail."""
    for path in ROOT.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "record" and node.args:
                yield node


def actions() -> set[str]:
    found = {call.args[0].value for call in records() if isinstance(call.args[0], ast.Constant)}
    return {str(action) for action in found} | OF_VARIABLES


@pytest.fixture
def reading(app: Flask) -> Iterator[None]:
    with app.test_request_context("/"):
        yield


def test_every_action_that_the_code_records_has_words(reading: None) -> None:
    assert len(actions()) > len(OF_VARIABLES)
    assert actions() - set(action_words()) == set()


def test_no_action_stands_in_two_groups(reading: None) -> None:
    assert sum(len(group.words) for group in groups()) == len(action_words())


def test_every_detail_that_the_code_records_has_a_name(reading: None) -> None:
    named = {keyword.arg for call in records() for keyword in call.keywords if keyword.arg} - {"changes"}

    assert (named | set(CampaignValues.__dataclass_fields__) | set(FACTS)) - set(detail_names()) == set()


def test_words_of_things_are_for_things_that_exist(reading: None) -> None:
    tables = {mapper.class_.__name__ for mapper in db.Model.registry.mappers}

    assert set(subject_words()) <= tables


@pytest.mark.parametrize("locale", ["en", "zh"])
def test_a_word_of_the_filter_means_one_kind_of_thing(reading: None, locale: str) -> None:
    with force_locale(locale):
        words = [text.casefold() for text in subject_words().values()]

    assert len(words) == len(set(words))


@pytest.mark.parametrize(("name", "codes"), [("code", DispositionCode), ("scope", DoNotCallScope)])
def test_every_code_beside_a_change_has_words(reading: None, name: str, codes) -> None:
    assert {code.value for code in codes} <= set(value_words(name))
