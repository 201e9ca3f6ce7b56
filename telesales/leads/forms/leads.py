"""One lead, typed by hand."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext as _

from telesales.leads import wording
from telesales.leads.importing.places import country_of, language_of
from telesales.leads.importing.rows import MAX_LENGTH
from telesales.leads.models import Lead
from telesales.phone import InvalidNumberError, display_number, parse_number

NAMES = ("number", "name", "latin_name", "company", "email", "address", "city", "state", "postal_code", "country",
         "language", "external_id")  # fmt: skip


@dataclass(slots=True)
class LeadForm:
    """What was typed, and what it means when there are no errors."""

    typed: dict[str, str]
    values: dict[str, Any] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)

    @classmethod
    def show(cls, lead: Lead | None = None) -> "LeadForm":
        """An empty form, or one with a lead's values."""
        if lead is None:
            return cls(dict.fromkeys(NAMES, ""))
        return cls({name: getattr(lead, name) for name in NAMES} | {"number": display_number(lead.number)})

    @classmethod
    def read(cls, form: Mapping[str, str], *, region: str) -> "LeadForm":
        """Read and check."""
        found = cls({name: " ".join(form.get(name, "").split()) for name in NAMES})
        found.values = dict(found.typed)
        found._check_number(region)
        found._check_place()
        found._complete_place(region)
        for name, limit in MAX_LENGTH.items():
            if len(found.typed[name]) > limit:
                found.errors[name] = _("At most %(count)s characters.", count=limit)
        return found

    def _check_number(self, region: str) -> None:
        country = country_of(self.typed["country"]) or region
        try:
            self.values["number"] = parse_number(self.typed["number"], country).e164
        except InvalidNumberError as error:
            reason = error.reason if self.typed["number"] else "empty"
            self.errors["number"] = _sentence(reason)

    def _check_place(self) -> None:
        for name, read in (("country", country_of), ("language", language_of)):
            if text := self.typed[name]:
                self.values[name] = read(text)
                if self.values[name] is None:
                    self.errors[name] = _sentence(f"{name}:{text}")

    def _complete_place(self, region: str) -> None:
        """A state without its country tells no time; it is the list's, as in an import."""
        if not self.typed["country"] and (self.typed["state"] or self.typed["postal_code"]):
            self.values["country"] = region


def _sentence(reason: str) -> str:
    words = wording.reason_text(reason)
    text: str = _("%(words)s.", words=words[:1].upper() + words[1:])
    return text
