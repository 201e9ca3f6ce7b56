"""Settings of the centre, and the clients it works for."""

from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from telesales import clock
from telesales.audit.service import record
from telesales.centre.models import CentreSettings
from telesales.errors import InvalidInputError, NotFoundError
from telesales.extensions import db
from telesales.tenancy.models import Client

DEFAULT_NAME = "Telesales"


@dataclass(frozen=True, slots=True, kw_only=True)
class CentreFacts:
    """What a centre is asked about itself."""

    name: str
    locale: str
    time_zone: str
    currency: str
    mission: str = ""
    shows_listeners: bool = True


FACTS = tuple(CentreFacts.__dataclass_fields__)


def settings() -> CentreSettings:
    """Return the one row; defaults while nothing was saved."""
    row = db.session.get(CentreSettings, 1)
    return row or CentreSettings(
        id=1,
        name=DEFAULT_NAME,
        mission="",
        locale="en",
        time_zone="UTC",
        currency="USD",
        shows_listeners=True,
    )


def set_up(facts: CentreFacts) -> CentreSettings:
    """Answer the first questions. Answering again changes the answers, not the date."""
    row = change_settings(facts)
    if row.set_up_at is None:
        row.set_up_at = clock.now()
        record("centre.set_up", row)
    return row


def change_settings(facts: CentreFacts) -> CentreSettings:
    """Keep the centre's settings."""
    row = settings()
    db.session.add(row)
    changes: dict[str, list[Any]] = {}
    for name in FACTS:
        before, after = getattr(row, name), getattr(facts, name)
        if before != after:
            changes[name] = [before, after]
            setattr(row, name, after)
    if changes:
        record("centre.settings_changed", row, changes=changes)
    db.session.flush()
    return row


def list_clients() -> list[Client]:
    """Return the companies that campaigns are run for, by name."""
    return list(db.session.scalars(select(Client).order_by(Client.name)))


def get_client(client_id: int) -> Client:
    """Return the client or raise."""
    client = db.session.get(Client, client_id)
    if client is None:
        raise NotFoundError(_("This client is not here."))
    return client


def create_client(name: str, *, is_demo: bool = False) -> Client:
    """Add a company that campaigns are run for. A demo client is for practice: fiction and simulation only."""
    _check_client_name(name, client=None)
    client = Client(name=name, is_demo=is_demo)
    db.session.add(client)
    record("client.created", client, name=name, is_demo=is_demo)
    return client


def rename_client(client: Client, name: str) -> None:
    """Give a client another name; its data stay where they are."""
    _check_client_name(name, client=client)
    if client.name != name:
        record("client.renamed", client, name=[client.name, name])
        client.name = name


def _check_client_name(name: str, *, client: Client | None) -> None:
    namesake = db.session.scalar(select(Client).where(Client.name == name))
    if namesake is not None and namesake is not client:
        raise InvalidInputError({"name": _("Another client has this name.")})
