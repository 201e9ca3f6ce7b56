"""Making and editing campaigns. Two people who edit at the same time lose nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from dialer.core.abandonment import PACKS
from dialer.events import EventKind
from telesales.audit.models import AuditEntry
from telesales.audit.service import current_actor, record
from telesales.campaigns import checks, queries, signals
from telesales.campaigns.models import Campaign
from telesales.campaigns.recording import problems_of
from telesales.campaigns.rules import MIN_RING_SECONDS, is_limit_allowed
from telesales.campaigns.service import sharing
from telesales.campaigns.service.attaching import attach, check_attached
from telesales.campaigns.states import PREPARED, CampaignState, prepared_state
from telesales.campaigns.values import (
    COLUMNS,
    CampaignValues,
    ProductValue,
    changes_between,
    from_json,
    to_json,
)
from telesales.compliance import packs
from telesales.errors import ConflictError, InvalidInputError, NotFoundError
from telesales.extensions import db
from telesales.tenancy.models import Client

EDITED = "campaign.edited"


class StaleEditError(ConflictError):
    """Somebody else changed the campaign since the page was shown."""

    code = "stale-edit"


@dataclass(frozen=True, slots=True)
class Edit:
    """One earlier change: who, when, and field -> [before, after]."""

    by: str
    at: datetime
    version: int
    changes: dict[str, list[Any]]


def create_campaign(client: Client, values: CampaignValues) -> Campaign:
    """Make a draft for a client."""
    _check(values, client_id=client.id, campaign=None)
    campaign = Campaign(
        client_id=client.id,
        client=client,
        is_demo=client.is_demo,
        created_by_id=current_actor().user_id,
        **_columns(values),
    )
    db.session.add(campaign)
    db.session.flush()
    attach(campaign, values)
    review_campaign(campaign)
    record("campaign.created", campaign, name=campaign.name)
    return campaign


def edit_campaign(campaign_id: int, values: CampaignValues, *, base_version: int) -> Campaign:
    """Change a campaign that this person saw at `base_version`. Raises StaleEditError, InvalidInputError."""
    campaign = lock_campaign(campaign_id)
    if campaign.state == CampaignState.FINISHED:
        raise ConflictError(_("This campaign is finished and cannot be changed."))
    if campaign.version != base_version:
        raise StaleEditError(_("Somebody else changed this campaign while you were editing it."))
    before = values_of(campaign)
    _check(values, client_id=campaign.client_id, campaign=campaign)
    changes = changes_between(before, values)
    if changes:
        _apply(campaign, values)
        sharing.tell_staff(campaign, changes)
        record(EDITED, campaign, version=campaign.version, changes=changes)
        signals.announce(EventKind.CAMPAIGN_CHANGED, campaign_id=campaign.id)
    return campaign


def _apply(campaign: Campaign, values: CampaignValues) -> None:
    for name, value in _columns(values).items():
        setattr(campaign, name, value)
    campaign.version += 1
    db.session.flush()
    attach(campaign, values)
    db.session.refresh(campaign, ["script"])
    review_campaign(campaign)
    _check_still_launchable(campaign)


def lock_campaign(campaign_id: int) -> Campaign:
    """Return the campaign's newest row; nobody else changes it before this unit of work ends."""
    campaign: Campaign | None = db.session.scalar(
        select(Campaign)
        .where(Campaign.id == campaign_id)
        .with_for_update(of=Campaign)
        .execution_options(populate_existing=True)
    )
    if campaign is None:
        raise NotFoundError
    return campaign


def review_campaign(campaign: Campaign) -> None:
    """Let the checks decide whether a campaign that was not launched is a draft or ready."""
    if campaign.state in PREPARED:
        campaign.state = prepared_state(all_passed=not checks.open_checks(campaign))


def _check_still_launchable(campaign: Campaign) -> None:
    """A running campaign may not lose what it needs to run."""
    if campaign.state != CampaignState.RUNNING:
        return
    missing = [check for check in checks.open_checks(campaign) if check.key not in ("leads",)]
    if missing:
        raise InvalidInputError(
            {"": _("The campaign is running and needs this: %(text)s Pause it first.", text=missing[0].text)}
        )


