import pytest

from dialer.core.floor.effects import HangUp
from dialer.core.floor.letting_go import let_go
from tests.unit.dialer.stage import NOON, Stage


@pytest.fixture
def stage() -> Stage:
    return Stage()


def test_the_calls_that_ring_longest_are_hung_up(stage):
    for call in (100, 101, 102):
        stage.ring(call, at=call - 99.0)

    assert let_go(stage.floor, 2, NOON + 30) == 2

    assert stage.wait(30) == [HangUp(100), HangUp(101)]


def test_nothing_is_hung_up_before_its_fifteen_seconds_of_ringing(stage):
    stage.ring(100, at=1.0)

    assert let_go(stage.floor, 1, NOON + 15.9) == 0
    assert let_go(stage.floor, 1, NOON + 16.0) == 1


def test_a_person_who_has_answered_is_never_let_go(stage):
    stage.ring(100, at=1.0)
    stage.answer(100, 29.5)

    assert let_go(stage.floor, 5, NOON + 30) == 0


def test_a_call_that_an_agent_dialed_is_the_agents_to_end(stage):
    stage.agent_ready(1)
    stage.ring(100, at=1.0, agent=1)

    assert let_go(stage.floor, 5, NOON + 30) == 0


def test_its_lead_is_tried_again_like_one_who_did_not_answer(stage):
    stage.ring(100, at=1.0)
    let_go(stage.floor, 1, NOON + 20)
    stage.wait(20)
    stage.end(100, 20.2, "hung_up")

    assert stage.result(100) == "no_answer"
    assert stage.fact("call.let_go").data == {"rang": 19.0}


def test_who_answers_while_we_hang_up_counts_as_abandoned(stage):
    stage.ring(100, at=1.0)
    let_go(stage.floor, 1, NOON + 20)
    stage.answer(100, 20.1)

    assert stage.tally() == (1, 1)
