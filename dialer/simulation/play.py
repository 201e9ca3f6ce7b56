"""The floor of a simulated shift: callees, agents and the clock between them."""

import heapq
import random
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any

from dialer.carriers.behaviour import CallPlan, draw_lognormal, plan_call
from dialer.core.abandonment import CONNECT_SECONDS, Tally
from dialer.core.floor.call import PROMISED_SECONDS, RISKED_SECONDS
from dialer.core.pacing import MIN_RING_SECONDS, FloorEvent, Pacing, View
from dialer.core.pacing.per_second import PlacedLately
from dialer.events import Answer, CallCause
from dialer.simulation.callers import INBOUND, Callers
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
        self._leads = shift.leads
        self._callers = Callers(shift)
        self._lately = PlacedLately()

    def run(self) -> ShiftReport:
        """Play the shift to its end."""
        end = self.shift.hours * 3600
        for agent in self._agents:
            self._at(self._rng.uniform(0, self.shift.arrival_seconds), self._sign_on, agent)
            self._mark_the_clock(agent)
        self._at(0.0, self._pulse)
        while self._queue and self._queue[0][0] <= end:
            t, _, what, facts = heapq.heappop(self._queue)
            what(t, *facts)
        for agent in self._agents:
            self._book_time(agent, end)
        return self.report

    def view(self, t: float) -> View:
        """The floor as the rule may see it."""
        in_state: dict[AgentState, list[SimulatedAgent]] = {state: [] for state in AgentState}
        for agent in self._agents:
            in_state[agent.state].append(agent)
        talking = in_state[AgentState.ON_CALL]
        return View(
            idle=[agent.since for agent in in_state[AgentState.READY]],
            talking=[agent.since for agent in talking],
            stages=[agent.stage for agent in talking],
            wrapping=[agent.since for agent in in_state[AgentState.WRAP_UP]],
            paused=len(in_state[AgentState.PAUSED]),
            ringing=list(self._ringing.values()),
            waiting=len(self._waiting) + len(self._callers.waiting),
            expected_inbound=self._callers.rate.rate(t),
            lines_cap=int(self.shift.lines_per_agent * self.shift.agents),
            day=self.report.day,
            window=self.shift.earlier + self.report.day,
            limit=self.shift.limit,
            leads=self._leads,
            placeable=self._lately.room(t, self.shift.calls_per_second),
        )

    def _at(self, t: float, what: Callable[..., None], *facts: Any) -> None:
        self._count += 1
        heapq.heappush(self._queue, (t, self._count, what, facts))

    # agents
    def _hire(self, number: int) -> SimulatedAgent:
        next_break = self._rng.uniform(0.3, 1.7) * self.shift.break_every
        return SimulatedAgent(number, self.shift.plan_of(number), next_break)

    def _mark_the_clock(self, agent: SimulatedAgent) -> None:
        """A ready agent looks at the clock when a break or the end of the day comes; a busy one after the call."""
        leaves_at = [] if agent.plan.leaves_at is None else [agent.plan.leaves_at]
        for moment in [*leaves_at, *(start for start, _ in agent.plan.away)]:
            self._at(moment, self._look_at_the_clock, agent)

    def _look_at_the_clock(self, t: float, agent: SimulatedAgent) -> None:
        if agent.state is AgentState.READY:
            self._get_ready(t, agent)

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
        back_at = agent.away_until(t)
        if agent.has_left(t):
            self._enter(agent, AgentState.OFFLINE, t)
            self.rule.on_event(t, FloorEvent.AGENT_PAUSED)
        elif back_at is not None:
            self._take_break(t, agent, back_at)
        elif t >= agent.next_break and agent.state is not AgentState.READY:
            self._take_break(t, agent, t + self._rng.uniform(0.6, 1.4) * self.shift.break_seconds)
        elif self._waiting:
            attempt = next(iter(self._waiting))
            self._connect(t, agent, attempt, self._waiting.pop(attempt))
        else:
            self._enter(agent, AgentState.READY, t)
            self.rule.on_event(t, FloorEvent.AGENT_IDLE)
            self._serve(t)

    def _take_break(self, t: float, agent: SimulatedAgent, back_at: float) -> None:
        self._enter(agent, AgentState.PAUSED, t)
        self.rule.on_event(t, FloorEvent.AGENT_PAUSED)
        self._at(back_at, self._come_back, agent)

    def _come_back(self, t: float, agent: SimulatedAgent) -> None:
        agent.next_break = t + self._rng.uniform(0.5, 1.5) * self.shift.break_every
        self.rule.on_event(t, FloorEvent.AGENT_BACK)
        self._get_ready(t, agent)

    def _connect(self, t: float, agent: SimulatedAgent, attempt: int, plan: CallPlan) -> None:
        self.report.connected += 1
        self.rule.on_event(t, FloorEvent.CONNECTED, agent=agent.number)
        self._talk(t, agent, attempt, plan)

    def _talk(self, t: float, agent: SimulatedAgent, attempt: int, plan: CallPlan) -> None:
        self._enter(agent, AgentState.ON_CALL, t)
        lasting = [seconds * agent.plan.pace for seconds in self._draw_talk(attempt, plan)]
        self._begin_stage(t, agent, 0, lasting)

    def _draw_talk(self, attempt: int, plan: CallPlan) -> Sequence[float]:
        if self.shift.talk is None or plan.callee.mood == "machine":
            return [plan.talk]
        return self.shift.talk(random.Random(f"talk:{attempt}"))

    def _begin_stage(self, t: float, agent: SimulatedAgent, stage: int, lasting: Sequence[float]) -> None:
        if stage == len(lasting):
            self._wrap_up(t, agent)
            return
        if stage == 0 or self.shift.stages:
            agent.stage = (stage, t)
            self.rule.on_event(t, FloorEvent.STAGE, agent=agent.number, stage=stage)
        self._at(t + lasting[stage], self._begin_stage, agent, stage + 1, lasting)

    def _wrap_up(self, t: float, agent: SimulatedAgent) -> None:
        self.rule.on_event(t, FloorEvent.TALK_END, agent=agent.number, lasted=t - agent.since)
        self._enter(agent, AgentState.WRAP_UP, t)
        shift = self.shift
        if shift.wrap_up:
            lasts = shift.wrap_up(self._rng)
        else:
            lasts = draw_lognormal(self._rng, shift.wrap_up_seconds, shift.wrap_up_deviation)
        self._at(t + lasts * agent.plan.pace, self._finish, agent)

    def _finish(self, t: float, agent: SimulatedAgent) -> None:
        self.rule.on_event(t, FloorEvent.WRAP_END, agent=agent.number, lasted=t - agent.since)
        self._get_ready(t, agent)

    # calls
    def _pulse(self, t: float) -> None:
        view = self.view(t)
        decision = self.rule.decide(t, view)
        reasons = self.report.reasons
        reasons[decision.reason] = reasons.get(decision.reason, 0) + 1
        if view.agents == 0:
            self.report.dialed_without_agents += decision.calls
        self._lately.add(t, decision.calls)
        for _ in range(decision.calls):
            self._dial(t)
        for attempt in list(self._ringing)[: decision.let_go]:
            self._let_go(t, attempt)
        self._at(t + self.shift.pulse, self._pulse)

    def _dial(self, t: float) -> None:
        self.report.dialed += 1
        if self._leads is not None:
            self._leads -= 1
        attempt = self.shift.seed * ATTEMPTS + self.report.dialed
        plan = self._plan(t, attempt)
        self._ringing[attempt] = t
        self._at(t + (plan.ringing_after or 0.0) + plan.decided_after, self._decided, attempt, plan)

    def _plan(self, t: float, attempt: int) -> CallPlan:
        if self.shift.callees:
            return self.shift.callees(t, attempt)
        profile = self.shift.profile_at(t) if self.shift.profile_at else self.shift.profile
        return plan_call(profile, attempt_id=attempt, ring_seconds=self.shift.ring_seconds)

    def _let_go(self, t: float, attempt: int) -> None:
        if t - self._ringing[attempt] < MIN_RING_SECONDS + self.shift.profile.setup_seconds:
            return
        after = t - self._ringing.pop(attempt)
        self.report.let_go += 1
        self.rule.on_event(t, FloorEvent.CALL_OVER, outcome=CallCause.NO_ANSWER, after=after, cut=True)
        self._miss(t, attempt)

    def _decided(self, t: float, attempt: int, plan: CallPlan) -> None:
        if attempt not in self._ringing:
            return  # let go
        after = t - self._ringing.pop(attempt)
        is_person = plan.callee.mood != "machine" and plan.answer is not None
        if plan.answer is not Answer.HUMAN:
            if is_person:  # taken for a machine: no floor knows of it
                self._book_people(t, Tally(answered=1, abandoned=1))
            self.rule.on_event(t, FloorEvent.CALL_OVER, outcome=plan.answer or plan.cause, after=after)
            if plan.answer is None and plan.cause is CallCause.NO_ANSWER:
                self._miss(t, attempt)
            self._serve(t)
            return
        self.report.day += Tally(answered=1)  # a machine taken for a person counts as one on every floor
        self._book_people(t, Tally(answered=int(is_person)))
        self.rule.on_event(t, FloorEvent.ANSWERED, after=after)
        if self._ready:
            self._connect(t, self._ready[0], attempt, plan)
            return
        self._waiting[attempt] = plan
        self._at(t + CONNECT_SECONDS, self._give_up, attempt, is_person)

    def _give_up(self, t: float, attempt: int, is_person: bool) -> None:
        if self._waiting.pop(attempt, None) is None:
            return
        self.report.day += Tally(abandoned=1)
        self._book_people(t, Tally(abandoned=int(is_person)))
        self.rule.on_event(t, FloorEvent.ABANDONED)
        if is_person:
            self._miss(t, attempt)

    # people who ring back
    def _miss(self, t: float, attempt: int) -> None:
        after = self._callers.rings_back_after(attempt)
        if after is not None:
            self._at(t + after, self._come_in, attempt + INBOUND)

    def _come_in(self, t: float, attempt: int) -> None:
        self.report.came_in += 1
        plan = self._callers.come_in(t, attempt)
        for seconds in (RISKED_SECONDS, PROMISED_SECONDS):
            self._at(t + seconds, self._serve)
        self._at(t + min(plan.patience, self.shift.inbound_wait), self._lose, attempt)
        self._serve(t)

    def _lose(self, t: float, attempt: int) -> None:
        self.report.lost += self._callers.waiting.pop(attempt, None) is not None

    def _serve(self, t: float) -> None:
        """Ready agents who are not promised to calls that ring take people who ring back."""
        while (
            attempt := self._callers.next_for(t, ready=len(self._ready), ringing=len(self._ringing))
        ) is not None:
            since, plan = self._callers.waiting.pop(attempt)
            self.report.inbound_waits.append(t - since)
            self._talk(t, self._ready[0], attempt, plan)

    def _book_people(self, t: float, people: Tally) -> None:
        if t > self.shift.warm_up:
            slot = int(t // HALF_HOUR)
            self.report.half_hours[slot] = self.report.half_hours.get(slot, Tally()) + people
