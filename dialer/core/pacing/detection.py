"""What telling people from machines gets wrong, as far as a floor can see it.

A person who was taken for a machine is hung up on and abandoned, and nobody is told. But people pick up at other
times than machines: verdicts that come when people answer and machines hardly do are people. A machine that was
taken for a person vanishes without a word when no agent is free in time.
"""

import math
from collections import deque
from collections.abc import Mapping
from typing import Any

from dialer.core.abandonment import Tally

SECONDS = 40  # ages told apart
WIDTH = 3  # seconds looked at together
PEOPLE_SHARE = 0.1  # of all people, at least, must answer in a stretch that is looked at
MEMORY = 6000.0  # verdicts
SETTLED_SECONDS = 5.0  # afterwards it is known what became of somebody who answered
FEW = 100.0  # people; with fewer nothing is estimated
MOST_MISSED = 0.02  # of the people: an estimate above it is taken for an error of the estimate
DOUBT = 20.0  # vanished calls are weighed against so many that were people


class Detection:
    """Learns how many people are missed, and how many of those who answered were machines."""

    def __init__(self) -> None:
        self._people = [0.0] * SECONDS
        self._machines = [0.0] * SECONDS
        self._open: deque[float] = deque()  # when those answered who were neither connected nor abandoned yet
        self._abandoned = 0.0

    def answered(self, t: float, after: float) -> None:
        """A person, as far as detection can tell."""
        self._count(self._people, after)
        self._open.append(t)

    def machine(self, after: float) -> None:
        """Taken for a machine."""
        self._count(self._machines, after)

    def closed(self, *, abandoned: bool = False) -> None:
        """What became of somebody who answered is known."""
        if self._open:
            self._open.popleft()
        self._abandoned += abandoned

    def people_of(self, tally: Tally, t: float, *, false_machines: float | None = None) -> Tally:
        """The tally with the people that nobody saw, and without the machines that were taken for people."""
        vanished = sum(answered <= t - SETTLED_SECONDS for answered in self._open)
        seen = tally.answered * (1 - vanished / (vanished + self._abandoned + DOUBT))
        missed = self.missed(false_machines) * seen
        return Tally(round(seen + missed), round(tally.abandoned + missed))

    def missed(self, false_machines: float | None = None) -> float:
        """People taken for machines, for each person who answered; by an estimate of their share if there is one."""
        people, machines = sum(self._people), sum(self._machines)
        if people < FEW or not machines:
            return 0.0
        if false_machines is not None:
            return false_machines * machines / people
        starts = range(SECONDS - WIDTH)
        stretches = [(sum(self._machines[i : i + WIDTH]), sum(self._people[i : i + WIDTH])) for i in starts]
        usual = [(seen, n) for seen, n in stretches if n >= PEOPLE_SHARE * people]
        if not usual:
            return 0.0
        seen, n = min(usual, key=lambda stretch: (stretch[0] + 1) / stretch[1])  # few people say little
        return min(MOST_MISSED, (seen + math.sqrt(seen)) / n)  # rather one too many than one too few

    def _count(self, ages: list[float], after: float) -> None:
        ages[min(SECONDS - 1, max(0, int(after)))] += 1
        if sum(self._people) + sum(self._machines) > MEMORY:
            self._people = [value / 2 for value in self._people]
            self._machines = [value / 2 for value in self._machines]
            self._open = deque(list(self._open)[len(self._open) // 2 :])
            self._abandoned /= 2

    def dump(self) -> dict[str, Any]:
        """What was observed, as JSON values."""
        return {
            "people": list(self._people),
            "machines": list(self._machines),
            "open": list(self._open),
            "abandoned": self._abandoned,
        }

    def load(self, state: Mapping[str, Any]) -> None:
        """Continue from a dump."""
        self._people, self._machines = list(state["people"]), list(state["machines"])
        self._open, self._abandoned = deque(state["open"]), float(state["abandoned"])
