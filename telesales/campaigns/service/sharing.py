"""Which campaigns share their agents."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from telesales.campaigns import queries
from telesales.campaigns.models import Campaign, SharedFloor
from telesales.campaigns.signals import staff_changed
from telesales.campaigns.states import CampaignState
from telesales.campaigns.values import CampaignValues
from telesales.extensions import db
from telesales.tenancy.models import Client
from telesales.tenancy.scope import every_client

STAFF = frozenset({"floor", "agent_ids", "team_ids"})


def find_floor(name: str) -> SharedFloor | None:
    """A shared floor by its name."""
    return db.session.scalar(select(SharedFloor).where(SharedFloor.name == name)) if name else None


def find_or_make_floor(name: str) -> SharedFloor | None:
    """The shared floor with this name; none for an empty one."""
    floor = find_floor(name)
    if floor is None and name:
        floor = SharedFloor(name=name)
        db.session.add(floor)
        db.session.flush()
    return floor


def check_floor(values: CampaignValues, *, client_id: int, campaign_id: int | None) -> str:
    """What is wrong with sharing: agents of one floor need one kind of telephone, and a demo calls nobody who exists."""
    floor = find_floor(values.floor)
    if floor is None:
        return ""
    members = _members(floor, but=campaign_id)
    mine = queries.find_campaign(campaign_id) if campaign_id else None
    is_here = mine is not None and mine.shared_floor_id == floor.id
    if members and not is_here and not _is_in_sight(floor):
        return str(_("This name is taken. Choose another one."))
    is_demo = mine.is_demo if mine else bool(db.session.get_one(Client, client_id).is_demo)
    if any(carrier != values.carrier for carrier, _demo in members):
        return str(_("Campaigns of one floor have the same carrier."))
    if any(demo != is_demo for _carrier, demo in members):
        return str(_("A demo shares its agents with demos only."))
    return ""


def _members(floor: SharedFloor, *, but: int | None) -> list[tuple[str, bool]]:
    """Carrier of each campaign of a floor, whoever it belongs to, and whether it is a demo."""
    with every_client():
        rows = db.session.execute(
            select(Campaign.carrier, Campaign.is_demo).where(
                Campaign.shared_floor_id == floor.id,
                Campaign.state != CampaignState.FINISHED,
                Campaign.id != (but or 0),
            )
        )
        return [(row.carrier, row.is_demo) for row in rows]


def _is_in_sight(floor: SharedFloor) -> bool:
    """True when a campaign of it belongs to a client of this person."""
    return (
        db.session.scalar(select(Campaign.id).where(Campaign.shared_floor_id == floor.id).limit(1))
        is not None
    )


def tell_staff(campaign: Campaign, changes: Mapping[str, Any]) -> None:
    """After a change of floor or people: agents who are signed on may serve other campaigns now."""
    if not STAFF & changes.keys():
        return
    floors = [find_floor(name) for name in changes.get("floor", [])] or [campaign.shared_floor]
    with every_client():
        ids = db.session.scalars(
            select(Campaign.id).where(Campaign.shared_floor_id.in_([floor.id for floor in floors if floor]))
        )
        staff_changed.send({campaign.id, *ids})
