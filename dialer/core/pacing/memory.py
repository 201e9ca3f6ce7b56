"""What a rule remembers after hours without calls, and what of it helps another campaign to begin."""

from collections.abc import Mapping
from typing import Any

from dialer.core.pacing.forecast import Knowledge

QUIET_SECONDS = 3600.0  # without any event; shorter pauses are forgiven
RATE_HALF_LIFE = 6 * 3600.0  # of the trust in the answer rate: the morning is not the evening
SHAPE_HALF_LIFE = 24 * 3600.0  # of the trust in how long people ring, talk and write up
BORROWED_TRUST = 30.0  # observations that another campaign's shapes are worth
SHAPES = ("answered_ring", "other_ring", "wrap")


def forget(known: Knowledge, quiet: float) -> bool:
    """Trust less what was learned before a quiet time. True when it was long enough to matter."""
    if quiet < QUIET_SECONDS:
        return False
    known.rate.fade(0.5 ** (quiet / RATE_HALF_LIFE))
    keep = 0.5 ** (quiet / SHAPE_HALF_LIFE)
    for durations in (known.answered_ring, known.other_ring, known.wrap, *known.talk.values()):
        durations.fade(keep)
    known.stays.fade(keep)
    return True


def shapes_of(state: Mapping[str, Any]) -> dict[str, Any]:
    """What a new campaign may take from the state of one like it: shapes, with little trust, and no answer rate."""
    return {
        "version": state.get("version"),
        **{name: _borrowed(state[name]) for name in SHAPES if name in state},
        "talk": {stage: _borrowed(talk) for stage, talk in state.get("talk", {}).items()},
    }


def is_worth_borrowing(state: Mapping[str, Any]) -> bool:
    """True when enough people answered for the shapes to say something."""
    return bool(sum(state.get("answered_ring", {}).get("ends", ())) >= BORROWED_TRUST)


def recent_of(state: Mapping[str, Any]) -> dict[str, Any]:
    """What stays true when the world behind the calls is another one: who was abandoned in the last half hour."""
    return {name: state[name] for name in ("version", "recent") if name in state}


def _borrowed(durations: Mapping[str, Any]) -> dict[str, Any]:
    seen = sum(durations["ends"])
    share = min(1.0, BORROWED_TRUST / seen) if seen else 1.0
    return {
        "edges": durations["edges"],
        "ends": [share * value for value in durations["ends"]],
        "seconds": [share * value for value in durations["seconds"]],
    }
