"""The floor of a simulated shift: callees, agents and the clock between them."""

import heapq
import random
from collections import deque
from collections.abc import Callable
from typing import Any

from dialer.carriers.behaviour import CallPlan, draw_lognormal, plan_call
from dialer.core.abandonment import CONNECT_SECONDS, Tally
from dialer.core.pacing import FloorEvent, Pacing, View
from dialer.events import Answer
from dialer.simulation.shift import AgentState, Shift, ShiftReport, SimulatedAgent

HALF_HOUR = 1800.0
ATTEMPTS = 10_000_000  # more than any shift dials: the attempts of two seeds are never the same


class Simulation:
    """Plays one shift."""

    def __init__(self, shift: Shift, rule: Pacing) -> None:
        self.shift, self.rule, self.report = shift, rule, ShiftReport()
        self._rng = random.Random(f"agents:{shift.seed}")
        self._queue: list[tuple[float, int, Callable[..., None], tuple[Any, ...]]] = []
        self._count = 0
        self._agents = [self._hire(number) for number in range(shift.agents)]
        self._ready: deque[SimulatedAgent] = deque()
        self._ringing: dict[int, float] = {}
        self._waiting: dict[int, CallPlan] = {}
        self._day = Tally()

    def run(self) -> ShiftReport:
        """Play the shift to its end."""
        end = self.shift.hours * 3600
        for agent in self._agents:
            self._at(self._rng.uniform(0, self.shift.arrival_seconds), self._sign_on, agent)
        self._at(0.0, self._pulse)
        while self._queue and self._queue[0][0] <= end:
            t, _, what, facts = heapq.heappop(self._queue)
            what(t, *facts)
        for agent in self._agents:
            self._book_time(agent, end)
        return self.report

    def view(self) -> View:
        """The floor as the rule may see it."""
        since: dict[AgentState, list[float]] = {state: [] for state in AgentState}
        for agent in self._agents:
            since[agent.state].append(agent.since)
        talking = since[AgentState.ON_CALL]
        return View(
            idle=since[AgentState.READY],
            talking=talking,
            stages=[(0, moment) for moment in talking],
            wrapping=since[AgentState.WRAP_UP],
            paused=len(since[AgentState.PAUSED]),
            ringing=list(self._ringing.values()),
            waiting=len(self._waiting),
            lines_cap=int(self.shift.lines_per_agent * self.shift.agents),
            day=self._day,
            window=self._day,
            limit=self.shift.limit,
        )

    def _at(self, t: float, what: Callable[..., None], *facts: Any) -> None:
        self._count += 1
        heapq.heappush(self._queue, (t, self._count, what, facts))

    # agents
    def _hire(self, number: int) -> SimulatedAgent:
        return SimulatedAgent(number, next_break=self._rng.uniform(0.3, 1.7) * self.shift.break_every)

    def _book_time(self, agent: SimulatedAgent, t: float) -> None:
        start = max(agent.since, self.shift.warm_up)
        if t <= start:
            return
        self.report.seconds[agent.state] += t - start
        if agent.state is AgentState.READY:
            self.report.waits.append(t - start)

    def _enter(self, agent: SimulatedAgent, state: AgentState, t: float) -> None:
        self._book_time(agent, t)
        if agent.state is AgentState.READY:
            self._ready.remove(agent)
        agent.state, agent.since = state, t
        if state is AgentState.READY:
            self._ready.append(agent)

    def _sign_on(self, t: float, agent: SimulatedAgent) -> None:
        self.rule.on_event(t, FloorEvent.AGENT_LOGIN)
        self._get_ready(t, agent)

    def _get_ready(self, t: float, agent: SimulatedAgent) -> None:
        if t >= agent.next_break:
            self._enter(agent, AgentState.PAUSED, t)
            self.rule.on_event(t, FloorEvent.AGENT_PAUSED)
            self._at(t + self._rng.uniform(0.6, 1.4) * self.shift.break_seconds, self._come_back, agent)
        elif self._waiting:
            call = next(iter(self._waiting))
            self._connect(t, agent, self._waiting.pop(call))
        else:
            self._enter(agent, AgentState.READY, t)
            self.rule.on_event(t, FloorEvent.AGENT_IDLE)

    def _come_back(self, t: float, agent: SimulatedAgent) -> None:
        agent.next_break = t + self._rng.uniform(0.5, 1.5) * self.shift.break_every
        self.rule.on_event(t, FloorEvent.AGENT_BACK)
        self._get_ready(t, agent)

    def _connect(self, t: float, agent: SimulatedAgent, plan: CallPlan) -> None:
        self._enter(agent, AgentState.ON_CALL, t)
        self.report.connected += 1
        self.rule.on_event(t, FloorEvent.CONNECTED, agent=agent.number)
        self.rule.on_event(t, FloorEvent.STAGE, agent=agent.number, stage=0)
        self._at(t + plan.talk, self._wrap_up, agent, plan.talk)

    def _wrap_up(self, t: float, agent: SimulatedAgent, talk: float) -> None:
        self.rule.on_event(t, FloorEvent.TALK_END, agent=agent.number, lasted=talk)
        self._enter(agent, AgentState.WRAP_UP, t)
        lasts = draw_lognormal(self._rng, self.shift.wrap_up_seconds, self.shift.wrap_up_deviation)
        self._at(t + lasts, self._finish, agent, lasts)

    def _finish(self, t: float, agent: SimulatedAgent, lasted: float) -> None:
        self.rule.on_event(t, FloorEvent.WRAP_END, agent=agent.number, lasted=lasted)
        self._get_ready(t, agent)

    # calls
    def _pulse(self, t: float) -> None:
        decision = self.rule.decide(t, self.view())
        reasons = self.report.reasons
        reasons[decision.reason] = reasons.get(decision.reason, 0) + 1
        for _ in range(decision.calls):
            self._dial(t)
        self._at(t + self.shift.pulse, self._pulse)

    def _dial(self, t: float) -> None:
        self.report.dialed += 1
        attempt, profile = self.shift.seed * ATTEMPTS + self.report.dialed, self.shift.profile
        if self.shift.profile_at:
            profile = self.shift.profile_at(t)
        plan = plan_call(profile, attempt_id=attempt, ring_seconds=self.shift.ring_seconds)
        self._ringing[attempt] = t
        self._at(t + (plan.ringing_after or 0.0) + plan.decided_after, self._decided, attempt, plan)

    def _decided(self, t: float, attempt: int, plan: CallPlan) -> None:
        after = t - self._ringing.pop(attempt)
        is_person = plan.callee.mood != "machine" and plan.answer is not None
        if plan.answer is not Answer.HUMAN:
            self._tally(t, answered=int(is_person), abandoned=int(is_person))  # taken for a machine
            self.rule.on_event(t, FloorEvent.CALL_OVER, outcome=plan.answer or plan.cause, after=after)
            return
        self._tally(t, answered=int(is_person))
        self.rule.on_event(t, FloorEvent.ANSWERED, after=after)
        if self._ready:
            self._connect(t, self._ready[0], plan)
            return
        self._waiting[attempt] = plan
        self._at(t + CONNECT_SECONDS, self._give_up, attempt, is_person)

    def _give_up(self, t: float, attempt: int, is_person: bool) -> None:
        if self._waiting.pop(attempt, None) and is_person:
            self._tally(t, abandoned=1)
            self.rule.on_event(t, FloorEvent.ABANDONED)

    def _tally(self, t: float, *, answered: int = 0, abandoned: int = 0) -> None:
        people = Tally(answered, abandoned)
        self._day += people
        if t > self.shift.warm_up:
            slot = int(t // HALF_HOUR)
            self.report.half_hours[slot] = self.report.half_hours.get(slot, Tally()) + people
