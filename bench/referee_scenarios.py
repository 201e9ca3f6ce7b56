"""Scenarios of ours for the referee: what the open ones leave out."""

import random
from collections.abc import Callable
from typing import Any

from bench.pacing_scenarios import has_real_talks, real_talks

HALF_HOUR = 1800.0


def refereed_scenarios(make: Callable[..., Any], lognormal: Callable[..., float]) -> dict[str, Any]:
    """Ours, made with the referee's Scenario."""

    def talk_long(rng: random.Random) -> list[float]:
        return [lognormal(rng, 600, 300)]

    made = [
        make("own-referee-8-percent", 25, p_human=lambda t: 0.08),
        make("own-referee-70-percent", 25, p_human=lambda t: 0.70),
        make("own-referee-detection", 25, amd_false_machine=0.01, amd_false_human=0.05),
        make("own-referee-machines", 25, amd_false_human=0.3),
        make("own-referee-lunch", 25, break_every_s=4 * HALF_HOUR, break_len_s=HALF_HOUR),
        make("own-referee-long-talks", 25, talk=talk_long),
        make("own-referee-shock-5", 5, p_human=lambda t: 0.18 if t < 7200 else 0.45),
        make("own-referee-300", 300, hours=1),
    ]
    if has_real_talks():
        made.append(make("own-referee-real-talks", 25, talk=lambda rng: [rng.choice(real_talks())]))
    return {scenario.name: scenario for scenario in made}
