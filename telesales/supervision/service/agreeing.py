"""The record and the carrier agree again when whoever was to tell the carrier died after the commit.

What only one of them knows ends: nobody is heard long after the click that asked for it, and nobody goes on whom the record calls gone.
"""

from datetime import timedelta

from dialer.carriers import make_telephone
from dialer.ports import SuperviseMode, Supervision
from telesales import clock
from telesales.agents.models import User
from telesales.campaigns.queries import get_campaign
from telesales.extensions import db, redis_client
from telesales.supervision.models import SupervisionStep
from telesales.supervision.queries import last_step, last_steps
from telesales.supervision.service.listening import News, note_failure

BEGINS_WITHIN = timedelta(seconds=30)  # a carrier may wait for a telephone that comes from another node
ENDS_WITHIN = timedelta(seconds=5)
REMEMBERED = timedelta(days=1)  # by carriers


def list_disagreeing() -> list[int]:
    """Supervisors whose last step the carrier does not carry out."""
    now = clock.now()
    steps = last_steps(now - REMEMBERED, now - ENDS_WITHIN)
    return [step.supervisor_id for step in steps if not _is_carried_out(step, _known(step))]


def agree(supervisor_id: int) -> list[News]:
    """End what only one side knows of. The news may be told twice, and when they are not, they come again."""
    supervisor = db.session.get_one(User, supervisor_id)
    step = last_step(supervisor)
    known = _known(step) if step else None
    if step is None or _is_carried_out(step, known):
        return []
    news = note_failure(supervisor)
    if known is not None:
        heard = last_step(supervisor, agent_id=known.agent_id) or step
        news.append(News(_carrier(heard), supervisor.id, known.agent_id, SuperviseMode.STOP))
    return news


def _is_carried_out(step: SupervisionStep, known: Supervision | None) -> bool:
    """Or may still be."""
    age = clock.now() - step.at
    if step.mode == SuperviseMode.STOP:
        return known is None or age < ENDS_WITHIN
    return known == Supervision(step.supervisor_id, step.agent_id, step.mode) or age < BEGINS_WITHIN


def _known(step: SupervisionStep) -> Supervision | None:
    return make_telephone(_carrier(step), redis_client()).find_supervision(step.supervisor_id)


def _carrier(step: SupervisionStep) -> str:
    return get_campaign(step.campaign_id).carrier
