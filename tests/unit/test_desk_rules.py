"""Names, and what a sale lacks."""

import pytest

from scripts.session import Session
from telesales.desk.rules import (
    GapKind,
    SpokenNames,
    field_key,
    first_name,
    likely_product,
    merge_values,
    sale_gaps,
)
from tests.unit.scripts.sample import sample


@pytest.mark.parametrize(
    ("name", "called"),
    [("Ann Lee", "Ann"), ("Lee, Ann Marie", "Ann"), ("王小明", "王小明"), ("Cher", "Cher"), ("", "")],
)
def test_people_are_called_by_what_they_are_called(name: str, called: str) -> None:
    assert first_name(name) == called


def test_a_column_becomes_the_name_of_a_merge_field() -> None:
    assert field_key(" Hospital Type ") == "hospital_type"
    assert field_key("套餐 名称") == "套餐_名称"


def test_a_column_of_the_lead_wins_over_a_column_of_the_list() -> None:
    names = SpokenNames(agent="Ana P", campaign="Fibre", client="Acme", centre="House")

    values = merge_values({"name": "Ann Lee", "city": "Boston"}, {"City": "elsewhere", "Segment": "B"}, names)

    assert (values["lead.city"], values["lead.segment"]) == ("Boston", "B")
    assert (values["agent.first_name"], values["client.name"]) == ("Ana", "Acme")


def test_gaps_are_what_was_not_said_then_what_was_not_written() -> None:
    offer = Session.begin(sample()).answer("1").visit("offer").visit("offer")

    gaps = list(sale_gaps(offer))

    assert [(gap.kind, gap.step_key) for gap in gaps] == [
        (GapKind.DISCLOSURE, "recording"),
        (GapKind.FIELD, "offer"),
    ]


def test_a_product_is_proposed_only_when_it_is_clear() -> None:
    names = {1: "Fibre 300", 2: "Fibre 500"}

    assert likely_product({7: "Only one"}, []) == 7
    assert likely_product(names, ["fibre 500", "4"]) == 2
    assert likely_product(names, ["Fibre"]) is None
    assert likely_product(names, []) is None
