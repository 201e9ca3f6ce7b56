"""What-ifs, and calls that a campaign has made."""

from datetime import date, timedelta

from dialer.ports import DialingMode
from telesales import clock
from telesales.agents.models import AgentStateChange
from telesales.calls.daily import DailyResult
from telesales.calls.models import CallAttempt, CallDirection, CallResult, CallState, Sale
from telesales.campaigns.models import Campaign
from telesales.campaigns.queries import agents_of, get_campaign
from telesales.extensions import db, transaction
from telesales.tenancy.scope import every_client
from telesales.whatif import service
from telesales.whatif.models import WhatIf
from telesales.whatif.question import Question
from telesales.whatif.running import run_what_if
from tests.factories_calls import make_called_lead

ALL_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def make_question(**values) -> Question:
    """Two small floors, one to one: played in a moment."""
    usual = {
        "mode": DialingMode.PROGRESSIVE, "limit": 0.03, "hours": 1.0, "lines": 60, "starts_on": date(2026, 1, 5),
        "open_days": ALL_DAYS, "leads": 500, "agents": (1, 2), "seeds": 3,
    }  # fmt: skip
    return Question(**{**usual, **values})


def make_what_if(campaign: Campaign, **question) -> WhatIf:
    with every_client():
        return service.ask(campaign, make_question(**question))


def make_asked_what_if(campaign_id: int, **question) -> int:
    """Kept, with its number: nobody plays it yet."""
    with every_client(), transaction():
        return make_what_if(get_campaign(campaign_id), **question).id


def make_played_what_if(campaign_id: int, **question) -> int:
    """Kept and answered, with its number."""
    key = make_asked_what_if(campaign_id, **question)
    run_what_if(key)
    db.session.rollback()
    return key


def read_what_if(key: int) -> WhatIf:
    """As another process has left it."""
    db.session.rollback()
    with every_client():
        return db.session.get(WhatIf, key, populate_existing=True)


def make_history(
    campaign: Campaign,
    *,
    talks: int = 0,
    sales: int = 0,
    wrap_up: float = 20.0,
    talk: float = 100.0,
    ring: float = 8.0,
    script_version_id: int | None = None,
    mode: DialingMode = DialingMode.PREDICTIVE,
    direction: CallDirection = CallDirection.OUTBOUND,
    **others: int,
) -> None:
    """Calls of the last hours: conversations, of which some sold, and others by result (`no_answer=5`)."""
    with every_client():
        agent, lead = agents_of(campaign)[0], make_called_lead(campaign)
        at = clock.now() - timedelta(hours=3)
        results = [CallResult.TALKED] * talks + [
            CallResult(name) for name, n in others.items() for _ in range(n)
        ]
        for nth, result in enumerate(results):
            placed = at + timedelta(seconds=nth)
            answered = placed + timedelta(seconds=ring)
            is_talk = result == CallResult.TALKED
            is_answered = is_talk or result in (CallResult.ABANDONED, CallResult.MACHINE)
            attempt = CallAttempt(
                client_id=campaign.client_id, campaign_id=campaign.id, lead_id=lead.id, number=lead.number,
                mode=mode, direction=direction, state=CallState.ENDED, result=result, ring_seconds=25,
                agent_id=agent.id if is_talk else None, reserved_at=placed, originating_at=placed,
                answered_at=answered if is_answered else None, connected_at=answered if is_talk else None,
                ended_at=answered + timedelta(seconds=talk if is_talk else 0),
                script_version_id=script_version_id,
            )  # fmt: skip
            db.session.add(attempt)
            db.session.flush()
            if is_talk:
                _add_wrap_up(campaign, agent.id, attempt, wrap_up)
            if nth < sales:
                _add_sale(campaign, agent.id, attempt)
        db.session.flush()


def _add_wrap_up(campaign: Campaign, agent_id: int, attempt: CallAttempt, seconds: float) -> None:
    """Each wrap-up on its own day: calls overlap here, wrap-ups may not."""
    begun = clock.now() + timedelta(days=attempt.id)
    for state, at in (("wrap_up", begun), ("ready", begun + timedelta(seconds=seconds))):
        db.session.add(
            AgentStateChange(
                source_id=f"history:{attempt.id}:{state}", user_id=agent_id, campaign_id=campaign.id, state=state, at=at
            )
        )  # fmt: skip


def _add_sale(campaign: Campaign, agent_id: int, attempt: CallAttempt) -> None:
    db.session.add(
        Sale(
            client_id=campaign.client_id, request_key=f"history-{attempt.id}", attempt_id=attempt.id,
            lead_id=attempt.lead_id, campaign_id=campaign.id, agent_id=agent_id, product_name="Fibre",
            amount_minor=4_900, currency=campaign.currency, day=clock.now().date(),
        )
    )  # fmt: skip


def make_worked_day(campaign: Campaign, day: date, *, hours: float = 4.0, sales: int = 5) -> DailyResult:
    """One agent's day: three quarters talk, an eighth wrap-up, an eighth waiting."""
    with every_client():
        seconds = round(hours * 3600)
        row = DailyResult(
            client_id=campaign.client_id, user_id=agents_of(campaign)[0].id, campaign_id=campaign.id, day=day,
            currency=campaign.currency, calls=30, sales=sales, talk_seconds=seconds * 3 // 4,
            wrap_up_seconds=seconds // 8, ready_seconds=seconds // 8, paused_seconds=900,
        )  # fmt: skip
        db.session.add(row)
        db.session.flush()
        return row
