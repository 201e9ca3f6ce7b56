"""Simulated people who ring us. Pure but for seeded chance of its own: the fates of outbound calls stay as they are."""

import random
from dataclasses import replace

from dialer.carriers.behaviour import CallPlan, Profile, draw_lognormal, draw_talk, plan_call
from dialer.events import Answer

SPREAD = 0.7  # of the delay, relative to its mean


def ring_back_after(profile: Profile, *, attempt_id: int) -> float | None:
    """Real seconds after a call that found nobody; None when the person does not ring back."""
    rng = random.Random(f"ring back:{profile.seed}:{attempt_id}")
    if rng.random() >= profile.ring_back:
        return None
    mean = profile.ring_back_seconds
    return draw_lognormal(rng, mean, SPREAD * mean) / profile.speed


def rings_back(profile: Profile, plan: CallPlan, *, attempt_id: int) -> float | None:
    """When the person of a plan rings back if the call finds nobody; machines do not, nor what never rang."""
    if plan.ringing_after is None or plan.callee.mood == "machine":
        return None
    return ring_back_after(profile, attempt_id=attempt_id)


def plan_inbound(profile: Profile, *, attempt_id: int) -> CallPlan:
    """Draw who rings us: how long they wait for an agent, and how they talk."""
    rng = random.Random(f"inbound:{profile.seed}:{attempt_id}")
    callee, talk = draw_talk(rng, profile)
    patience = 5.0 + rng.expovariate(1 / max(1.0, profile.hold_seconds - 5.0))
    outbound = plan_call(profile, attempt_id=attempt_id, ring_seconds=0.0)
    pace = 1 / profile.speed
    return replace(outbound, answer=Answer.HUMAN, callee=callee, talk=talk * pace, patience=patience * pace)
