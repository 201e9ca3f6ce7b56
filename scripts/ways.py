"""Ways through a script: which answers lead to an outcome."""

from collections import deque
from collections.abc import Sequence

from scripts.script import Outcome, Script
from scripts.session import Visit


def way_to(script: Script, outcome: Outcome, *, start: str | None = None) -> Sequence[Visit] | None:
    """The shortest way from a step to an end with the outcome; None when there is none."""
    first = start or script.first
    waiting: deque[tuple[str, tuple[Visit, ...]]] = deque([(first, ())])
    seen = {first}
    while waiting:
        key, way = waiting.popleft()
        step = script.step(key)
        if step.outcome is outcome:
            return way
        for answer in step.answers:
            if answer.goes_to not in seen:
                seen.add(answer.goes_to)
                waiting.append((answer.goes_to, (*way, Visit(key, answer.key))))
    return None
