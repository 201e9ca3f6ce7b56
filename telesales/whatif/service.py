"""Verbs of what-ifs."""

from flask_babel import gettext as _

from telesales import clock
from telesales.audit.service import current_actor, record
from telesales.campaigns.models import Campaign
from telesales.errors import ConflictError
from telesales.extensions import db
from telesales.whatif.models import OPEN, WhatIf, WhatIfState
from telesales.whatif.question import Question


def ask(campaign: Campaign, question: Question) -> WhatIf:
    """Keep a question (enqueue it after the commit)."""
    found = WhatIf(
        client_id=campaign.client_id,
        campaign_id=campaign.id,
        question=question.to_json(),
        created_by_id=current_actor().user_id,
        beat_at=clock.now(),
    )
    db.session.add(found)
    record("what_if.asked", found, campaign=campaign.id, question=found.question)
    db.session.flush()
    return found


def cancel(what_if: WhatIf) -> None:
    """Play no more shifts; those that were played stay."""
    if what_if.state not in OPEN:
        raise ConflictError(_("This what-if is not running any more."))
    what_if.state, what_if.finished_at = WhatIfState.CANCELLED, clock.now()
    record("what_if.cancelled", what_if, done=what_if.done)
    db.session.flush()
