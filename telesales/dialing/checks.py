"""Every rule, looked at again at the moment of dialing. What cannot be found out counts as forbidden."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import redis
from sqlalchemy import ColumnElement, SQLColumnExpression, exists, select

from dialer.core.abandonment import pack_named
from dialer.live import WORKING_ENTRY, agent_entry, floor_key, lease_key
from dialer.ports import DialingMode
from telesales.calls.floor import agent_state
from telesales.calls.models import CallAttempt
from telesales.campaigns.models import Campaign, CampaignList
from telesales.campaigns.rules import MIN_RING_SECONDS
from telesales.campaigns.states import CampaignState
from telesales.compliance.queries import find_do_not_call
from telesales.compliance.rules import is_calling_hour, legal_hours
from telesales.dialing.earlier_calls import call_under_way, dials_another, promised_for, rests_until
from telesales.extensions import db, redis_client
from telesales.leads.models import DialState, Lead
from telesales.phone import is_fictional
from telesales.tenancy.models import Client

MOST_WAIT = timedelta(minutes=1)  # of an attempt for its job; the engine takes back what waits for seconds
BUSY_FOR = timedelta(minutes=10)  # a number with which another call is under way is tried again after it


@dataclass(frozen=True, slots=True)
class Subject:
    """What is about to be dialed."""

    attempt: CallAttempt
    campaign: Campaign
    lead: Lead
    client: Client
    at: datetime


@dataclass(frozen=True, slots=True)
class Check:
    """One rule, what it looked at, and its answer."""

    rule: str
    passed: bool
    input: Mapping[str, Any]

    def record(self) -> dict[str, Any]:
        """For the decision record of the attempt."""
        return {"rule": self.rule, "input": dict(self.input), "passed": self.passed}


def check_all(subject: Subject) -> list[Check]:
    """Look at every rule, also after one has failed: the record shows them all."""
    return [check(subject) for check in CHECKS]


def _campaign(subject: Subject) -> Check:
    state = subject.campaign.state
    return Check("campaign_running", state == CampaignState.RUNNING, {"state": state})


def _ring(subject: Subject) -> Check:
    seconds = subject.attempt.ring_seconds
    return Check("ring_seconds", seconds >= MIN_RING_SECONDS, {"seconds": seconds, "least": MIN_RING_SECONDS})


def _lead(subject: Subject) -> Check:
    """The lead waits for this call, with this number, in a list that the campaign still dials."""
    lead = subject.lead
    same = lead.number == subject.attempt.number
    attached = db.session.scalar(select(is_dialed(lead.list_id, subject.campaign.id)))
    passed = bool(lead.dial_state == DialState.RESERVED and same and attached)
    told = {"state": lead.dial_state, "reason": lead.done_reason, "same_number": same, "attached": attached}
    return Check("lead_free", passed, told)


def is_dialed(list_id: int | SQLColumnExpression[int], campaign_id: int) -> ColumnElement[bool]:
    """True for a list that the campaign dials now."""
    return exists().where(CampaignList.list_id == list_id, CampaignList.campaign_id == campaign_id)


def _number(subject: Subject) -> Check:
    """Nobody is rung twice at once. Whose the other call is, is not written down: it may be another client's."""
    other = call_under_way(subject.attempt)
    same_lead = other is not None and other.lead_id == subject.lead.id
    told = {"same_lead": same_lead, "until": (subject.at + BUSY_FOR).isoformat()} if other else {}
    return Check("number_free", other is None, told)


def _rest(subject: Subject) -> Check:
    """Some rules let a machine ring nobody again for a while whom a machine has hung up on; a promise is kept."""
    campaign, attempt = subject.campaign, subject.attempt
    rests = pack_named(campaign.rule_pack).rests
    if not rests or attempt.mode == DialingMode.MANUAL:
        return Check("number_rests", True, {"pack": campaign.rule_pack})
    until = rests_until(attempt, rests, subject.at)
    told = {"pack": campaign.rule_pack} | ({"until": until.isoformat()} if until else {})
    return Check("number_rests", until is None, told)


def _hours(subject: Subject) -> Check:
    campaign, zone_key = subject.campaign, subject.lead.zone_key
    hours = legal_hours(campaign.calling_hours, is_demo=campaign.is_demo)
    inside = is_calling_hour(subject.at, zone_key, hours)
    return Check("calling_hours", inside, {"zones": zone_key, "at": subject.at.isoformat()})


def _do_not_call(subject: Subject) -> Check:
    campaign = subject.campaign
    entry = find_do_not_call(subject.attempt.number, client_id=campaign.client_id, campaign_id=campaign.id)
    found = {} if entry is None else {"entry": entry.id, "scope": entry.scope, "source": entry.source}
    return Check("do_not_call", entry is None, found)


def _attempts(subject: Subject) -> Check:
    done, most = subject.lead.attempts, subject.campaign.max_attempts
    by_hand = subject.attempt.mode == DialingMode.MANUAL
    promised = done >= most and promised_for(subject.attempt, subject.at) is not None
    told = {"attempts": done, "most": most, "by_hand": by_hand, "promised": promised}
    return Check("attempt_cap", by_hand or promised or done < most, told)


def _fiction(subject: Subject) -> Check:
    is_demo = subject.client.is_demo or subject.campaign.is_demo
    passed = not is_demo or is_fictional(subject.attempt.number)
    return Check("fictional_number", passed, {"demo": is_demo})


def _age(subject: Subject) -> Check:
    """What was decided for another moment is not dialed now: its agent may have left long ago."""
    waited = subject.at - subject.attempt.reserved_at
    return Check("reserved_lately", waited <= MOST_WAIT, {"seconds": round(waited.total_seconds(), 3)})


def _agents(subject: Subject) -> Check:
    try:
        seen = _floor_of(subject)
    except redis.RedisError as error:
        return Check("agent_there", False, {"unknown": type(error).__name__})
    by_hand = subject.attempt.mode == DialingMode.MANUAL
    agent_id = subject.attempt.agent_id if by_hand else None
    if agent_id is not None:
        seen["dials_another"] = dials_another(subject.attempt, agent_id, subject.at)
    passed = bool(seen["led"] and seen["agents"] and not seen.get("dials_another"))
    return Check("agent_there", passed, seen)


def _floor_of(subject: Subject) -> dict[str, Any]:
    """A campaign that no engine leads has nobody who would join a person with an agent."""
    client, campaign_id = redis_client(), subject.campaign.id
    agent_id = subject.attempt.agent_id
    if agent_id is not None:
        agents = int(_serves(agent_id, campaign_id))
    else:
        agents = int(client.hget(floor_key(campaign_id), WORKING_ENTRY) or 0)
    return {"led": bool(client.exists(lease_key(campaign_id))), "agents": agents}


def _serves(agent_id: int, campaign_id: int) -> bool:
    """The agent who dialed is on this floor, or comes over for the call from a floor that shares its agents."""
    if redis_client().hexists(floor_key(campaign_id), agent_entry(agent_id)):
        return True
    known = agent_state(agent_id)
    return known is not None and campaign_id in known.get("serves", ())


CHECKS: tuple[Callable[[Subject], Check], ...] = (
    _campaign,
    _lead,
    _number,
    _do_not_call,
    _hours,
    _attempts,
    _rest,
    _ring,
    _fiction,
    _age,
    _agents,
)
