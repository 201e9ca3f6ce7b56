"""The steps of an import as forms."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from flask_babel import gettext as _

from telesales.leads import wording
from telesales.leads.importing.columns import is_our_own
from telesales.leads.importing.fields import CUSTOM_PREFIX, Field
from telesales.phone import REGIONS

KEEP, SKIP = "keep", ""
MAX_NAME, MAX_SOURCE = 120, 200


@dataclass(slots=True)
class UploadForm:
    """Step one: which list, for whom. `list_id` empty: a new list."""

    list_id: str = ""
    list_name: str = ""
    source: str = ""
    client_id: str = ""
    client_name: str = ""
    errors: dict[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, form: Mapping[str, str], file_name: str) -> "UploadForm":
        """Read what was typed; a new list without a name gets the file's."""
        found = cls(
            list_id=form.get("list_id", "").strip(),
            list_name=form.get("list_name", "").strip(),
            source=form.get("source", "").strip(),
            client_id=form.get("client_id", "").strip(),
            client_name=form.get("client_name", "").strip(),
        )
        if not found.list_id and not found.list_name:
            found.list_name = file_name.rsplit(".", 1)[0][:MAX_NAME].strip()
        found._check(file_name)
        return found

    def _check(self, file_name: str) -> None:
        if not file_name:
            self.errors["file"] = _("Choose a file.")
        if self.list_id and not self.list_id.isdecimal():
            self.errors["list_id"] = _("This list is not here.")
        if len(self.list_name) > MAX_NAME:
            self.errors["list_name"] = _("At most %(count)s characters.", count=MAX_NAME)
        if len(self.source) > MAX_SOURCE:
            self.errors["source"] = _("At most %(count)s characters.", count=MAX_SOURCE)
        if len(self.client_name) > MAX_NAME:
            self.errors["client_name"] = _("At most %(count)s characters.", count=MAX_NAME)


@dataclass(slots=True)
class MappingForm:
    """Step two: what each column is. `choices` by the place of the column: a field, "keep" or nothing."""

    columns: Sequence[str]
    choices: list[str]
    errors: dict[str, str] = field(default_factory=dict)

    @classmethod
    def show(cls, columns: Sequence[str], mapping: Mapping[str, str]) -> "MappingForm":
        """Show a mapping."""
        by_label = {
            label: KEEP if name.startswith(CUSTOM_PREFIX) else name for name, label in mapping.items()
        }
        return cls(columns, [by_label.get(label, SKIP) for label in columns])

    @classmethod
    def read(cls, form: Mapping[str, str], columns: Sequence[str]) -> "MappingForm":
        """Read what was chosen."""
        known = {KEEP, SKIP, *Field}
        sent = [form.get(f"column-{index}", SKIP) for index in range(len(columns))]
        found = cls(columns, [choice if choice in known else SKIP for choice in sent])
        found._check()
        return found

    def _check(self) -> None:
        fields = [choice for choice in self.choices if choice not in (KEEP, SKIP)]
        for name in dict.fromkeys(name for name in fields if fields.count(name) > 1):
            last = max(index for index, choice in enumerate(self.choices) if choice == name)
            self.errors[f"column-{last}"] = _(
                "“%(field)s” is chosen for two columns.", field=wording.field_name(name)
            )
        if Field.NUMBER not in fields:
            self.errors[""] = _("Say which column holds the telephone number.")

    @property
    def mapping(self) -> dict[str, str]:
        """Our field -> their column."""
        return {
            f"{CUSTOM_PREFIX}{label}" if choice == KEEP else choice: label
            for label, choice in zip(self.columns, self.choices, strict=True)
            if choice != SKIP and not is_our_own(label)
        }


def read_region(form: Mapping[str, str], default: str) -> str:
    """Step three: the country of numbers that do not say theirs."""
    region = form.get("region", "").upper()
    return region if region in REGIONS else default
