"""Mistakes in a script file are told where they are."""

from decimal import Decimal

import pytest

from scripts.reading import ScriptError, data_from, script_from
from scripts.script import FieldType, Outcome, Product
from tests.unit.scripts.sample import sample, sample_data


def test_a_script_is_read_with_its_types() -> None:
    script = sample()

    assert script.step("close_sale").outcome is Outcome.SALE
    assert script.field("people").type is FieldType.NUMBER
    assert script.field("people").required
    assert script.products == (Product("Small", Decimal("10.00"), "USD"),)


def test_steps_know_their_place_in_the_script() -> None:
    assert sample().index_of("offer") == 2


def test_a_missing_text_is_told_with_its_place() -> None:
    data = sample_data()
    del data["steps"][1]["text"]

    with pytest.raises(ScriptError, match="script › steps 2: “text” is missing"):
        script_from(data)


def test_a_misspelt_name_is_told() -> None:
    data = sample_data()
    data["steps"][0]["anwsers"] = []

    with pytest.raises(ScriptError, match="steps 1: unknown: anwsers"):
        script_from(data)


def test_an_unknown_stage_is_told_with_the_known_ones() -> None:
    data = sample_data()
    data["steps"][0]["stage"] = "start"

    with pytest.raises(ScriptError, match="“stage” is “start”, not one of opening, need"):
        script_from(data)


def test_an_amount_has_to_be_a_number() -> None:
    data = sample_data()
    data["products"][0]["amount"] = "ten"

    with pytest.raises(ScriptError, match="not an amount"):
        script_from(data)


def test_a_script_without_steps_is_refused() -> None:
    with pytest.raises(ScriptError, match="at least one step"):
        script_from({**sample_data(), "steps": []})


def test_broken_toml_is_told_with_the_name_of_the_file() -> None:
    with pytest.raises(ScriptError, match=r"mine\.toml: .*line 1"):
        data_from("key = \n", place="mine.toml")
