import json

import pytest

from dialer.core.abandonment import Tally
from dialer.core.pacing import FloorEvent, Predictive, Reason
from tests.unit.dialer.pacing_views import BEFORE, NOW, make_taught, make_view, teach


def test_a_floor_that_has_learned_places_more_than_one_call_per_ready_agent():
    decision = make_taught().decide(NOW, make_view())

    assert decision.calls > 4
    assert decision.reason is Reason.NO_MORE_RISK


def test_the_lower_the_answer_rate_the_more_calls_are_placed():
    often = make_taught(answer_rate=0.5).decide(NOW, make_view())
    rarely = make_taught(answer_rate=0.1).decide(NOW, make_view())

    assert rarely.calls > 2 * often.calls


def test_calls_are_placed_ahead_of_agents_who_will_be_free():
    nearly_done = [NOW - 22.0] * 8

    decision = make_taught().decide(NOW, make_view(idle=[], wrapping=nearly_done))

    assert decision.calls > 0


def test_ringing_calls_are_counted_with():
    rule = make_taught()
    alone, busy = make_view(), make_view(ringing=[NOW - 3.0] * 8)

    assert rule.decide(NOW, busy).calls < rule.decide(NOW, alone).calls


def test_pauses_that_were_asked_for_do_not_make_the_others_look_unreliable():
    told, surprised = make_taught(), make_taught()
    for n in range(40):
        for rule, asked in ((told, True), (surprised, False)):
            rule.on_event(BEFORE + n, FloorEvent.WRAP_END, agent=n, lasted=12.0, asked=asked)
            rule.on_event(BEFORE + n, FloorEvent.AGENT_PAUSED, asked=asked)
    view = make_view(idle=[], wrapping=[NOW - 20.0] * 8)

    free = [rule.decide(NOW, view).estimates["expected_free"] for rule in (told, surprised)]

    assert free[0] > free[1] * 1.1


def test_a_new_floor_places_one_call_per_ready_agent():
    decision = Predictive().decide(NOW, make_view())

    assert (decision.calls, decision.reason) == (4, Reason.WARMING_UP)


def test_a_new_floor_tells_the_risk_of_one_call_more_than_it_placed():
    """The forecast would have placed none: the risk beside its first call is not that beside our fourth."""
    view = make_view()
    new, taught = Predictive().decide(NOW, view), make_taught().decide(NOW, view)

    assert new.estimates["next_risk"] > new.estimates["threshold"]
    assert new.estimates["expected_answers"] > new.calls * new.estimates["answer_rate"] / 4
    assert "risk" not in new.estimates
    assert "risk" in taught.estimates


def test_a_floor_takes_more_risk_with_every_call_it_has_seen():
    # With nobody ready one call per ready agent is none: what is placed is placed ahead.
    view = make_view(idle=[], talking=[NOW - 20.0] * 20, wrapping=[NOW - 25.0] * 30, lines_cap=200)
    seen = (0, 16, 24, 40)

    decisions = [make_taught(calls=calls).decide(NOW, view) for calls in seen]

    thresholds = [decision.estimates["threshold"] for decision in decisions]
    assert thresholds == sorted(thresholds)
    assert thresholds[0] == 0.0 < thresholds[1] < thresholds[2]
    assert decisions[0].calls == 0 < decisions[2].calls < decisions[3].calls


def test_people_who_ring_us_take_agents_away():
    quiet, busy = (make_taught().decide(NOW, make_view(expected_inbound=rate)) for rate in (0.0, 0.2))

    assert busy.calls < quiet.calls
    assert busy.estimates["expected_free"] == quiet.estimates["expected_free"]


def test_two_agents_are_dialed_one_to_one():
    view = make_view(idle=[NOW, NOW], talking=[], wrapping=[])

    decision = make_taught().decide(NOW, view)

    assert (decision.calls, decision.reason) == (2, Reason.SMALL_TEAM)


def test_a_full_legal_window_stops_dialing_ahead():
    view = make_view(window=Tally(answered=1000, abandoned=30))

    decision = make_taught().decide(NOW, view)

    assert (decision.calls, decision.reason) == (4, Reason.LIMIT_REACHED)


