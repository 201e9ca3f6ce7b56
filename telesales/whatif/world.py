"""What a question is replayed with: a campaign's own calls, mixed with chosen ones while there are few."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from dialer.carriers.behaviour import Profile
from dialer.simulation.measured import Measured, calls_per_lead, measure_profile
from telesales.calls.rules import retry_policy
from telesales.campaigns.models import Campaign
from telesales.whatif import measuring
from telesales.whatif.measuring import Found
from telesales.whatif.question import Goal, Question, open_days_until, propose_candidates, sales_to_aim_at

ENOUGH_ANSWERED = 200  # with fewer, chosen calls are mixed in
ENOUGH_TALKS = 100  # ... and so for conversations and wrap-ups
USUAL_SALE_SHARE = 0.05


@dataclass(frozen=True, slots=True)
class World:
    """Calls to draw from, and how much of them is the campaign's own."""

    measured: Measured
    candidates: tuple[int, ...]
    calls_per_lead: float
    sale_minor: int
    answered: int  # own calls that people answered
    talks: int  # conversations of the campaign, or of whatever the talk is like
    own_answers: float  # share of what is drawn that is the campaign's own
    own_talks: float

    def to_json(self) -> dict[str, Any]:
        """Plain values, for `from_json`."""
        return {**asdict(self), "measured": self.measured.to_dict(), "candidates": list(self.candidates)}

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> "World":
        """Inverse of `to_json`."""
        measured, candidates = Measured.read(values["measured"]), tuple(values["candidates"])
        return cls(**{**values, "measured": measured, "candidates": candidates})


def make_world(campaign: Campaign, question: Question) -> World:
    """Read the campaign's calls and put the question's own figures in."""
    own = measuring.of_campaign(campaign.id)
    talk = measuring.of_talk_like(question.talk_like, campaign.client_id) if question.talk_like else own
    answers, talks = _weight(own.answered, ENOUGH_ANSWERED), _weight(talk.talks, ENOUGH_TALKS)
    chosen = _chosen_calls(campaign)
    mixed = (
        own.measured.with_callees_of(chosen, share=answers)
        .with_talks_of(talk.measured, share=0.0)
        .with_talks_of(chosen, share=talks)
        .with_wrap_ups_of(talk.measured, share=0.0)
        .with_wrap_ups_of(chosen, share=_weight(talk.wrap_ups, ENOUGH_TALKS))
    )
    measured = mixed.adjusted(
        answer_rate=question.answer_rate,
        talk_seconds=question.talk_seconds,
        wrap_up_seconds=question.wrap_up_seconds,
        sale_share=question.sale_share,
    )
    policy = retry_policy(campaign.retry_rules, max_attempts=campaign.max_attempts)
    lead = calls_per_lead(measured, policy)
    return World(
        measured=measured,
        candidates=question.agents or _candidates(question, measured, lead),
        calls_per_lead=lead,
        sale_minor=_sale_minor(campaign.id, own),
        answered=own.answered,
        talks=talk.talks,
        own_answers=answers,
        own_talks=talks,
    )


def _weight(count: int, enough: int) -> float:
    return min(1.0, count / enough)


def _chosen_calls(campaign: Campaign) -> Measured:
    """What calls are taken to be like before there are any."""
    simulated = campaign.carrier_profile if campaign.carrier == "simulated" else {}
    return measure_profile(
        Profile.read(simulated), ring_seconds=campaign.ring_seconds, sale_share=USUAL_SALE_SHARE
    )


def _sale_minor(campaign_id: int, own: Found) -> int:
    return own.sale_minor or measuring.usual_price(campaign_id)


def _candidates(question: Question, measured: Measured, calls_a_lead: float) -> tuple[int, ...]:
    if question.goal is Goal.SALES:
        talks = sales_to_aim_at(question.goal_sales) / max(1e-6, measured.sale_share)
    else:
        days = open_days_until(question, question.goal_date or question.starts_on)
        talks = question.leads * calls_a_lead * measured.answer_rate / max(1, days)
    busy = measured.mean_talk + measured.wrap_ups.mean
    return propose_candidates(question, talks_needed=talks, busy_seconds=busy)
