"""Orders to an agent on the floor. Each is an event on the agent's behalf, is recorded, and the desk says who gave it."""

from dataclasses import dataclass

from flask_babel import gettext as _

from telesales.agents.models import PauseReason, User
from telesales.audit.service import record
from telesales.calls import floor
from telesales.campaigns.models import Campaign
from telesales.campaigns.queries import find_campaign, may_work_on
from telesales.campaigns.states import LAUNCHED
from telesales.errors import ConflictError, InvalidInputError
from telesales.push.publish import publish_after_commit
from telesales.push.topics import desk as desk_topic
from telesales.supervision.kinds import OrderKind
from telesales.supervision.queries import Standing


@dataclass(frozen=True, slots=True)
class Order:
    """What came of an order: it waits for the end of a call, and whose earlier order it replaces."""

    kind: OrderKind
    after_call: bool
    replaces: str = ""  # name of another supervisor


def send_on_pause(supervisor: User, standing: Standing, reason: PauseReason, note: str = "") -> Order:
    """No more calls; during a call or the writing up it begins after it, and the agent cannot take it back."""
    floor.order_pause(standing.agent.id, standing.here, reason.value, by=supervisor.id)
    return _told(supervisor, standing, OrderKind.PAUSE, note, reason=reason.value)


def send_off(supervisor: User, standing: Standing, note: str = "", *, now: bool = False) -> Order:
    """Off the floor, after the call. `now` hangs up on whoever is on the line."""
    floor.order_leaving(standing.agent.id, standing.here, by=supervisor.id, after_call=not now)
    return _told(supervisor, standing, OrderKind.SIGN_OFF, note, now=now)


def move(supervisor: User, standing: Standing, campaign_id: int | None, note: str = "") -> Order:
    """To another campaign that the agent may work on: signed off here and on there, after the call."""
    target = _target(standing, campaign_id)
    floor.order_leaving(standing.agent.id, standing.here, by=supervisor.id, to=target.id)
    return _told(supervisor, standing, OrderKind.MOVE, note, to=target.id, to_name=target.name)


def take_back(supervisor: User, standing: Standing) -> Order:
    """What was to come after the call does not."""
    if not standing.live.is_sent_away:
        raise ConflictError(code="nothing-ordered")
    floor.take_order_back(standing.agent.id, standing.here, by=supervisor.id)
    return _told(supervisor, standing, OrderKind.TAKEN_BACK, "")


def _target(standing: Standing, campaign_id: int | None) -> Campaign:
    target = find_campaign(campaign_id or 0)
    if target is None or target.state not in LAUNCHED or not may_work_on(standing.agent, target):
        raise InvalidInputError({"to": _("Choose a campaign that runs and that this agent may work on.")})
    if target.id == standing.campaign.id:
        raise InvalidInputError({"to": _("The agent works there already.")})
    return target


def _told(supervisor: User, standing: Standing, kind: OrderKind, note: str, **details: object) -> Order:
    agent, live = standing.agent, standing.live
    other = standing.ordered_by if live.is_sent_away and standing.ordered_by != supervisor.name else ""
    record(
        kind.value,
        agent,
        campaign_id=standing.campaign.id,
        attempt_id=live.attempt_id,
        note=note,
        **details,
    )
    publish_after_commit(desk_topic(agent.id), "supervised", {})
    return Order(kind, live.attempt_id is not None and not details.get("now"), other)
