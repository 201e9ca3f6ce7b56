from collections import Counter
from dataclasses import replace

import pytest

from dialer.carriers.behaviour import Profile, plan_call
from dialer.carriers.ringing_back import plan_inbound, ring_back_after, rings_back
from dialer.events import Answer, CallCause

MANY = 4000


def plans(profile, count=MANY, ring_seconds=25):
    return [plan_call(profile, attempt_id=n, ring_seconds=ring_seconds) for n in range(count)]


def test_an_attempt_meets_the_same_fate_at_every_start():
    assert plans(Profile(), 50) == plans(Profile(), 50)


def test_another_seed_draws_other_fates():
    assert plans(Profile(seed=2), 50) != plans(Profile(seed=3), 50)


def test_calls_end_in_the_shares_of_the_profile():
    profile = Profile(human=0.3, machine=0.3, busy=0.1, invalid=0.1, congestion=0.1, ring_deviation=0.0)

    counted = Counter(plan.answer or plan.cause for plan in plans(profile))

    for key in (Answer.HUMAN, Answer.MACHINE, CallCause.BUSY, CallCause.INVALID, CallCause.CONGESTION):
        assert counted[key] / MANY == pytest.approx(0.1 if isinstance(key, CallCause) else 0.3, abs=0.03)


def test_a_faster_world_is_the_same_world():
    slow, fast = (plan_call(Profile(speed=speed), attempt_id=5, ring_seconds=25) for speed in (1, 50))

    assert fast.talk == pytest.approx(slow.talk / 50)
    assert fast.decided_after == pytest.approx(slow.decided_after / 50)
    assert (fast.answer, fast.callee) == (slow.answer, slow.callee)


def test_nobody_rings_longer_than_we_let_them():
    everything = plans(Profile(human=1, machine=0, busy=0, invalid=0, congestion=0, ring_seconds=20))

    ringing = [plan for plan in everything if plan.answer is None]
    assert ringing
    assert {(plan.decided_after, plan.cause) for plan in ringing} == {(25, CallCause.NO_ANSWER)}


def test_calls_that_reach_nobody_do_not_ring():
    profile = Profile(human=0, machine=0, busy=1, invalid=0, congestion=0)

    assert {plan.ringing_after for plan in plans(profile, 50)} == {None}


def test_a_person_bears_silence_for_about_two_seconds():
    waits = [plan.patience for plan in plans(Profile(human=1, machine=0, busy=0, invalid=0, congestion=0))]

    assert 2.0 <= min(waits) < max(waits) <= 2.5


def test_detection_makes_the_errors_of_the_profile():
    profile = Profile(
        human=0.5, machine=0.5, busy=0, invalid=0, congestion=0, false_humans=0.2, missed_humans=0.1
    )

    answered = [plan for plan in plans(profile) if plan.answer]
    machines = [plan for plan in answered if plan.callee.mood == "machine"]
    people = [plan for plan in answered if plan.callee.mood != "machine"]
    assert sum(plan.answer is Answer.HUMAN for plan in machines) / len(machines) == pytest.approx(
        0.2, abs=0.04
    )
    assert sum(plan.answer is Answer.MACHINE for plan in people) / len(people) == pytest.approx(0.1, abs=0.03)


def test_interested_people_talk_longer():
    people = [plan for plan in plans(Profile()) if plan.callee.mood != "machine"]
    keen = [plan.talk for plan in people if plan.callee.interest >= 0.7]
    others = [plan.talk for plan in people if plan.callee.interest <= 0.25]

    assert sum(keen) / len(keen) > 5 * sum(others) / len(others)


def test_some_hang_up_in_the_middle_of_a_talk_or_a_message():
    stubborn = Profile(sudden_hang_up=0, message_hang_up=0)
    hasty = replace(stubborn, sudden_hang_up=0.5, message_hang_up=0.5)

    assert sum(plan.talk for plan in plans(hasty)) < sum(plan.talk for plan in plans(stubborn))
    assert {plan.message < plan.message_length for plan in plans(stubborn)} == {False}
    assert {plan.message < plan.message_length for plan in plans(hasty)} == {True, False}


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"speed": 0.5}, "speed must be 1 or more"),
        ({"human": 1.2}, "human must be between 0 and 1"),
        ({"human": 0.7, "machine": 0.7}, "must not be more than 1"),
        ({"refuse": 0.9, "listen": 0.2}, "refuse \\+ listen"),
        ({"ring_seconds": -1}, "ring_seconds must not be negative"),
        ({"talk": 3}, "unknown profile values: talk"),
        ({"busy": "often"}, "busy must be a number"),
        ({"busy": True}, "busy must be a number"),
        ({"speed": float("nan")}, "speed must not be"),
        ({"seed": 1.5}, "seed must be a whole number"),
    ],
)
def test_a_profile_that_makes_no_sense_is_refused_with_a_reason(values, message):
    with pytest.raises(ValueError, match=message):
        Profile.read(values)


def test_a_profile_survives_being_written_down():
    profile = Profile(speed=20, seed=7, human=0.5)

    assert Profile.read(profile.to_dict()) == profile


def test_the_chosen_share_of_people_rings_back_after_about_the_chosen_time():
    profile = Profile(ring_back=0.2, ring_back_seconds=300.0)

    after = [ring_back_after(profile, attempt_id=n) for n in range(MANY)]

    rang = [seconds for seconds in after if seconds is not None]
    assert len(rang) / MANY == pytest.approx(0.2, abs=0.02)
    assert sum(rang) / len(rang) == pytest.approx(300.0, rel=0.1)
    assert after == [ring_back_after(profile, attempt_id=n) for n in range(MANY)]


def test_ringing_back_changes_no_fate_of_the_calls_before_it():
    assert plans(Profile(ring_back=0.5), 200) == plans(Profile(), 200)


def test_machines_and_numbers_that_never_rang_do_not_ring_back():
    profile = Profile(ring_back=1.0)
    for n, plan in enumerate(plans(profile, 300)):
        can_ring = plan.ringing_after is not None and plan.callee.mood != "machine"
        assert (rings_back(profile, plan, attempt_id=n) is not None) == can_ring


def test_people_who_ring_us_wait_for_about_the_chosen_time_and_talk():
    profile = Profile(hold_seconds=90.0)

    found = [plan_inbound(profile, attempt_id=n) for n in range(MANY)]

    assert sum(plan.patience for plan in found) / MANY == pytest.approx(90.0, rel=0.1)
    assert all(plan.answer is Answer.HUMAN and plan.talk >= 0 for plan in found)
