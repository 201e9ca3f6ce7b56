import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialer.core.abandonment import Tally
from dialer.core.pacing import MIN_RING_SECONDS, Part, Reason, decide_together, make_pacing
from dialer.core.pacing.placing import LET_GO_RISK
from tests.unit.dialer.pacing_histories import MODES, views
from tests.unit.dialer.pacing_views import NOW, make_taught, make_view

OLD, YOUNG = NOW - MIN_RING_SECONDS, NOW - 5.0
NOBODY_BUSY = {"talking": [], "wrapping": []}
TAUGHT = json.dumps(make_taught().dump())


def make_rule(mode):
    rule = make_pacing(mode)
    if mode == "predictive":
        rule.load(json.loads(TAUGHT))
    return rule


def make_part(mode="predictive", *, priority=5, **changes):
    return Part(make_rule(mode), make_view(**changes), priority)


@pytest.mark.parametrize("mode", MODES)
def test_a_campaign_alone_decides_as_ever(mode):
    view = make_view(ringing=[YOUNG])

    assert decide_together(NOW, [Part(make_rule(mode), view)]) == [make_rule(mode).decide(NOW, view)]


def test_campaigns_that_share_agents_place_no_more_than_one_that_has_them_all():
    alone = make_rule("predictive").decide(NOW, make_view()).calls
    busy, quiet = make_part(), make_part(**NOBODY_BUSY)

    together = decide_together(NOW, [busy, quiet])

    assert sum(decision.calls for decision in together) == alone > 0


def test_agents_who_are_busy_for_the_other_campaign_are_expected_to_be_free():
    waiting_for = {"idle": [], **NOBODY_BUSY}
    nobody = make_part(**waiting_for)
    others = make_part(idle=[], wrapping=[NOW - 20.0] * 60, lines_cap=900, leads=0)

    quiet, _ = decide_together(NOW, [nobody, make_part(**waiting_for, leads=0)])
    busy, _ = decide_together(NOW, [nobody, others])

    assert (quiet.calls, quiet.reason) == (0, Reason.NO_AGENTS)
    assert busy.calls > 0


def test_calls_that_ring_for_the_other_campaign_want_the_same_agents():
    free, _ = decide_together(NOW, [make_part(), make_part(**NOBODY_BUSY, leads=0)])
    taken, _ = decide_together(NOW, [make_part(), make_part(**NOBODY_BUSY, ringing=[YOUNG] * 12, leads=0)])

    assert taken.calls < free.calls


def test_people_who_wait_for_the_other_campaign_want_the_same_agents():
    free, _ = decide_together(NOW, [make_part(), make_part(**NOBODY_BUSY, leads=0)])
    taken, _ = decide_together(NOW, [make_part(), make_part(**NOBODY_BUSY, waiting=3, leads=0)])

    assert taken.calls < free.calls


@pytest.mark.parametrize("mode", ["progressive", "predictive"])
def test_the_higher_priority_is_dialed_first(mode):
    low, high = decide_together(
        NOW, [make_part(mode, priority=6), make_part(mode, priority=2, **NOBODY_BUSY)]
    )

    assert high.calls > 0
    assert low.calls == 0


@pytest.mark.parametrize("mode", ["progressive", "predictive"])
def test_what_the_higher_priority_leaves_goes_to_the_lower(mode):
    low, high = decide_together(
        NOW, [make_part(mode, priority=6), make_part(mode, priority=2, leads=1, **NOBODY_BUSY)]
    )

    assert high.calls == 1
    assert low.calls > 0


def test_campaigns_of_equal_priority_take_turns():
    quiet, busy = decide_together(NOW, [make_part(**NOBODY_BUSY), make_part()])
    assert quiet.calls > 0
    assert busy.calls == 0

    busy, quiet = decide_together(NOW, [make_part(), make_part(**NOBODY_BUSY)])
    assert quiet.calls > 0
    assert busy.calls == 0


def test_a_campaign_that_spent_its_limit_leaves_the_floor_to_the_other():
    spent = make_part(
        priority=1,
        idle=[],
        wrapping=[NOW - 20.0] * 60,
        lines_cap=900,
        window=Tally(1000, 31),
        day=Tally(1000, 31),
    )
    other = make_part(priority=9, idle=[], **NOBODY_BUSY)

    first, second = decide_together(NOW, [spent, other])

    assert (first.calls, first.reason) == (0, Reason.LIMIT_REACHED)
    assert second.calls > 0


