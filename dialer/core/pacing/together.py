"""Several campaigns that share agents, paced as one floor: whoever is dialed, the same people are to answer."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from dialer.core.pacing.view import Beside, Decision, SharedPacing, View

USUAL_PRIORITY = 5


@dataclass(frozen=True, slots=True)
class Part:
    """One campaign of a floor. Its view has its own calls, talks and tallies; `idle` is every agent who may serve it."""

    rule: SharedPacing
    view: View
    priority: int = USUAL_PRIORITY  # 1 is dialed first, 9 last; equals take turns


def decide_together(t: float, parts: Sequence[Part]) -> list[Decision]:
    """Decide for every campaign of the floor, in the order of `parts`.

    Whoever comes first is dialed until its own threshold; the next ones see what was placed before them. With equal
    priority the campaign that keeps the floor least busy comes first, so that they take turns. Calls are let go in
    the opposite order.
    """
    if len(parts) == 1:
        return [parts[0].rule.decide(t, parts[0].view)]
    views = [part.view for part in parts]
    order = sorted(range(len(parts)), key=lambda i: (parts[i].priority, _busy(parts[i].view), i))
    decisions = dict(_let_go(t, parts, views, reversed(order)))
    for i in order:
        if i not in decisions:
            decisions[i] = parts[i].rule.decide(t, _beside_others(parts, views, i))
            placed = [t] * decisions[i].calls
            views[i] = replace(views[i], ringing=[*views[i].ringing, *placed])
    return [decisions[i] for i in range(len(parts))]


def _let_go(
    t: float, parts: Sequence[Part], views: list[View], order: Iterable[int]
) -> Iterable[tuple[int, Decision]]:
    for i in order:
        if not views[i].ripe(t):
            continue
        view = _beside_others(parts, views, i)
        decision = parts[i].rule.let_go(t, view)
        if decision:
            views[i] = replace(views[i], ringing=sorted(views[i].ringing)[decision.let_go :])
            yield i, decision


def _beside_others(parts: Sequence[Part], views: Sequence[View], i: int) -> View:
    own = parts[i]
    others = [
        Beside(part.rule, views[j], yields=part.priority > own.priority)
        for j, part in enumerate(parts)
        if j != i
    ]
    return replace(views[i], beside=others)


def _busy(view: View) -> int:
    return len(view.talking) + len(view.wrapping) + len(view.ringing) + view.waiting
