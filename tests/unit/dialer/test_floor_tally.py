"""What the floor counts of answered calls, and what it stores of it."""

import json

import pytest

from dialer.core.abandonment import Counts, Measure
from dialer.core.floor.floor import Floor
from dialer.core.floor.snapshot import show_floor, view_floor
from dialer.core.floor.tally import DAY_SECONDS
from dialer.events import EventKind
from tests.unit.dialer.stage import CAMPAIGN, NOON, Stage


@pytest.fixture
def stage() -> Stage:
    return Stage()


def counted(stage: Stage) -> Counts:
    return stage.floor.tallies.since(NOON)


def test_a_person_with_an_agent_in_time_is_connected(stage):
    stage.agent_ready(1)

    stage.talk(100, 1)

    assert counted(stage) == Counts(people=1, connected=1)


def test_an_agent_who_comes_too_late_leaves_the_person_abandoned(stage):
    stage.agent_ready(1)
    stage.ring(100)
    stage.answer(100, 5)

    stage.say(EventKind.CALL_CONNECTED, 7.5, call=100, agent=1)

    assert counted(stage) == Counts(people=1, abandoned=1)


def test_who_hangs_up_at_once_is_neither(stage):
    stage.ring(100)
    stage.answer(100, 5)

    stage.end(100, 6)

    assert counted(stage) == Counts(people=1)


def test_a_machine_is_no_person(stage):
    stage.ring(100)

    stage.answer(100, 5, "machine")

    assert counted(stage) == Counts(machines=1)


def test_only_the_day_that_changed_is_stored(stage):
    stage.floor.count(NOON - 3 * DAY_SECONDS, Counts(people=9))
    stage.floor.take_changes()
    stage.ring(100)
    stage.answer(100, 5)

    written = stage.floor.take_changes().written

    today = int(NOON // DAY_SECONDS)
    assert [name for name in written if name.startswith("tally:")] == [f"tally:{today}"]
    assert list(json.loads(written[f"tally:{today}"]).values()) == [[1, 0, 0, 0]]


def test_days_that_no_window_reaches_are_deleted(stage):
    stage.floor.count(NOON - 40 * DAY_SECONDS, Counts(people=9))
    stage.floor.take_changes()

    stage.floor.count(NOON, Counts(people=1))

    assert stage.floor.take_changes().deleted == [f"tally:{int(NOON // DAY_SECONDS) - 40}"]


def test_a_stored_floor_remembers_every_day(stage):
    stage.floor.count(NOON - 20 * DAY_SECONDS, Counts(people=9, abandoned=2))
    stage.floor.count(NOON, Counts(people=1))

    again = Floor.load(CAMPAIGN, stage.floor.take_changes().written)

    assert again.tallies.since(NOON - 30 * DAY_SECONDS) == Counts(people=10, abandoned=2)


def test_page_and_pacing_see_the_same_window(stage):
    stage.floor.count(NOON - 20 * DAY_SECONDS, Counts(people=9, abandoned=2))
    stage.floor.count(NOON, Counts(people=1))
    measure = Measure()

    shown = show_floor(stage.floor, measure, limit=0.03, at=NOON)["abandonment"]
    view = view_floor(stage.floor, measure, at=NOON, lines=10, limit=0.03, is_open=True, has_leads=True)

    assert (shown["abandoned"], shown["answered"]) == (view.window.abandoned, view.window.answered) == (2, 10)
    assert (view.day.abandoned, view.day.answered) == (0, 1)
