"""What simulated agents do, through the same services that people use. Each deed is one unit of work."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from flask import Flask, current_app

from dialer.carriers.behaviour import CallPlan, Profile, plan_call
from dialer.carriers.ringing_back import plan_inbound
from scripts.session import Session
from telesales import clock
from telesales.agents.models import PauseReason, User
from telesales.audit.service import SYSTEM, Actor, set_actor
from telesales.calls import rules
from telesales.calls.models import CallAttempt
from telesales.calls.rules import DispositionCode
from telesales.calls.service.dispositions import promising
from telesales.campaigns.queries import campaigns_of_agent, products_of
from telesales.demo import mind
from telesales.demo.mind import Aim
from telesales.desk.queries import get_own_attempt
from telesales.desk.service import outcomes, scripting, shift
from telesales.desk.service.outcomes import Outcome
from telesales.extensions import db, transaction
from telesales.money import Money
from telesales.tenancy.scope import every_client


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a call stands after a move: answers still to come, or over."""

    left: int
    is_over: bool


@dataclass(frozen=True, slots=True)
class Deeds:
    """The hands of one simulated agent."""

    app: Flask
    user_id: int

    @contextmanager
    def as_agent(self) -> Iterator[User]:
        """One unit of work as this agent."""
        with self.app.app_context(), every_client(), transaction():
            user = db.session.get_one(User, self.user_id)
            set_actor(Actor(user.id, user.name))
            try:
                yield user
            finally:
                set_actor(SYSTEM)

    def sign_on(self) -> bool:
        """Sit down at the first campaign that runs; False when there is none."""
        with self.as_agent() as user:
            campaigns = campaigns_of_agent(user)
            if campaigns:
                shift.sign_on(user, campaigns[0].id)
            return bool(campaigns)

    def leave(self) -> None:
        """Get up from the floor."""
        with self.as_agent() as user:
            shift.sign_off(user)

    def is_needed(self, campaign_id: int) -> bool:
        """False when the campaign is over."""
        with self.as_agent() as user:
            return any(campaign.id == campaign_id for campaign in campaigns_of_agent(user))

    def ready(self) -> None:
        """Take calls."""
        with self.as_agent() as user:
            shift.ready(user)

    def take_break(self) -> None:
        """Take no more calls after this one."""
        with self.as_agent() as user:
            shift.pause(user, PauseReason.BREAK)

    def hang_up(self, attempt_id: int) -> None:
        """End the call."""
        with self.as_agent() as user:
            shift.hang_up(user, attempt_id)

    def meet(self, attempt_id: int) -> CallPlan:
        """Who is on the line: the simulated carrier drew the same person from the same chance."""
        with self.as_agent() as user:
            attempt = get_own_attempt(user, attempt_id)
            if attempt.is_inbound:
                return plan_inbound(profile_of(attempt), attempt_id=attempt_id)
            return plan_call(profile_of(attempt), attempt_id=attempt_id, ring_seconds=attempt.ring_seconds)

    def speak(self, attempt_id: int, aim: Aim, rng: random.Random) -> Standing:
        """Write down what belongs to the step, and follow an answer to the next one."""
        with self.as_agent() as user:
            attempt = get_own_attempt(user, attempt_id)
            session = scripting.session_of(attempt)
            if session is None:
                return Standing(0, True)
            _fill_in(user, attempt, session, rng)
            taken = len(session.path)
            code = aim.heads_for(taken)
            answer = mind.next_answer(rng, session.script, session.step, code, taken=taken)
            if answer is None:
                return Standing(0, True)
            session = scripting.answer_step(user, attempt, answer.key, revision=session.revision)
            return _standing(session, aim)

    def look_at(self, attempt_id: int, aim: Aim) -> Standing:
        """Where the call stands."""
        with self.as_agent() as user:
            session = scripting.session_of(get_own_attempt(user, attempt_id))
            return _standing(session, aim) if session else Standing(0, True)

    def write_up(self, attempt_id: int, code: DispositionCode, rng: random.Random) -> None:
        """Save what the call came to."""
        with self.as_agent() as user:
            attempt = get_own_attempt(user, attempt_id)
            outcomes.finish_call(user, attempt, _outcome(attempt, code, rng))


def _standing(session: Session, aim: Aim) -> Standing:
    left = mind.steps_left(session.script, session.step, aim, taken=len(session.path))
    return Standing(left, not session.step.answers)


def profile_of(attempt: CallAttempt) -> Profile:
    """The people of a campaign, as the carrier is told at dialing."""
    settings = current_app.config["TELESALES"]
    world = {"speed": settings.carrier_speed, "seed": settings.carrier_seed}
    return Profile.read({**world, **attempt.campaign.carrier_profile})


def _fill_in(user: User, attempt: CallAttempt, session: Session, rng: random.Random) -> None:
    lead = {"name": attempt.lead.name, "number": attempt.lead.number}
    today = clock.now().date().isoformat()
    for field in session.step.fields:
        if field.required or rng.random() < 0.5:
            value = mind.typed_value(rng, field, lead, today)
            scripting.write_field(user, attempt, field.key, value)


def _outcome(attempt: CallAttempt, code: DispositionCode, rng: random.Random) -> Outcome:
    sold = outcomes.sale_of(attempt)
    if sold is not None:  # saved before a restart
        price = Money(sold.amount_minor, sold.currency)
        return Outcome(DispositionCode.SALE, product_id=sold.product_id, price=price)
    if code is DispositionCode.SALE:
        return _sale(attempt, rng)
    if code is DispositionCode.CALLBACK:
        zone = rules.zone_shown(attempt.lead.zone_key, attempt.lead.zone_evidence)
        times = rules.quick_times(promising(attempt), zone) if zone else []
        if times:
            return Outcome(code, callback_at=rng.choice(times)[1])
        return Outcome(DispositionCode.NOT_INTERESTED)
    return Outcome(code)


def _sale(attempt: CallAttempt, rng: random.Random) -> Outcome:
    products = products_of(attempt.campaign_id)
    if outcomes.gaps_before_sale(attempt) or not products:
        return Outcome(DispositionCode.NOT_INTERESTED)
    cancelled = outcomes.cancelled_sale_of(attempt)
    return Outcome(
        DispositionCode.SALE,
        product_id=rng.choice(products).id,
        cancelled_sale_id=cancelled.id if cancelled else None,
    )
