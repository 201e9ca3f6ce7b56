"""Every script that is shipped can be read to a callee as it is."""

import pytest

from scripts.checks import check
from scripts.reading import checksum, script_from
from scripts.script import Disclosure, Outcome, Script
from scripts.session import Session
from scripts.shelf import shipped
from scripts.ways import way_to

FILES = dict(shipped())


@pytest.fixture(params=sorted(FILES))
def script(request: pytest.FixtureRequest) -> Script:
    return script_from(FILES[request.param], place=request.param)


def test_every_shipped_script_is_sound(script: Script) -> None:
    assert [str(problem) for problem in check(script)] == []


def test_the_key_of_a_script_is_the_name_of_its_file() -> None:
    assert [f"{data['key']}.toml" for data in FILES.values()] == list(FILES)


def test_four_scripts_in_two_languages_are_shipped() -> None:
    languages = [data["language"] for data in FILES.values()]

    assert len(languages) >= 4
    assert set(languages) == {"en", "zh"}


def test_every_shipped_script_helps_with_at_least_five_objections(script: Script) -> None:
    assert len(script.objections) >= 5


def test_every_shipped_script_has_real_branches(script: Script) -> None:
    assert sum(len(step.answers) > 1 for step in script.steps) >= 8


def test_every_shipped_script_tells_who_calls_and_that_it_is_recorded(script: Script) -> None:
    told = {step.disclosure for step in script.disclosure_steps()}

    assert {Disclosure.IDENTITY, Disclosure.RECORDING} <= told
    assert told & {Disclosure.CANCELLATION, Disclosure.TERMS}


def test_every_shipped_script_can_end_in_each_common_outcome(script: Script) -> None:
    for outcome in (Outcome.SALE, Outcome.CALLBACK, Outcome.NOT_INTERESTED, Outcome.DO_NOT_CALL):
        assert way_to(script, outcome) is not None, outcome


def test_the_shortest_way_to_a_sale_says_every_disclosure(script: Script) -> None:
    session = Session.begin(script)

    for visit in way_to(script, Outcome.SALE) or ():
        session = session.answer(visit.answer)

    assert session.step.outcome is Outcome.SALE
    assert list(session.missing_disclosures) == []


def test_every_shipped_script_names_products_with_prices(script: Script) -> None:
    assert len(script.products) >= 2
    assert all(product.amount > 0 and len(product.currency) == 3 for product in script.products)


def test_the_checksum_follows_the_content() -> None:
    first = next(iter(FILES.values()))

    assert checksum(first) == checksum(dict(reversed(first.items())))
    assert checksum(first) != checksum({**first, "title": "Another"})
