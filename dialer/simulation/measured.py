"""A campaign's own calls, drawn again. Pure but for seeded chance: the same attempt meets the same fate."""

import itertools
import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from dialer.carriers.behaviour import Callee, CallPlan, Profile, draw_lognormal, plan_call
from dialer.core.abandonment import CONNECT_SECONDS
from dialer.core.hopper import RetryPolicy, next_attempt
from dialer.events import Answer, CallCause

FATES = ("human", "machine", "busy", "invalid", "congestion", "no_answer")
KEPT = 400  # values kept of a distribution
DRAWN = 16_000  # calls that stand for a profile


@dataclass(frozen=True, slots=True)
class Samples:
    """A distribution as values that are equally likely."""

    values: tuple[float, ...] = ()

    @classmethod
    def of(cls, values: Iterable[float], *, keep: int = KEPT) -> "Samples":
        """Keep at most so many: each stands for as many neighbours, so that the mean stays what it was."""
        ordered = sorted(values)
        if len(ordered) <= keep:
            return cls(tuple(ordered))
        edges = [len(ordered) * place // keep for place in range(keep + 1)]
        parts = [ordered[start:end] for start, end in itertools.pairwise(edges)]
        return cls(tuple(round(sum(part) / len(part), 3) for part in parts))

    @property
    def mean(self) -> float:
        """The mean; 0 when there is nothing."""
        return sum(self.values) / len(self.values) if self.values else 0.0

    def draw(self, rng: random.Random) -> float:
        """One of the values."""
        return self.values[int(rng.random() * len(self.values))] if self.values else 0.0

    def scaled_to(self, mean: float) -> "Samples":
        """The same shape with another mean."""
        if not self.mean:
            return Samples((mean,))
        factor = mean / self.mean
        return Samples(tuple(value * factor for value in self.values))

    def mixed_with(self, other: "Samples", share: float) -> "Samples":
        """`share` of the values from here, the rest from the other."""
        if not other.values or (self.values and share >= 1):
            return self
        if not self.values or share <= 0:
            return other
        own = Samples.of(_repeated(self.values, KEPT), keep=max(1, round(KEPT * share)))
        rest = Samples.of(_repeated(other.values, KEPT), keep=max(1, round(KEPT * (1 - share))))
        return Samples(own.values + rest.values)


def _repeated(values: Sequence[float], least: int) -> list[float]:
    """As many copies of all values as it takes."""
    return list(values) * (-(-least // len(values)))


@dataclass(frozen=True, slots=True)
class Measured:
    """What becomes of a campaign's calls. Shares of `shares` are of all calls, seconds are of life."""

    shares: Mapping[str, float]  # by FATES; the rest rings out
    rings: Mapping[str, Samples]  # from placing a call to its answer or its end
    talks: Samples  # that sold nothing
    selling_talks: Samples
    sale_share: float  # of conversations
    wrap_ups: Samples

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for `read`."""
        return asdict(self)

    @classmethod
    def read(cls, values: Mapping[str, Any]) -> "Measured":
        """Inverse of `to_dict`."""
        samples = {
            name: Samples(tuple(values[name]["values"])) for name in ("talks", "selling_talks", "wrap_ups")
        }
        rings = {fate: Samples(tuple(ring["values"])) for fate, ring in values["rings"].items()}
        return cls(shares=dict(values["shares"]), rings=rings, sale_share=values["sale_share"], **samples)

    @property
    def answer_rate(self) -> float:
        """Share of calls that a person answers."""
        return self.shares.get("human", 0.0)

    @property
    def mean_talk(self) -> float:
        """Seconds of a conversation."""
        sold = self.selling_talks if self.selling_talks.values else self.talks
        return self.sale_share * sold.mean + (1 - self.sale_share) * self.talks.mean

    def plan_call(self, *, seed: int, attempt_id: int) -> CallPlan:
        """Draw what becomes of an attempt."""
        rng = random.Random(f"{seed}:{attempt_id}")
        fate = self.draw_fate(rng)
        after = self.rings[fate].draw(rng) if fate in self.rings else 0.0
        is_person = fate == "human"
        sells = is_person and rng.random() < self.sale_share
        talks = self.selling_talks if sells and self.selling_talks.values else self.talks
        answers = {"human": Answer.HUMAN, "machine": Answer.MACHINE}
        return CallPlan(
            ringing_after=None,
            decided_after=after,
            answer=answers.get(fate),
            cause=CallCause.CALLEE_HUNG_UP if fate in answers else CallCause(fate),
            patience=CONNECT_SECONDS * rng.uniform(1.0, 1.2),
            talk=talks.draw(rng) if is_person else 0.0,
            message=0.0,
            message_length=0.0,
            callee=Callee("neutral", 1.0 if sells else 0.0) if is_person else Callee("machine", 0.0),
        )

    def draw_fate(self, rng: random.Random) -> str:
        """Who or what picks up, or why nobody does."""
        luck = rng.random()
        for fate in FATES:
            luck -= self.shares.get(fate, 0.0)
            if luck < 0:
                return fate
        return "no_answer"

    def draw_wrap_up(self, rng: random.Random) -> float:
        """Seconds of an agent's wrap-up."""
        return self.wrap_ups.draw(rng)

    def adjusted(
        self,
        *,
        answer_rate: float | None = None,
        talk_seconds: float | None = None,
        wrap_up_seconds: float | None = None,
        sale_share: float | None = None,
    ) -> "Measured":
        """The same with some figures chosen; None leaves a figure as it was measured."""
        found = self if answer_rate is None else replace(self, shares=_with_answers(self.shares, answer_rate))
        if sale_share is not None:
            found = replace(found, sale_share=sale_share)
        if talk_seconds is not None:
            factor = talk_seconds / (found.mean_talk or 1.0)
            talks = found.talks.scaled_to(found.talks.mean * factor or talk_seconds)
            sold = found.selling_talks
            sold = sold.scaled_to(sold.mean * factor) if sold.values else sold
            found = replace(found, talks=talks, selling_talks=sold)
        if wrap_up_seconds is not None:
            found = replace(found, wrap_ups=found.wrap_ups.scaled_to(wrap_up_seconds))
        return found

    def with_callees_of(self, other: "Measured", *, share: float) -> "Measured":
        """Answers and ring times mixed: `share` from here, the rest from the other."""
        shares = {
            fate: share * self.shares.get(fate, 0.0) + (1 - share) * other.shares.get(fate, 0.0)
            for fate in FATES
        }
        rings = {}
        for fate in FATES:
            own = share * self.shares.get(fate, 0.0) / shares[fate] if shares[fate] else 0.0
            rings[fate] = self.rings.get(fate, Samples()).mixed_with(other.rings.get(fate, Samples()), own)
        return replace(self, shares=shares, rings=rings)

    def with_talks_of(self, other: "Measured", *, share: float) -> "Measured":
        """Conversations and their sales mixed in the same way."""
        return replace(
            self,
            talks=self.talks.mixed_with(other.talks, share),
            selling_talks=self.selling_talks.mixed_with(other.selling_talks, share),
            sale_share=share * self.sale_share + (1 - share) * other.sale_share,
        )

    def with_wrap_ups_of(self, other: "Measured", *, share: float) -> "Measured":
        """Wrap-ups mixed in the same way."""
        return replace(self, wrap_ups=self.wrap_ups.mixed_with(other.wrap_ups, share))


def _with_answers(shares: Mapping[str, float], rate: float) -> dict[str, float]:
    """Another share of people; the other fates keep their proportions."""
    others = sum(share for fate, share in shares.items() if fate != "human")
    factor = (1 - rate) / others if others else 0.0
    changed = {fate: share * factor for fate, share in shares.items() if fate != "human"}
    if not others:
        changed["no_answer"] = 1 - rate
    return {**changed, "human": rate}


def measure_profile(
    profile: Profile,
    *,
    ring_seconds: float = 25.0,
    sale_share: float = 0.05,
    wrap_up: tuple[float, float] = (18.0, 14.0),
) -> Measured:
    """The distributions of a simulated world; those who are most interested buy."""
    calm = replace(profile, speed=1.0)
    plans = [plan_call(calm, attempt_id=n, ring_seconds=ring_seconds) for n in range(DRAWN)]
    rings: dict[str, list[float]] = {fate: [] for fate in FATES}
    for plan in plans:
        rings[_fate_of(plan)].append((plan.ringing_after or 0.0) + plan.decided_after)
    people = [plan for plan in plans if _fate_of(plan) == "human"]
    people.sort(key=lambda plan: plan.callee.interest, reverse=True)
    buyers = round(sale_share * len(people))
    rng = random.Random(profile.seed)
    return Measured(
        shares={fate: len(found) / DRAWN for fate, found in rings.items()},
        rings={fate: Samples.of(found) for fate, found in rings.items()},
        talks=Samples.of(plan.talk for plan in people[buyers:]),
        selling_talks=Samples.of(plan.talk for plan in people[:buyers]),
        sale_share=sale_share,
        wrap_ups=Samples.of(draw_lognormal(rng, *wrap_up) for _ in range(DRAWN)),
    )


def _fate_of(plan: CallPlan) -> str:
    if plan.answer is None:
        return plan.cause.value
    return "human" if plan.answer is Answer.HUMAN and plan.callee.mood != "machine" else "machine"


def calls_per_lead(measured: Measured, policy: RetryPolicy, *, leads: int = 2_000, seed: int = 1) -> float:
    """How many calls a lead takes until it is not dialed again; a conversation is its last call."""
    total = 0
    for lead in range(leads):
        rng = random.Random(f"lead:{seed}:{lead}")
        same: dict[str, int] = {}
        attempts, at = 0, 0.0
        while True:
            fate = measured.draw_fate(rng)
            attempts, same[fate] = attempts + 1, same.get(fate, 0) + 1
            result = "talked" if fate == "human" else fate
            after = next_attempt(
                policy, result=result, ended_at=at, attempts=attempts, same_result=same[fate]
            )
            if after.at is None:
                break
            at = after.at
        total += attempts
    return total / leads