def test_the_limit_is_the_one_of_the_campaign():
    people = Tally(answered=1000, abandoned=30)

    decision = make_taught().decide(NOW, make_view(window=people, day=people, limit=0.05))

    assert decision.reason is Reason.NO_MORE_RISK


def test_after_a_burst_of_abandoned_people_hardly_any_risk_is_taken_until_it_is_half_an_hour_old():
    rule = make_taught()
    usual = rule.decide(NOW, make_view())
    for _ in range(2):
        rule.on_event(NOW - 60, FloorEvent.ABANDONED)

    careful = rule.decide(NOW, make_view())
    assert careful.reason is Reason.BURST
    assert careful.calls < usual.calls
    assert careful.estimates["risk"] <= careful.estimates["threshold"] < 0.002
    for _ in range(4):
        rule.on_event(NOW - 60, FloorEvent.ABANDONED)
    stopped = rule.decide(NOW, make_view(talking=[NOW - 200.0] * 60, lines_cap=600))
    assert (stopped.calls, stopped.reason) == (len(make_view().idle), Reason.BURST)
    later = NOW + 1800
    view = make_view(idle=[later] * 4, talking=[later] * 5, wrapping=[later])
    assert rule.decide(later, view).reason is Reason.NO_MORE_RISK


def test_a_day_with_little_room_left_lowers_the_threshold():
    rule = make_taught()
    good, bad = Tally(answered=1000, abandoned=5), Tally(answered=1000, abandoned=28)

    thresholds = [rule.decide(NOW, make_view(day=day)).estimates["threshold"] for day in (good, bad)]

    assert thresholds[0] > thresholds[1]


def test_a_decision_carries_the_numbers_behind_it():
    decision = make_taught().decide(NOW, make_view())

    estimates = decision.estimates
    assert estimates["risk"] <= estimates["threshold"] < estimates["next_risk"]
    assert estimates["answer_rate"] == pytest.approx(0.25, abs=0.02)
    assert set(estimates) == {
        "agents", "leaving", "idle", "ringing", "waiting", "free_lines", "answer_rate", "horizon_seconds", "expected_free",
        "expected_answers", "risk", "next_risk", "threshold", "limit", "day_rate",
        "half_hour_room",
    }  # fmt: skip


def test_another_process_continues_with_what_was_learned():
    rule, heir = make_taught(), Predictive()
    teach(rule, answer_rate=0.4, calls=50)
    rule.on_event(NOW - 9, FloorEvent.ABANDONED)

    heir.load(json.loads(json.dumps(rule.dump())))

    ours, theirs = rule.decide(NOW, make_view()), heir.decide(NOW, make_view())
    assert (ours.calls, ours.reason) == (theirs.calls, theirs.reason)
    assert dict(ours.estimates) == pytest.approx(dict(theirs.estimates))
    assert heir.dump() == rule.dump()


@pytest.mark.parametrize("state", [{}, {"version": 0, "rate": "?"}])
def test_a_dump_of_another_version_is_left_aside(state):
    rule = Predictive()

    rule.load(state)

    assert rule.decide(NOW, make_view()).reason is Reason.WARMING_UP


def test_a_rule_learns_which_step_of_the_script_ends_soon():
    rule = Predictive()
    for n in range(300):
        t, agent = NOW - 9000 + n * 20, n % 10
        rule.on_event(t, FloorEvent.CONNECTED, agent=agent)
        rule.on_event(t, FloorEvent.STAGE, agent=agent, stage=0)
        rule.on_event(t + 60, FloorEvent.STAGE, agent=agent, stage=1)
        rule.on_event(t + 66, FloorEvent.TALK_END, agent=agent, lasted=66.0)
        rule.on_event(t + 71, FloorEvent.WRAP_END, agent=agent, lasted=5.0)
        rule.on_event(t, FloorEvent.ANSWERED, after=8.0)
        rule.on_event(t, FloorEvent.CALL_OVER, outcome="busy", after=2.0)
    talking = [NOW - 62.0] * 6

    opening = rule.decide(NOW, make_view(talking=talking, stages=[(0, NOW - 10)] * 6))
    closing = rule.decide(NOW, make_view(talking=talking, stages=[(1, NOW - 2)] * 6))

    assert closing.estimates["expected_free"] > opening.estimates["expected_free"] + 2
    assert closing.calls > opening.calls
