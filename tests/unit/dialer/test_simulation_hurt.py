"""What a shift can be made of: agents who leave, breaks by the clock, lists that end, scripts, clocks that jump."""

import random
from dataclasses import replace

import pytest

from dialer.carriers.behaviour import Profile
from dialer.core.pacing import FloorEvent, make_pacing
from dialer.simulation import AgentPlan, AgentState, Shift, Simulation, simulate
from dialer.simulation.retimed import Retimed
from dialer.simulation.talks import talk_about, talk_as, talk_scripted

HOUR = Shift(agents=12, hours=1.0, break_every=36_000.0, warm_up=0.0)


class Listener:
    """A rule that writes down what it hears and sees."""

    def __init__(self):
        self.rule = make_pacing("progressive")
        self.heard, self.views = [], []

    def on_event(self, t, kind, **facts):
        self.heard.append((t, kind, facts))

    def decide(self, t, view):
        self.views.append((t, view))
        return self.rule.decide(t, view)

    def of(self, kind):
        return [(t, facts) for t, heard, facts in self.heard if heard == kind]


def listen(shift, disturb=lambda rule: rule):
    rule = Listener()
    return rule, Simulation(shift, disturb(rule)).run()


def test_agents_who_leave_do_not_come_back():
    rule, report = listen(replace(HOUR, plans=(AgentPlan(leaves_at=1800.0),) * 12))

    seen = {t: view.agents for t, view in rule.views}
    assert seen[1700.0] == 12
    assert seen[3500.0] == 0
    assert report.dialed_without_agents == 0


def test_a_break_by_the_clock_is_taken_and_ends():
    rule, report = listen(replace(HOUR, plans=(AgentPlan(away=((1200.0, 2400.0),)),) * 6))

    paused = {t: view.paused for t, view in rule.views}
    assert (paused[1100.0], paused[2300.0], paused[2500.0]) == (0, 6, 0)
    assert report.seconds[AgentState.PAUSED] == pytest.approx(6 * 1200, rel=0.15)


def test_slow_agents_talk_longer():
    slow = simulate(replace(HOUR, plans=(AgentPlan(pace=3.0),) * 12), mode="progressive")

    assert slow.connected < 0.6 * simulate(HOUR, mode="progressive").connected


def test_a_list_comes_to_its_end():
    report = simulate(replace(HOUR, leads=100), mode="progressive")

    assert report.dialed == 100
    assert report.reasons["no_leads"] > 100


def test_a_rule_hears_the_steps_of_a_script():
    rule, _ = listen(replace(HOUR, talk=talk_scripted))

    steps = {facts["stage"] for _, facts in rule.of(FloorEvent.STAGE)}
    shown = {stage for _, view in rule.views for stage, _ in view.stages}
    assert steps == shown == {0, 1, 2, 3}


def test_a_blind_rule_sees_the_same_talks_without_steps():
    told, blind = (listen(replace(HOUR, talk=talk_scripted, stages=stages)) for stages in (True, False))

    assert {facts["stage"] for _, facts in blind[0].of(FloorEvent.STAGE)} == {0}
    assert {stage for _, view in blind[0].views for stage, _ in view.stages} == {0}
    assert blind[1].connected == told[1].connected
    assert blind[0].of(FloorEvent.TALK_END) == told[0].of(FloorEvent.TALK_END)


def test_talks_can_be_those_of_others():
    lasting = [facts["lasted"] for _, facts in listen(replace(HOUR, talk=talk_as([33.0])))[0].of("talk_end")]

    assert lasting == pytest.approx([33.0] * len(lasting))


def test_talks_can_be_long():
    drawn = [talk_about(600, 300)(random.Random(n))[0] for n in range(500)]

    assert sum(drawn) / len(drawn) == pytest.approx(600, rel=0.1)


def test_people_taken_for_machines_are_abandoned_and_no_rule_knows():
    rule, report = listen(replace(HOUR, profile=Profile(missed_humans=0.2)))

    assert report.total.abandoned > 0
    assert {view.day.abandoned for _, view in rule.views} == {0}
    assert len(rule.of(FloorEvent.ANSWERED)) < report.total.answered


def test_machines_taken_for_people_are_people_to_the_rule_alone():
    rule, report = listen(replace(HOUR, profile=Profile(human=0.0, machine=0.8, false_humans=0.5)))

    assert report.connected > 0
    assert report.total.answered == 0
    assert rule.views[-1][1].day.answered == len(rule.of(FloorEvent.ANSWERED)) > 0


def test_a_wrong_clock_is_wrong_everywhere():
    ahead = 500.0
    rule, _ = listen(HOUR, lambda rule: Retimed(rule, lambda t: t + ahead))
    true, _ = listen(HOUR)

    assert [kind for _, kind, _ in rule.heard] == [kind for _, kind, _ in true.heard]
    assert [t - ahead for t, _, _ in rule.heard] == pytest.approx([t for t, _, _ in true.heard])
    (t, seen), (_, view) = rule.views[4000], true.views[4000]
    assert t == 2000.0 + ahead
    assert seen.talking == pytest.approx([since + ahead for since in view.talking])
    assert seen.ringing == pytest.approx([since + ahead for since in view.ringing])


def test_a_clock_that_jumps_makes_durations_wrong():
    def jumping(t):
        return t + (90.0 if t >= 1800.0 else 0.0)

    rule, _ = listen(replace(HOUR, talk=talk_as([33.0])), lambda rule: Retimed(rule, jumping))

    lasting = {round(facts["lasted"]) for _, facts in rule.of(FloorEvent.TALK_END)}
    assert lasting == {33, 123}


def test_events_may_come_with_old_times():
    rule, _ = listen(HOUR, lambda rule: Retimed(rule, lambda t: t, stamp=lambda t: t - 3.0))
    true, _ = listen(HOUR)

    assert rule.heard[50][0] == true.heard[50][0] - 3.0
    assert rule.views[50] == true.views[50]
