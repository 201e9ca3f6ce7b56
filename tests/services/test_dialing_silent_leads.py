from datetime import timedelta

from telesales import clock
from telesales.calls.models import CallResult, CallState
from telesales.dialing.settling import free_silent_leads
from telesales.leads.models import DialState
from telesales.tenancy.scope import every_client
from tests.factories import make_attempt


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
