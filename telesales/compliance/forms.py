"""What a browser may send about the do-not-call list."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from flask_babel import gettext as _

from telesales import clock
from telesales.compliance.models import DoNotCallScope
from telesales.phone import REGIONS, InvalidNumberError, parse_number

SCOPES = (DoNotCallScope.COMPANY, DoNotCallScope.CLIENT, DoNotCallScope.NATIONAL)
MAX_SOURCE, MAX_REASON = 120, 300


@dataclass(slots=True)
class TermsForm:
    """What is said about one number or a whole file: how far it reaches, where it came from, since when."""

    scope: str = DoNotCallScope.COMPANY.value
    client_id: str = ""
    source: str = ""
    listed_on: str = ""
    region: str = ""
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def day(self) -> date:
        """The date, today when none was typed."""
        return date.fromisoformat(self.listed_on) if self.listed_on else clock.now().date()

    @property
    def owner(self) -> int | None:
        """The client of an entry that reaches one client."""
        return int(self.client_id) if self.scope == DoNotCallScope.CLIENT else None

    def take(self, form: Mapping[str, str], *, clients: Mapping[int, str], region: str) -> None:
        """Read and check."""
        self.scope = form.get("scope", DoNotCallScope.COMPANY.value)
        self.client_id = form.get("client_id", "").strip()
        self.source = " ".join(form.get("source", "").split())
        self.listed_on = form.get("listed_on", "").strip()
        sent = form.get("region", "").upper()
        self.region = sent if sent in REGIONS else region
        self._check(clients)

    def _check(self, clients: Mapping[int, str]) -> None:
        if self.scope not in SCOPES:
            self.errors["scope"] = _("Choose how far it reaches.")
        known = self.client_id in map(str, clients)
        if self.scope == DoNotCallScope.CLIENT and not known:
            self.errors["client_id"] = _("Say for which client.")
        if not self.source:
            self.errors["source"] = _("Say where it comes from.")
        elif len(self.source) > MAX_SOURCE:
            self.errors["source"] = _("At most %(count)s characters.", count=MAX_SOURCE)
        self._check_day()

    def _check_day(self) -> None:
        try:
            if self.day > clock.now().date():
                self.errors["listed_on"] = _("This day has not come yet.")
        except ValueError:
            self.errors["listed_on"] = _("Write the date as year-month-day.")


@dataclass(slots=True)
class EntryForm(TermsForm):
    """One number."""

    number: str = ""
    reason: str = ""
    e164: str = ""

    @classmethod
    def read(cls, form: Mapping[str, str], *, clients: Mapping[int, str], region: str) -> "EntryForm":
        """Read and check."""
        found = cls(number=form.get("number", "").strip(), reason=" ".join(form.get("reason", "").split()))
        found.take(form, clients=clients, region=region)
        if len(found.reason) > MAX_REASON:
            found.errors["reason"] = _("At most %(count)s characters.", count=MAX_REASON)
        try:
            found.e164 = parse_number(found.number, found.region).e164
        except InvalidNumberError:
            found.errors["number"] = _("This is not a telephone number of this country.")
        return found


@dataclass(slots=True)
class UploadForm(TermsForm):
    """A file of numbers."""

    @classmethod
    def read(
        cls, form: Mapping[str, str], file_name: str, *, clients: Mapping[int, str], region: str
    ) -> "UploadForm":
        """Read and check."""
        found = cls()
        found.take(form, clients=clients, region=region)
        if not file_name:
            found.errors["file"] = _("Choose a file.")
        return found
