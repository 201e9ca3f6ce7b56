from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from flask import Flask
from sqlalchemy import text

from telesales import clock
from telesales.calls.models import CallResult, CallState
from telesales.dialing.settling import free_silent_leads
from telesales.extensions import db, transaction
from telesales.leads.models import DialState
from telesales.tenancy.scope import every_client
from tests.factories import make_attempt
from tests.push_client import wait_until

WAIT_S = 20


def make_silent_attempt(*, hours: float, **columns):
    ended = clock.now() - timedelta(hours=hours)
    return make_attempt(
        state=CallState.ENDED, result=CallResult.TALKED, ended_at=ended, settled_at=ended, **columns
    )


def test_lead_without_a_word_from_its_agent_is_free_again_after_an_hour(app) -> None:
    with every_client():
        attempt = make_silent_attempt(hours=2)

        assert free_silent_leads() == 1

        assert attempt.lead.dial_state == DialState.READY


def test_agent_still_has_time_for_the_outcome(app) -> None:
    with every_client():
        attempt = make_silent_attempt(hours=0.5)

        assert free_silent_leads() == 0

        assert attempt.lead.dial_state == DialState.RESERVED


def test_lead_that_is_being_called_again_is_left_alone(app) -> None:
    with every_client():
        old = make_silent_attempt(hours=2)
        make_attempt(campaign=old.campaign, lead=old.lead)

        assert free_silent_leads() == 0


def free_elsewhere(app: Flask) -> int:
    """What the job of the clock does, in a process of its own."""
    with app.app_context(), every_client(), transaction():
        return free_silent_leads()


def waits_for_a_lock() -> bool:
    with db.engine.connect() as connection:
        return bool(connection.scalar(text("SELECT count(*) FROM pg_locks WHERE NOT granted")))


def test_word_that_is_being_saved_at_this_moment_is_not_lost(app: Flask) -> None:
    """Who has just refused is not rung again, because the hour was over while the outcome was saved."""
    with every_client():
        attempt = make_silent_attempt(hours=2)
        db.session.commit()
        with ThreadPoolExecutor(1) as threads:
            with transaction():
                attempt.lead.dial_state, attempt.lead.done_reason = DialState.DONE, "not_interested"
                db.session.flush()
                freeing = threads.submit(free_elsewhere, app)
                if db.engine.dialect.name == "postgresql":
                    wait_until(lambda: freeing.done() or waits_for_a_lock())
            assert freeing.result(WAIT_S) == 0

        assert attempt.lead.dial_state == DialState.DONE
