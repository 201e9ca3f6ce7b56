"""What a floor teaches: durations and shares, with careful priors and slow forgetting."""

import heapq
import math
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from typing import Any


class Durations:
    """A distribution of durations, learned as the chance per second of ending at each age."""

    def __init__(self, edges: Sequence[float], *, mean: float, trust: float, memory: float) -> None:
        """`mean` and `trust` are the prior: an exponential of that mean, worth so many observations."""
        self._edges = [float(edge) for edge in edges]
        self._memory = memory
        count = len(self._edges)
        self._ends = [0.0] * count
        self._seconds = [0.0] * count
        self._weight = 1.0  # of the next observation; it grows instead of all others shrinking
        survival = [math.exp(-edge / mean) for edge in self._edges] + [0.0]
        self._prior_ends = [trust * (survival[i] - survival[i + 1]) for i in range(count)]
        self._prior_seconds = [mean * ends for ends in self._prior_ends]
        self._hazards: list[float] = []
        self._cumulated: list[float] = []
        self.renew()

    def observe(self, lasted: float, *, ended: bool = True) -> None:
        """Learn from one duration; not `ended` when it was cut off by something else."""
        self._weight /= 1 - 1 / self._memory
        if self._weight > 1e9:
            self._scale(1 / self._weight)
        last = len(self._edges) - 1
        for i, edge in enumerate(self._edges):
            if lasted <= edge and i:
                break
            end = self._edges[i + 1] if i < last else math.inf
            self._seconds[i] += self._weight * (min(lasted, end) - edge)
            if ended and lasted <= end:
                self._ends[i] += self._weight

    def renew(self) -> None:
        """Take what was observed into the figures that `survival` uses."""
        self._hazards, self._cumulated, total = [], [], 0.0
        for i, edge in enumerate(self._edges):
            if i:
                total += self._hazards[-1] * (edge - self._edges[i - 1])
            ends = self._prior_ends[i] + self._ends[i] / self._weight
            seconds = self._prior_seconds[i] + self._seconds[i] / self._weight
            self._hazards.append(ends / seconds if seconds else 0.0)
            self._cumulated.append(total)

    def hazard_until(self, age: float) -> float:
        """Cumulated chance of ending until an age."""
        i = max(0, bisect_right(self._edges, age) - 1)
        return self._cumulated[i] + self._hazards[i] * max(0.0, age - self._edges[i])

    def survival(self, age: float) -> float:
        """Chance of lasting longer than an age."""
        return math.exp(-self.hazard_until(age))

    def quantile(self, share: float) -> float:
        """The age by which this share has ended."""
        wanted = -math.log(1 - share)
        i = max(0, bisect_right(self._cumulated, wanted) - 1)
        hazard = self._hazards[i]
        return self._edges[i] + ((wanted - self._cumulated[i]) / hazard if hazard else 0.0)

    def dump(self) -> dict[str, Any]:
        """What was observed, as JSON values."""
        self._scale(1 / self._weight)
        return {"edges": self._edges, "ends": list(self._ends), "seconds": list(self._seconds)}

    def load(self, state: Mapping[str, Any]) -> None:
        """Continue from a dump; another grid of ages cannot be read."""
        if state.get("edges") != self._edges:
            return
        self._ends = [float(value) for value in state["ends"]]
        self._seconds = [float(value) for value in state["seconds"]]
        self._weight = 1.0
        self.renew()

    def fade(self, keep: float) -> None:
        """Trust what was observed only this much still."""
        self._ends = [value * keep for value in self._ends]
        self._seconds = [value * keep for value in self._seconds]
        self.renew()

    def _scale(self, factor: float) -> None:
        self._ends = [value * factor for value in self._ends]
        self._seconds = [value * factor for value in self._seconds]
        self._weight *= factor


