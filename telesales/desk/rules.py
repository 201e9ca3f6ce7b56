"""What a script may say about a lead, and what stands between a call and its sale. Pure."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from scripts.session import Session

_NOT_WORD = re.compile(r"[\W_]+")
_CHINESE = re.compile(r"[\u3400-\u9fff]")


@dataclass(frozen=True, slots=True)
class SpokenNames:
    """Names that texts of a script use."""

    agent: str
    campaign: str
    client: str
    centre: str


def field_key(title: str) -> str:
    """The name under which a column of a list is merged: "Hospital Type" is lead.hospital_type."""
    return _NOT_WORD.sub("_", title.strip().casefold()).strip("_")


def first_name(name: str) -> str:
    """What one calls a person by: "Lee, Ann" and "Ann Lee" are Ann; a Chinese name stays whole."""
    if _CHINESE.search(name):
        return name.strip()
    family, comma, given = name.partition(",")
    return next(iter((given if comma else family).split()), "")


def merge_values(lead: Mapping[str, str], custom: Mapping[str, str], names: SpokenNames) -> Mapping[str, str]:
    """Values for the merge fields of a script. `lead` holds the columns of a lead."""
    own = {f"lead.{field_key(title)}": value for title, value in custom.items()}
    return {
        **own,
        **{f"lead.{name}": value for name, value in lead.items()},
        "lead.first_name": first_name(lead.get("name", "")),
        "agent.name": names.agent,
        "agent.first_name": first_name(names.agent),
        "campaign.name": names.campaign,
        "client.name": names.client,
        "centre.name": names.centre,
    }


class GapKind(StrEnum):
    """What a sale may lack."""

    DISCLOSURE = "disclosure"
    FIELD = "field"


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that has to be said or written down before a sale counts, and where."""

    kind: GapKind
    step_key: str
    title: str


def sale_gaps(session: Session) -> Iterable[Gap]:
    """What is missing before this call may end in a sale."""
    said = [Gap(GapKind.DISCLOSURE, step.key, step.title) for step in session.missing_disclosures]
    written = [Gap(GapKind.FIELD, step.key, field.title) for step, field in session.missing_fields]
    return [*said, *written]


def likely_product(names: Mapping[int, str], spoken: Iterable[str]) -> int | None:
    """The product that the callee seems to have chosen: the only one, or the one a field names."""
    if len(names) == 1:
        return next(iter(names))
    said = {value.casefold() for value in spoken if value}
    matches = [key for key, name in names.items() if any(name.casefold().startswith(word) for word in said)]
    return matches[0] if len(matches) == 1 else None
