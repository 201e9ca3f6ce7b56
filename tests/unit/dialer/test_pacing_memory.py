import json

import pytest

from dialer.core.pacing import FloorEvent, Predictive, Reason
from dialer.core.pacing.memory import BORROWED_TRUST, is_worth_borrowing, recent_of, shapes_of
from tests.unit.dialer.pacing_views import BEFORE, NOW, make_taught, make_view

HOUR = 3600.0


def decide_after(rule, quiet):
    """What is decided when somebody signs on after hours without an event."""
    at = BEFORE + quiet
    rule.on_event(at, FloorEvent.AGENT_LOGIN)
    view = make_view(idle=[at] * 4, talking=[at - 20.0 * i for i in range(5)], wrapping=[at - 10.0])
    return rule.decide(at, view)


def test_yesterday_is_remembered_and_trusted_less():
    same_day, next_day = decide_after(make_taught(), 60.0), decide_after(make_taught(), 14 * HOUR)

    assert next_day.reason is Reason.NO_MORE_RISK
    assert next_day.calls < same_day.calls
    assert next_day.estimates["answer_rate"] == pytest.approx(0.25, abs=0.04)


def test_after_a_long_weekend_a_campaign_begins_carefully():
    assert decide_after(make_taught(), 84 * HOUR).reason is Reason.WARMING_UP


def test_a_lunch_break_is_forgiven():
    before = make_taught().dump()
    rule = make_taught()
    rule.on_event(BEFORE + 0.9 * HOUR, FloorEvent.AGENT_LOGIN)

    assert rule.dump()["rate"] == before["rate"]


def test_the_night_counts_also_for_a_process_that_started_in_the_morning():
    heir = Predictive()
    heir.load(json.loads(json.dumps(make_taught().dump())))

    ours, theirs = decide_after(make_taught(), 14 * HOUR), decide_after(heir, 14 * HOUR)
    assert ours.calls == theirs.calls
    assert dict(ours.estimates) == pytest.approx(dict(theirs.estimates))


def test_another_campaign_lends_shapes_with_little_trust_and_no_answer_rate():
    state = make_taught().dump()
    heir = Predictive()
    heir.load(json.loads(json.dumps(shapes_of(state))))
    lent = heir.dump()

    assert lent["rate"] == Predictive().dump()["rate"]
    assert lent["recent"]["slots"] == []
    for name in ("answered_ring", "other_ring", "wrap"):
        assert sum(lent[name]["ends"]) == pytest.approx(BORROWED_TRUST)
        shares = [
            [seconds / max(1e-9, sum(shape["seconds"])) for seconds in shape["seconds"]]
            for shape in (lent[name], state[name])
        ]
        assert shares[0] == pytest.approx(shares[1])


def test_only_campaigns_in_which_people_answered_are_worth_asking():
    assert is_worth_borrowing(make_taught().dump())
    assert not is_worth_borrowing(Predictive().dump())
    assert not is_worth_borrowing({})


def test_in_another_world_only_the_last_half_hour_stays_true():
    rule = make_taught()
    for _ in range(6):
        rule.on_event(NOW - 60, FloorEvent.ABANDONED)
    heir = Predictive()

    heir.load(recent_of(rule.dump()))

    assert heir.decide(NOW, make_view()).reason is Reason.BURST
    assert heir.dump()["talk"] == Predictive().dump()["talk"]