class Share:
    """A share of yes among trials that forgets over `memory` trials."""

    def __init__(self, *, prior: float, trust: float, memory: float) -> None:
        self._prior, self._trust, self.memory = prior, trust, memory
        self.yes = 0.0
        self.trials = 0.0

    def observe(self, yes: bool) -> None:
        """Learn from one trial."""
        keep = 1 - 1 / self.memory
        self.yes = self.yes * keep + yes
        self.trials = self.trials * keep + 1

    @property
    def mean(self) -> float:
        """The share, drawn to the prior while little was seen."""
        return (self.yes + self._prior * self._trust) / (self.trials + self._trust)

    @property
    def doubt(self) -> float:
        """Squared relative error of the share."""
        return (1 - self.mean) / (self.mean * (self.trials + self._trust))

    def take_over(self, other: "Share") -> None:
        """Forget everything but what another share remembers."""
        self.yes, self.trials = other.yes, other.trials

    def fade(self, keep: float) -> None:
        """Trust what was observed only this much still."""
        self.yes, self.trials = self.yes * keep, self.trials * keep

    def dump(self) -> list[float]:
        """What was observed, as JSON values."""
        return [self.yes, self.trials]

    def load(self, state: Sequence[float]) -> None:
        """Continue from a dump."""
        self.yes, self.trials = float(state[0]), float(state[1])


class AnswerRate:
    """Share of calls that a person answers: a long memory that gives way to a short one when the world has changed.

    Quick results are no fair sample: of calls placed together the busy ones end first, then people answer, and
    those that ring out end last. So a result counts when all calls placed with it have theirs.
    """

    SURPRISE = 3.0  # standard errors between the two that cannot be chance
    LONG, LONG_PER_AGENT = 400, 8  # calls remembered: some minutes on a floor of any size
    SHORT, SHORT_PER_AGENT = 60, 1.2

    def __init__(self) -> None:
        self.long = Share(prior=0.4, trust=10, memory=self.LONG)
        self.short = Share(prior=0.4, trust=4, memory=self.SHORT)
        self._held: list[tuple[float, bool]] = []  # placed at, answered

    def observe(self, placed_at: float, answered: bool) -> None:
        """Learn from one call that rings no longer."""
        heapq.heappush(self._held, (placed_at, answered))

    def settle(self, until: float, *, agents: int) -> None:
        """Count the results of calls that were placed before a time."""
        self.long.memory = max(self.LONG, self.LONG_PER_AGENT * agents)
        self.short.memory = max(self.SHORT, self.SHORT_PER_AGENT * agents)
        while self._held and self._held[0][0] <= until:
            self._count(heapq.heappop(self._held)[1])

    def _count(self, answered: bool) -> None:
        self.long.observe(answered)
        self.short.observe(answered)
        mean = self.long.mean
        error = math.sqrt(mean * (1 - mean) / max(1.0, 2 * self.short.trials))
        is_new = self.short.trials > 0.6 * self.short.memory
        if is_new and abs(self.short.mean - mean) > self.SURPRISE * max(error, 0.01):
            self.long.take_over(self.short)

    @property
    def known(self) -> float:
        """How many calls the rate rests on."""
        return self.long.trials

    @property
    def mean(self) -> float:
        """The rate to count with."""
        return self.long.mean

    @property
    def doubt(self) -> float:
        """Squared relative error of the rate."""
        return self.long.doubt

    def fade(self, keep: float) -> None:
        """Trust what was observed only this much still."""
        while self._held:
            self._count(heapq.heappop(self._held)[1])
        self.long.fade(keep)
        self.short.fade(keep)

    def dump(self) -> dict[str, Any]:
        """What was observed, as JSON values."""
        held = [[placed_at, answered] for placed_at, answered in self._held]
        return {"long": self.long.dump(), "short": self.short.dump(), "held": held}

    def load(self, state: Mapping[str, Any]) -> None:
        """Continue from a dump."""
        self.long.load(state["long"])
        self.short.load(state["short"])
        self._held = [(float(placed_at), bool(answered)) for placed_at, answered in state["held"]]
