"""What a browser may send about the centre."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from flask_babel import gettext as _

from telesales.centre.models import CentreSettings
from telesales.centre.service import CentreFacts
from telesales.centre.zones import is_time_zone
from telesales.errors import InvalidInputError
from telesales.extensions import transaction
from telesales.i18n import LOCALES
from telesales.money import CURRENCIES

NAME_LENGTH = 120
MISSION_LENGTH = 200


class Form(Protocol):
    """What every form has: a sentence for each field that cannot be taken."""

    errors: dict[str, str]


def is_kept(form: Form, change: Callable[[], object]) -> bool:
    """Make the change in one transaction unless the form has errors; what the service refuses becomes errors."""
    if not form.errors:
        try:
            with transaction():
                change()
        except InvalidInputError as error:
            form.errors = error.fields
    return not form.errors


@dataclass
class CentreForm:
    """Settings of the centre as typed."""

    name: str = ""
    mission: str = ""
    locale: str = "en"
    time_zone: str = "UTC"
    currency: str = "USD"
    floor: str = "empty"
    listeners: str = "shown"
    errors: dict[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, form: Mapping[str, str]) -> "CentreForm":
        """Read and check."""
        read = cls()
        for name in ("name", "mission", "locale", "time_zone", "currency", "floor"):
            setattr(read, name, form.get(name, "").strip())
        read.listeners = "hidden" if form.get("listeners") == "hidden" else "shown"
        read.errors = read._problems()
        return read

    @classmethod
    def showing(cls, row: CentreSettings) -> "CentreForm":
        """Fill with what is kept."""
        listeners = "shown" if row.shows_listeners else "hidden"
        return cls(row.name, row.mission, row.locale, row.time_zone, row.currency, listeners=listeners)

    def facts(self) -> CentreFacts:
        """Return what the service takes."""
        return CentreFacts(
            name=self.name,
            mission=self.mission,
            locale=self.locale,
            time_zone=self.time_zone,
            currency=self.currency,
            shows_listeners=self.listeners == "shown",
        )

    def _problems(self) -> dict[str, str]:
        problems = {}
        if not 1 <= len(self.name) <= NAME_LENGTH:
            problems["name"] = _("Write a name of at most %(most)s characters.", most=NAME_LENGTH)
        if len(self.mission) > MISSION_LENGTH:
            problems["mission"] = _("Write at most %(most)s characters.", most=MISSION_LENGTH)
        if self.locale not in LOCALES:
            problems["locale"] = _("Choose a language.")
        if not is_time_zone(self.time_zone):
            problems["time_zone"] = _("Choose a time zone such as Europe/Berlin.")
        if self.currency not in CURRENCIES:
            problems["currency"] = _("Choose a currency.")
        return problems


@dataclass
class ClientForm:
    """A client as typed; `is_practice` counts when it is added."""

    name: str = ""
    is_practice: bool = False
    errors: dict[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, form: Mapping[str, str]) -> "ClientForm":
        """Read and check."""
        read = cls(form.get("name", "").strip(), form.get("is_practice") == "1")
        if not 1 <= len(read.name) <= NAME_LENGTH:
            read.errors["name"] = _("Write a name of at most %(most)s characters.", most=NAME_LENGTH)
        return read
