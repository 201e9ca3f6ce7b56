"""Checks find what would embarrass an agent in a call."""

from collections.abc import Callable
from typing import Any

import pytest

from scripts.checks import Fault, check
from scripts.reading import script_from
from tests.unit.scripts.sample import sample, sample_data


def faults(change: Callable[[dict[str, Any]], object]) -> set[tuple[Fault, str, str]]:
    data = sample_data()
    change(data)
    return {(problem.fault, problem.place, problem.detail) for problem in check(script_from(data))}


def test_a_sound_script_has_no_problem() -> None:
    assert list(check(sample())) == []


def bypass(data: dict[str, Any]) -> None:
    data["steps"][0]["answers"][0]["goes_to"] = "offer"
    data["steps"][0]["answers"].append({"key": "r", "title": "R", "goes_to": "recording"})


def no_way_out(data: dict[str, Any]) -> None:
    data["steps"][2]["answers"] = [{"key": "x", "title": "X", "goes_to": "offer"}]


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda d: d["steps"].append(d["steps"][4]), (Fault.DUPLICATE_KEY, "script", "close_no")),
        (
            lambda d: d["objections"].append(d["objections"][0]),
            (Fault.DUPLICATE_KEY, "objections", "price"),
        ),
        (
            lambda d: d["steps"][0]["answers"][1].update(key="go_on"),
            (Fault.DUPLICATE_KEY, "opening", "go_on"),
        ),
        (
            lambda d: d["steps"][0]["answers"][1].update(goes_to="gone"),
            (Fault.UNKNOWN_STEP, "opening", "gone"),
        ),
        (lambda d: d.update(first="gone"), (Fault.UNKNOWN_STEP, "script", "gone")),
        (lambda d: d["steps"][4].pop("outcome"), (Fault.DEAD_END, "close_no", "")),
        (lambda d: d["steps"][0].update(outcome="other"), (Fault.END_WITH_ANSWERS, "opening", "")),
        (lambda d: d["steps"][0]["answers"].pop(), (Fault.UNREACHABLE, "close_no", "")),
        (no_way_out, (Fault.NO_WAY_OUT, "offer", "")),
        (lambda d: d["steps"][3].update(outcome="other"), (Fault.NO_SALE, "script", "")),
        (bypass, (Fault.DISCLOSURE_BYPASSED, "close_sale", "recording")),
        (
            lambda d: d["steps"][4].update(disclosure="price"),
            (Fault.DISCLOSURE_UNANSWERED, "close_no", ""),
        ),
        (
            lambda d: d["steps"][0].update(text="{{lead.shoe_size|x}}"),
            (Fault.UNKNOWN_MERGE_FIELD, "opening", "lead.shoe_size"),
        ),
        (lambda d: d["steps"][0].update(note="{{lead.name}}"), (Fault.NO_FALLBACK, "opening", "lead.name")),
        (lambda d: d["objections"][0].update(text="{{oops"), (Fault.BROKEN_BRACES, "price", "")),
        (lambda d: d["steps"][2]["fields"][1].pop("choices"), (Fault.NO_CHOICES, "offer", "plan")),
        (
            lambda d: d["steps"][0].update(fields=[{"key": "plan", "title": "P", "type": "text"}]),
            (Fault.DUPLICATE_KEY, "offer", "plan"),
        ),
        (
            lambda d: d["steps"][0].update(
                answers=[{"key": str(n), "title": "A", "goes_to": "recording"} for n in range(10)]
            ),
            (Fault.TOO_MANY, "opening", "10"),
        ),
    ],
)
def test_each_mistake_is_found(
    change: Callable[[dict[str, Any]], object], fault: tuple[Fault, str, str]
) -> None:
    assert fault in faults(change)


def test_one_disclosure_may_be_said_on_either_of_two_branches() -> None:
    def two_branches(data: dict[str, Any]) -> None:
        other = {**data["steps"][1], "key": "recording_again"}
        data["steps"].append(other)
        data["steps"][0]["answers"][1]["goes_to"] = "recording_again"
        data["steps"][2]["answers"].append({"key": "no", "title": "No", "goes_to": "close_no"})

    assert faults(two_branches) == set()
