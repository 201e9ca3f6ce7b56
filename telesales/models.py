"""Every table, imported in one place for migrations and tests."""

from telesales.agents import models as agents
from telesales.audit import models as audit
from telesales.calls import daily
from telesales.calls import models as calls
from telesales.campaigns import models as campaigns
from telesales.centre import models as centre
from telesales.commissions import models as commissions
from telesales.compliance import models as compliance
from telesales.dialing import models as dialing
from telesales.leads import models as leads
from telesales.messages import models as messages
from telesales.recordings import models as recordings
from telesales.scripting import models as scripting
from telesales.standings import models as standings
from telesales.supervision import models as supervision
from telesales.tenancy import models as tenancy
from telesales.whatif import models as whatif
from telesales.whiteboard import models as whiteboard

__all__ = [
    "agents", "audit", "calls", "campaigns", "centre", "commissions", "compliance",
    "daily", "dialing", "leads", "messages", "recordings", "scripting", "standings", "supervision", "tenancy", "whatif", "whiteboard",
]  # fmt: skip
