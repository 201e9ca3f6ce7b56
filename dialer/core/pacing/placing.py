"""How many calls a forecast bears: those that may be placed, and those that ring although nobody will be free."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence

from dialer.core.pacing.forecast import Forecast
from dialer.core.pacing.one_to_one import decide_at_most, find_bound, seen
from dialer.core.pacing.outlook import Outlook
from dialer.core.pacing.view import Decision, Reason, View

LET_GO_RISK = 0.25  # of a person who answers what rings already: above it calls are let go


def place_within(
    threshold: float,
    forecast: Forecast,
    outlooks: Sequence[Outlook],
    view: View,
    estimates: Mapping[str, float],
) -> Decision:
    """One call more while its risk is under the threshold."""
    room = len(view.idle) - view.everybody_waiting
    calls, risk, next_risk = 0, 0.0, forecast.risk(outlooks, room=room, fresh=0)
    most, bound = find_bound(view)
    while next_risk <= threshold and calls < most:
        calls, risk = calls + 1, next_risk
        next_risk = forecast.risk(outlooks, room=room, fresh=calls)
    why = Reason.NO_MORE_RISK if next_risk > threshold else bound
    known = {**estimates, **expect(forecast, outlooks, view, calls), "risk": risk, "next_risk": next_risk}
    return decide_at_most(calls, why, view, known)


def let_go(forecast: Forecast, outlooks: Sequence[Outlook], t: float, view: View) -> Decision | None:
    """Of the calls that have rung long enough, let go what is beyond the agents. The oldest go first."""
    ripe = view.ripe(t) if view.everybody_ringing + view.everybody_waiting > len(view.idle) else 0
    if not ripe:
        return None
    room, ringing = len(view.idle) - view.everybody_waiting, sorted(view.ringing)

    def is_enough(gone: int) -> bool:
        rest = forecast.without(outlooks, t, ringing[:gone]) if gone else outlooks
        return forecast.risk(rest, room=room, fresh=0) <= LET_GO_RISK

    if is_enough(0):
        return None
    too_many = bisect_left(range(ripe), True, key=is_enough)
    why = foretell(forecast, outlooks, view, 0)
    return Decision(0, Reason.LETTING_GO, seen(view) | why, too_many)


def foretell(forecast: Forecast, outlooks: Sequence[Outlook], view: View, calls: int) -> dict[str, float]:
    """What is expected when something else has chosen the calls, and why not one more.

    It says no risk of the last one: that call has an agent who is ready, and the forecast is too coarse for it.
    """
    room = len(view.idle) - view.everybody_waiting
    risk = forecast.risk(outlooks, room=room, fresh=calls)
    return expect(forecast, outlooks, view, calls) | {"next_risk": risk}


def expect(forecast: Forecast, outlooks: Sequence[Outlook], view: View, calls: int) -> dict[str, float]:
    """What is expected by the time at which half of the calls that are answered have been, with `calls` more placed."""
    middle = len(outlooks) // 2
    outlook = outlooks[middle]
    return {
        "answer_rate": forecast.rate,
        "horizon_seconds": forecast.reach[middle],
        "expected_free": len(view.idle) + outlook.free,
        "expected_answers": view.everybody_waiting
        + outlook.answers
        + outlook.elsewhere
        + calls * forecast.fresh[middle],
    }
