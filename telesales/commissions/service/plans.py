"""Publishing versions of a plan. What has been paid is never changed by a later version."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from flask_babel import format_date
from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from telesales import clock
from telesales.audit.service import current_actor, record
from telesales.calls.models import Sale
from telesales.campaigns.models import Campaign
from telesales.centre import service as centre
from telesales.commissions.models import CommissionPlan, LedgerLine, PlanVersion
from telesales.commissions.rules.checks import check_terms
from telesales.commissions.rules.terms import Terms, dump_terms
from telesales.commissions.service import accrual, lines
from telesales.errors import ConflictError, InvalidInputError
from telesales.extensions import db
from telesales.tenancy.scope import client_scope


@dataclass(frozen=True, slots=True)
class NewVersion:
    """What a manager publishes. `seen_version`: the newest that the manager knows of, 0 when there was none."""

    terms: Terms
    currency: str
    effective_from: date
    seen_version: int | None = None


def publish_version(campaign: Campaign, new: NewVersion) -> PlanVersion:
    """Add a version to the campaign's plan; sales from its day on that nothing has paid yet are paid now."""
    if problems := check_terms(new.terms):
        raise InvalidInputError({field: problem.value for field, problem in problems.items()})
    with client_scope(campaign.client_id):
        plan = accrual.lock_plan(campaign.id) or _create_first_plan(campaign)
        newest = newest_version(plan.id)
        if new.seen_version is not None and new.seen_version != newest:
            raise InvalidInputError({"parts": _overtaken(newest)})
        earliest = earliest_start(campaign.id)
        if earliest is not None and new.effective_from < earliest:
            raise InvalidInputError({"effective_from": _too_early(earliest)})
        version = _add_version(plan, new, newest + 1)
        record("plan.version_published", version, campaign=campaign.id, version=version.version)
        _settle_unpaid(plan, version)
    return version


def earliest_start(campaign_id: int) -> date | None:
    """Return the first day that a new version may start on: today, or the day after the last day with a line.

    None: nothing was accrued yet, so any day will do.
    """
    last_paid = db.session.scalar(
        select(func.max(LedgerLine.day)).where(LedgerLine.campaign_id == campaign_id)
    )
    if last_paid is None:
        return None
    return max(today_of_centre(), last_paid + timedelta(days=1))


def today_of_centre() -> date:
    """Return the centre's local date."""
    return _local(clock.now()).date()


def _local(at: datetime) -> datetime:
    return at.astimezone(ZoneInfo(centre.settings().time_zone))


def _too_early(earliest: date) -> str:
    text: str = _(
        "Sales before %(day)s are already paid by an earlier version, and what is paid stays. "
        "The earliest day is %(day)s.",
        day=format_date(earliest),
    )
    return text


def _create_first_plan(campaign: Campaign) -> CommissionPlan:
    """There is no plan to lock yet: the campaign waits for sales that are being saved, and holds up those to come."""
    db.session.execute(select(Campaign.id).where(Campaign.id == campaign.id).with_for_update())
    plan = CommissionPlan(campaign_id=campaign.id, client_id=campaign.client_id)
    try:
        with db.session.begin_nested():
            db.session.add(plan)
    except IntegrityError as error:
        raise ConflictError(_("Somebody else has just published the first version.")) from error
    return plan


def newest_version(plan_id: int) -> int:
    """Return the number of the newest version; 0 when there is none."""
    return db.session.scalar(select(func.max(PlanVersion.version)).where(PlanVersion.plan_id == plan_id)) or 0


def _overtaken(newest: int) -> str:
    text: str = _(
        "Version %(number)s was published after you had opened this page. Look at it below; "
        "publish again if yours is to follow it.",
        number=newest,
    )
    return text


def _add_version(plan: CommissionPlan, new: NewVersion, number: int) -> PlanVersion:
    version = PlanVersion(
        plan_id=plan.id,
        client_id=plan.client_id,
        version=number,
        effective_from=new.effective_from,
        currency=new.currency,
        terms=dump_terms(new.terms),
        created_by_id=current_actor().user_id,
    )
    db.session.add(version)
    db.session.flush()
    return version


def _settle_unpaid(plan: CommissionPlan, version: PlanVersion) -> None:
    versions = accrual.terms_of(plan.id)
    unpaid = db.session.execute(
        select(Sale.agent_id, Sale.day)
        .where(Sale.campaign_id == plan.campaign_id, Sale.day >= version.effective_from)
        .where(~select(LedgerLine.id).where(LedgerLine.sale_id == Sale.id).exists())
        .distinct()
    )
    windows = {accrual.window_around(agent_id, day, versions) for agent_id, day in unpaid}
    for window in sorted(windows, key=lambda item: (item.agent_id, item.first)):
        accrual.settle_window(plan, versions, window, lines.Cause("published", version.id))
