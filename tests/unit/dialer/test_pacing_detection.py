import json

import pytest

from dialer.core.abandonment import Counts, Estimates, Measure, Tally, pack_named
from dialer.core.floor.snapshot import view_floor
from dialer.core.pacing import FloorEvent, Predictive
from dialer.core.pacing.detection import MOST_MISSED, Detection
from tests.unit.dialer.pacing_views import NOW, make_taught, make_view
from tests.unit.dialer.stage import NOON, Stage

DAY = Tally(1000, 10)


def watch(people: int = 1000, machines: int = 1000, missed: int = 0) -> Detection:
    """People answer after 3 to 12 seconds, machines after 13 to 22; some people are taken for machines."""
    detection = Detection()
    for n in range(people):
        detection.answered(NOW - 5000 + n, 3.0 + n % 10)
        detection.closed()
    for n in range(machines):
        detection.machine(13.0 + n % 10)
    for n in range(missed):
        detection.machine(3.0 + n % 10)
    return detection


def test_machines_that_answer_like_machines_are_no_people():
    assert watch().people_of(DAY, NOW) == DAY


def test_verdicts_that_come_when_people_answer_count_as_abandoned():
    seen = watch(missed=10).people_of(DAY, NOW)

    assert (seen.answered, seen.abandoned) == (pytest.approx(1014, abs=6), pytest.approx(24, abs=6))


def test_an_estimate_that_cannot_be_true_is_bounded():
    assert watch(missed=500).missed() == MOST_MISSED


def test_the_campaigns_own_estimate_goes_first():
    assert watch(missed=10).missed(0.03) == pytest.approx(0.03 * 1010 / 1000)
    assert watch(missed=10).missed(0.0) == 0.0


def test_little_that_was_seen_says_nothing():
    assert watch(people=50, machines=50, missed=50).missed() == 0.0


def test_calls_that_vanish_were_machines_and_are_not_people_who_answered():
    detection = watch()
    for n in range(40):
        detection.answered(NOW - 1000 + n, 5.0)
        detection.answered(NOW - 1000 + n, 5.0)
        detection.closed(abandoned=True)

    assert detection.people_of(DAY, NOW).answered == pytest.approx(1000 * (1 - 40 / (40 + 40 + 20)))


def test_a_person_whose_two_seconds_are_not_over_has_not_vanished():
    detection = watch()
    for _ in range(40):
        detection.answered(NOW - 1, 5.0)

    assert detection.people_of(DAY, NOW) == DAY


def test_it_is_remembered():
    detection, heir = watch(missed=10), Detection()
    heir.load(json.loads(json.dumps(detection.dump())))

    assert heir.dump() == detection.dump()
    assert heir.people_of(DAY, NOW) == detection.people_of(DAY, NOW)


def test_people_taken_for_machines_lower_the_risk_that_is_taken():
    careful, usual = make_taught(), make_taught()
    for n in range(400):
        careful.on_event(NOW - 400, FloorEvent.CALL_OVER, outcome="machine", after=4.0 + n % 10)
        usual.on_event(NOW - 400, FloorEvent.CALL_OVER, outcome="busy", after=4.0 + n % 10)
    view = make_view(day=DAY)

    thresholds = [rule.decide(NOW, view).estimates["threshold"] for rule in (careful, usual)]

    assert thresholds[0] < thresholds[1]


def test_a_rule_hears_of_people_who_hung_up_first():
    rule = Predictive()
    rule.on_event(NOW, FloorEvent.ANSWERED, after=5.0)
    rule.on_event(NOW + 1, FloorEvent.GONE)

    assert rule.dump()["detection"]["open"] == []


@pytest.mark.parametrize(
    ("pack", "estimate", "share"), [("us", 0, None), ("us", 250, 0.025), ("uk", 250, 0.0)]
)
def test_an_estimate_that_the_law_counts_already_is_not_counted_twice(pack, estimate, share):
    stage = Stage()
    measure = Measure(pack=pack_named(pack), estimates=Estimates(false_positives_bp=estimate))
    stage.floor.count(NOON, Counts(people=100, machines=100))

    view = view_floor(stage.floor, measure, at=NOON, lines=9, limit=0.03, is_open=True, has_leads=True)

    assert view.false_machines == share