def values_of(campaign: Campaign) -> CampaignValues:
    """Everything that may be changed, as it is now."""
    return CampaignValues(
        **{name: getattr(campaign, name) for name in COLUMNS},
        floor=campaign.shared_floor.name if campaign.shared_floor else "",
        list_ids=tuple(lead_list.id for lead_list in queries.attached_lists(campaign.id)),
        agent_ids=tuple(queries.agent_ids_of(campaign.id)),
        team_ids=tuple(sorted(team.id for team in queries.teams_of(campaign.id))),
        products=tuple(
            ProductValue(product.id, product.name, product.price_minor)
            for product in queries.products_of(campaign.id)
        ),
    )


def edits_since(campaign: Campaign, version: int) -> Sequence[Edit]:
    """What was changed after a version, newest first."""
    entries = db.session.scalars(
        select(AuditEntry)
        .where(
            AuditEntry.action == EDITED,
            AuditEntry.subject_type == "Campaign",
            AuditEntry.subject_id == campaign.id,
        )
        .order_by(AuditEntry.id.desc())
        .limit(max(0, campaign.version - version))
    )
    return [
        Edit(entry.actor, entry.at, entry.details["version"], entry.details["changes"])
        for entry in entries
        if entry.details["version"] > version
    ]


def values_at(campaign: Campaign, version: int) -> CampaignValues:
    """The campaign as it was at an earlier version."""
    data = to_json(values_of(campaign))
    for edit in edits_since(campaign, version):
        data |= {name: before for name, (before, _after) in edit.changes.items()}
    return from_json(data)


def _columns(values: CampaignValues) -> dict[str, Any]:
    return {name: getattr(values, name) for name in COLUMNS}


def _check(values: CampaignValues, *, client_id: int, campaign: Campaign | None) -> None:
    problems = _check_columns(values, client_id=client_id, campaign=campaign)
    problems |= check_attached(values, client_id=client_id, campaign_id=campaign.id if campaign else None)
    if problems:
        raise InvalidInputError(problems)


def _check_columns(values: CampaignValues, *, client_id: int, campaign: Campaign | None) -> dict[str, str]:
    problems = {}
    if _is_name_taken(values.name, client_id, campaign):
        problems["name"] = _("This client has another campaign with this name.")
    if values.ring_seconds < MIN_RING_SECONDS:
        problems["ring_seconds"] = _("At least %(count)s seconds.", count=MIN_RING_SECONDS)
    problems |= _check_abandonment(values) | problems_of(values)
    if campaign is not None and campaign.started_at and values.currency != campaign.currency:
        problems["currency"] = _("The currency stays as it was when the campaign was started.")
    if campaign is not None and campaign.started_at and values.carrier != campaign.carrier:
        problems["carrier"] = _("The carrier stays as it was when the campaign was started.")
    return problems


def _check_abandonment(values: CampaignValues) -> dict[str, str]:
    if values.rule_pack not in PACKS:
        return {"rule_pack": _("Choose whose rules count abandoned calls.")}
    problems = {}
    if not is_limit_allowed(values.abandonment_limit_bp, values.rule_pack):
        problems["abandonment_limit"] = packs.limit_error(values.rule_pack)
    for name, share in (
        ("false_positives", values.false_positives_bp),
        ("undetected_machines", values.undetected_machines_bp),
    ):
        if not 0 <= share <= packs.WHOLE_BP:
            problems[name] = _("Between 0 and 100 percent.")
    if (values.false_positives_bp or values.undetected_machines_bp) and not values.estimate_method:
        problems["estimate_method"] = _("Say how it was estimated: which calls were listened to, and when.")
    return problems


def _is_name_taken(name: str, client_id: int, campaign: Campaign | None) -> bool:
    namesake = db.session.scalar(
        select(Campaign.id).where(Campaign.client_id == client_id, Campaign.name == name)
    )
    return namesake is not None and (campaign is None or namesake != campaign.id)