def test_calls_of_a_progressive_campaign_keep_their_agents():
    ringing = [YOUNG] * 4
    predictive, _ = decide_together(
        NOW, [make_part(**NOBODY_BUSY), make_part("progressive", **NOBODY_BUSY, ringing=ringing, leads=0)]
    )

    assert predictive.calls == 0


@pytest.mark.parametrize("idle", [2, 5])
def test_campaigns_that_have_learned_nothing_place_one_call_per_ready_agent_of_the_floor(idle):
    sides = {"idle": [NOW] * idle, **NOBODY_BUSY}
    new = [Part(make_pacing("predictive"), make_view(**sides), priority) for priority in (1, 9)]

    first, second = decide_together(NOW, new)

    assert (first.calls, second.calls) == (idle, 0)


def test_a_campaign_at_its_limit_counts_every_call_that_rings_on_the_floor():
    spent = Tally(1000, 31)
    other = make_part(priority=9, **NOBODY_BUSY, ringing=[YOUNG] * 4)

    decision, _ = decide_together(NOW, [make_part(priority=1, window=spent, day=spent), other])

    assert (decision.calls, decision.reason) == (0, Reason.LIMIT_REACHED)


def test_a_new_campaign_is_not_held_up_by_one_that_knows_how_few_answer():
    new = Part(make_pacing("predictive"), make_view(idle=[NOW] * 4, **NOBODY_BUSY), 5)
    other = make_part(idle=[NOW] * 4, talking=[NOW - 3] * 20, ringing=[YOUNG] * 8)

    assert 0 < decide_together(NOW, [new, other])[0].calls < 4


def test_a_progressive_campaign_is_not_held_up_by_calls_of_a_lower_priority():
    ringing = [YOUNG] * 3
    sides = {"idle": [NOW], **NOBODY_BUSY}
    low = make_part(priority=9, **sides, ringing=ringing)

    high, _ = decide_together(NOW, [make_part("progressive", priority=1, **sides), low])
    equal, _ = decide_together(NOW, [make_part("progressive", priority=9, **sides), low])

    assert high.calls == 1
    assert equal.calls == 0


def test_the_lower_priority_lets_its_calls_go_first():
    nobody_ready = {"idle": [NOW], **NOBODY_BUSY}
    high = make_part("progressive", priority=1, **nobody_ready, ringing=[OLD])
    low = make_part("progressive", priority=9, **nobody_ready, ringing=[OLD, OLD])

    first, second = decide_together(NOW, [high, low])

    assert first.let_go == 0
    assert (second.reason, second.let_go) == (Reason.LETTING_GO, 2)


def test_when_most_agents_left_both_let_go_no_more_than_one_floor_would():
    few = {"idle": [], "talking": [NOW - 3] * 2, "wrapping": []}
    alone = make_rule("predictive").decide(
        NOW, make_view(**{**few, "talking": [NOW - 3] * 4}, ringing=[OLD] * 20)
    )

    both = decide_together(NOW, [make_part(**few, ringing=[OLD] * 10), make_part(**few, ringing=[OLD] * 10)])

    assert sum(decision.let_go for decision in both) == alone.let_go > 10
    assert all(decision.estimates["next_risk"] > LET_GO_RISK for decision in both if decision.let_go)


parts = st.tuples(st.sampled_from(MODES), views(), st.integers(1, 9))


@given(st.lists(parts, min_size=2, max_size=4))
def test_every_campaign_keeps_to_its_own_bounds_and_nobody_dials_for_nobody(chosen):
    idle = chosen[0][1].idle
    floor = [Part(make_rule(mode), replace(view, idle=idle), priority) for mode, view, priority in chosen]
    working = len(idle) + sum(len(part.view.talking) + len(part.view.wrapping) for part in floor)

    for part, decision in zip(floor, decide_together(NOW, floor), strict=True):
        view = part.view
        in_the_air = len(view.ringing) + len(view.talking) + view.waiting
        assert 0 <= decision.let_go <= view.ripe(NOW)
        assert decision.calls == 0 or (working > 0 and view.open)
        assert decision.calls == 0 or in_the_air + decision.calls <= view.lines_cap
        assert view.placeable is None or decision.calls <= view.placeable
        assert view.leads is None or decision.calls <= view.leads
