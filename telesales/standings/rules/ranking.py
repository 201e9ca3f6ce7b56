"""Places: equal scores share a place, and the next place is left out (1, 2, 2, 4)."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

T = TypeVar("T")
AROUND_ONESELF = 1


@dataclass(frozen=True, slots=True)
class Placed(Generic[T]):
    """Somebody with a place; `is_shared` when others have the same."""

    item: T
    place: int
    is_shared: bool


def ranked(items: Iterable[T], score: Callable[[T], Any]) -> list[Placed[T]]:
    """Return items by falling score; equals keep the order in which they came."""
    ordered = sorted(items, key=score, reverse=True)
    scores = [score(item) for item in ordered]
    place_of: dict[Any, int] = {}
    for place, own in enumerate(scores, start=1):
        place_of.setdefault(own, place)
    holders = Counter(scores)
    return [Placed(item, place_of[own], holders[own] > 1) for item, own in zip(ordered, scores, strict=True)]


def top_places(placed: Iterable[Placed[T]], places: int, *, deserves: Callable[[T], bool]) -> list[Placed[T]]:
    """Return who is on one of the first places; who has done nothing is on none."""
    return [entry for entry in placed if entry.place <= places and deserves(entry.item)]


def visible_to(placed: list[Placed[T]], top: int, *, is_me: Callable[[T], bool]) -> list[Placed[T]]:
    """Return the top and oneself with a neighbour on each side: nobody is shown as last to everybody."""
    mine = next((index for index, entry in enumerate(placed) if is_me(entry.item)), None)
    near = range(0) if mine is None else range(mine - AROUND_ONESELF, mine + AROUND_ONESELF + 1)
    return [entry for index, entry in enumerate(placed) if index < top or index in near]
