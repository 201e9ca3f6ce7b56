"""Predictive pacing: one call more while the risk that nobody is free for its callee stays under a threshold."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar

from dialer.core.abandonment import abandonment_rate, is_limit_reached
from dialer.core.pacing.budget import Allowance, risk_threshold
from dialer.core.pacing.detection import Detection
from dialer.core.pacing.forecast import Forecast, Knowledge, make_talk
from dialer.core.pacing.half_hours import HalfHours
from dialer.core.pacing.learning import Durations
from dialer.core.pacing.memory import forget
from dialer.core.pacing.one_to_one import (
    certain,
    find_obstacle,
    one_per_idle_agent,
    one_per_idle_agent_of_all,
    refuse,
    seen,
)
from dialer.core.pacing.outlook import Outlook, all_together, by_chance
from dialer.core.pacing.placing import foretell, let_go, place_within
from dialer.core.pacing.view import Decision, FloorEvent, Reason, View

SMALL_TEAM = 2
WARM_CALLS = 30  # calls seen to their end until the rule takes the whole risk; before it, a share
FORECAST_SECONDS = 5.0  # for so long the tables of a forecast are good
RUNG_OUT = 0.97  # share of unanswered calls that end within the time after which a result counts
STATE_VERSION = 1


class Predictive:
    """Learns answers, rings, talks and wrap-ups; weighs the risk of one call more against the room in the limit."""

    def __init__(self) -> None:
        self._known = Knowledge()
        self._recent = HalfHours()
        self._detection = Detection()
        self._stage: dict[Any, tuple[int, float]] = {}  # agent -> script step, since
        self._forecast: Forecast | None = None
        self._forecast_at = 0.0
        self._asked: dict[tuple[float, ...], Forecast] = {}  # by the moments that other campaigns ask about
        self._heard_at: float | None = None

    def on_event(self, t: float, kind: str, **facts: Any) -> None:
        """Learn from what has just happened; after hours of silence what was learned before counts less."""
        if self._heard_at is not None and forget(self._known, t - self._heard_at):
            self._forecast = None
        self._heard_at = t
        learn = self.LESSONS.get(kind)
        if learn:
            learn(self, t, facts)

    def decide(self, t: float, view: View) -> Decision:
        """Say how many calls to place now."""
        estimates = seen(view)
        obstacle = find_obstacle(view)
        if obstacle is Reason.NO_AGENTS:
            return refuse(t, view, obstacle)
        forecast = self._renewed(t, view)
        outlooks = self._with_others(t, view, forecast)
        letting_go = let_go(forecast, outlooks, t, view)
        if letting_go:
            return letting_go
        if obstacle:
            return refuse(t, view, obstacle)
        allowed = self.allow(t, view)
        estimates |= {
            "limit": view.limit,
            "threshold": allowed.threshold,
            "day_rate": allowed.day_rate,
            "half_hour_room": allowed.room,
        }
        careful = self._why_one_to_one(view, allowed.room)
        if careful:
            return one_per_idle_agent_of_all(view, careful, estimates)
        warmth = self._warmth
        threshold = allowed.threshold * min(warmth, allowed.share)
        estimates["threshold"] = threshold
        decision = place_within(threshold, forecast, outlooks, view, estimates)
        is_burst = allowed.room < 1.0
        if is_burst and decision.reason is Reason.NO_MORE_RISK:
            decision = replace(decision, reason=Reason.BURST)
        if warmth >= 1.0:
            return decision
        plain = one_per_idle_agent(t, view, Reason.BURST if is_burst else Reason.WARMING_UP, estimates)
        if warmth > 0 and decision.calls > plain.calls:
            return decision
        return replace(plain, estimates=estimates | foretell(forecast, outlooks, view, plain.calls))

    def allow(self, t: float, view: View) -> Allowance:
        """The risk that the day, the law's window and the half hour leave for the next call."""
        now = self._recent.at(t)
        day, window, current, rolling = (
            self._detection.people_of(tally, t, false_machines=view.false_machines)
            for tally in (view.day, view.window, now.current, now.rolling)
        )
        half_hour = replace(now, current=current, rolling=rolling)
        return Allowance(
            threshold=risk_threshold(day, window, limit=view.limit, agents=view.agents),
            share=half_hour.share,
            room=half_hour.room,
            day_rate=abandonment_rate(day),
        )

    def foresee(self, t: float, view: View, moments: Sequence[float]) -> Sequence[Outlook]:
        """What this campaign does to agents at moments that another campaign asks about.

        Before it has learned anything each of its calls has its agent, as with one call per ready agent.
        """
        self._renewed(t, view)
        if self._warmth < 1.0:
            return certain(view, moments)
        asked = tuple(moments)
        if asked not in self._asked:
            self._asked[asked] = Forecast(self._known, asked)
        return self._asked[asked].outlooks(t, view)

    def let_go(self, t: float, view: View) -> Decision | None:
        """Let go calls that ring although nobody will be free for them."""
        forecast = self._renewed(t, view)
        return let_go(forecast, self._with_others(t, view, forecast), t, view)

    @property
    def _warmth(self) -> float:
        return self._known.rate.known / WARM_CALLS

    def dump(self) -> dict[str, Any]:
        """Return everything learned as JSON values."""
        known = self._known
        return {
            "version": STATE_VERSION,
            "rate": known.rate.dump(),
            "answered_ring": known.answered_ring.dump(),
            "other_ring": known.other_ring.dump(),
            "talk": {str(stage): talk.dump() for stage, talk in known.talk.items()},
            "wrap": known.wrap.dump(),
            "stays": known.stays.dump(),
            "recent": self._recent.dump(),
            "detection": self._detection.dump(),
            "heard_at": self._heard_at,
        }

    def load(self, state: Mapping[str, Any]) -> None:
        """Continue from a dump or a part of one; another version is left aside."""
        if state.get("version") != STATE_VERSION:
            return
        known = self._known
        parts: dict[str, Any] = {
            "rate": known.rate,
            "answered_ring": known.answered_ring,
            "other_ring": known.other_ring,
            "wrap": known.wrap,
            "stays": known.stays,
            "recent": self._recent,
            "detection": self._detection,
        }
        for name in parts.keys() & state.keys():
            parts[name].load(state[name])
        for stage, talk in state.get("talk", {}).items():
            known.talk.setdefault(int(stage), make_talk()).load(talk)
        self._heard_at = state.get("heard_at", self._heard_at)
        self._forecast = None

    def _why_one_to_one(self, view: View, room: float) -> Reason | None:
        if view.agents <= SMALL_TEAM:
            return Reason.SMALL_TEAM
        if is_limit_reached(view.window, limit=view.limit):
            return Reason.LIMIT_REACHED
        if room < 0.0:
            return Reason.BURST
        return None

    def _renewed(self, t: float, view: View) -> Forecast:
        if self._forecast is None or not 0 <= t - self._forecast_at < FORECAST_SECONDS:
            self._known.other_ring.renew()
            rung_out = t - self._known.other_ring.quantile(RUNG_OUT)
            self._known.rate.settle(rung_out, agents=view.agents)
            self._forecast, self._forecast_at = Forecast(self._known), t
            self._asked.clear()
        return self._forecast

    def _with_others(self, t: float, view: View, forecast: Forecast) -> Sequence[Outlook]:
        others = [beside.rule.foresee(t, beside.view, forecast.moments) for beside in view.beside]
        if view.expected_inbound:
            others.append(by_chance(view.expected_inbound, forecast.reach))
        return all_together(forecast.outlooks(t, view), others)

    def _learn_answered(self, t: float, facts: Mapping[str, Any]) -> None:
        self._known.rate.observe(t - facts["after"], True)
        self._known.answered_ring.observe(facts["after"])
        self._recent.add(t, answered=1)
        self._detection.answered(t, facts["after"])

    def _learn_call_over(self, t: float, facts: Mapping[str, Any]) -> None:
        self._known.rate.observe(t - facts["after"], False)
        self._known.other_ring.observe(facts["after"], ended=not facts.get("cut"))

        if facts["outcome"] == "machine":
            self._detection.machine(facts["after"])

    def _learn_gone(self, t: float, facts: Mapping[str, Any]) -> None:
        self._detection.closed()

    def _learn_abandoned(self, t: float, facts: Mapping[str, Any]) -> None:
        self._recent.add(t, abandoned=1)
        self._detection.closed(abandoned=True)

    def _learn_connected(self, t: float, facts: Mapping[str, Any]) -> None:
        """A call of this agent whose end was never told is forgotten."""
        self._stage.pop(facts["agent"], None)
        self._detection.closed()

    def _learn_stage(self, t: float, facts: Mapping[str, Any]) -> None:
        agent, stage = facts["agent"], self._known.stage(facts["stage"])
        before = self._stage.get(agent)
        if before and before[0] == stage:
            return
        if before:
            self._talk_of(before[0]).observe(t - before[1], ended=False)
        self._stage[agent] = (stage, t)

    def _learn_talk_end(self, t: float, facts: Mapping[str, Any]) -> None:
        stage, since = self._stage.pop(facts["agent"], (0, t - facts["lasted"]))
        self._talk_of(stage).observe(t - since)

    def _learn_wrap_end(self, t: float, facts: Mapping[str, Any]) -> None:
        self._known.wrap.observe(facts["lasted"])
        if not facts.get("asked"):
            self._known.stays.observe(True)

    def _learn_paused(self, t: float, facts: Mapping[str, Any]) -> None:
        """A surprise: the wrap-up before it was counted as one that leads to a ready agent."""
        if not facts.get("asked"):
            self._known.stays.yes = max(0.0, self._known.stays.yes - 1)

    def _talk_of(self, stage: int) -> Durations:
        return self._known.talk.setdefault(stage, make_talk())

    LESSONS: ClassVar[Mapping[str, Callable[["Predictive", float, Mapping[str, Any]], None]]] = {
        FloorEvent.ANSWERED: _learn_answered,
        FloorEvent.CALL_OVER: _learn_call_over,
        FloorEvent.ABANDONED: _learn_abandoned,
        FloorEvent.GONE: _learn_gone,
        FloorEvent.CONNECTED: _learn_connected,
        FloorEvent.STAGE: _learn_stage,
        FloorEvent.TALK_END: _learn_talk_end,
        FloorEvent.WRAP_END: _learn_wrap_end,
        FloorEvent.AGENT_PAUSED: _learn_paused,
    }
