"""What commissions add to the domains below: lines for sales, a line on the checklist of a launch, a warning."""

from flask_babel import gettext as _

from telesales.campaigns import checks, notices
from telesales.campaigns.checks import LaunchCheck
from telesales.campaigns.models import Campaign
from telesales.campaigns.notices import Notice
from telesales.commissions import queries, wording
from telesales.commissions.rules.reckoning import version_on
from telesales.commissions.service import accrual
from telesales.commissions.service.plans import today_of_centre


def connect() -> None:
    """React from now on."""
    accrual.connect()
    checks.register(check_plan)
    notices.register(warn_of_no_plan)


def check_plan(campaign: Campaign) -> LaunchCheck:
    """A campaign may run without a plan; a plan that would pay nothing is a mistake."""
    passed, text = _finding(campaign)
    return LaunchCheck(
        key="commission_plan",
        passed=passed,
        label=_("Commission plan"),
        text=text,
        endpoint="commissions.show_plan",
        arguments={"campaign_id": campaign.id},
    )


def warn_of_no_plan(campaign: Campaign) -> Notice | None:
    """Nobody should learn from an empty ledger that a plan was forgotten."""
    if queries.find_plan(campaign.id) is not None:
        return None
    return Notice(
        text=_("This campaign has no commission plan: agents earn nothing for its sales."),
        link=_("Commission plan"),
        endpoint="commissions.show_plan",
        arguments={"campaign_id": campaign.id},
    )


def _finding(campaign: Campaign) -> tuple[bool, str]:
    plan = queries.find_plan(campaign.id)
    if plan is None:
        return True, _("None: sales earn no commission.")
    version = version_on(accrual.terms_of(plan.id), today_of_centre())
    if version is None:
        return False, _("The plan begins later: today's sales would earn nothing.")
    if version.currency != campaign.currency:
        return False, _(
            "The plan pays in %(plan)s, the campaign sells in %(campaign)s: its sales would earn nothing.",
            plan=version.currency,
            campaign=campaign.currency,
        )
    return True, wording.summary(version.terms, version.currency)
