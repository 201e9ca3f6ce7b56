"""Everything about a campaign that a manager may change, as one value that can be compared and merged."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any

from dialer.core.abandonment.packs import DEFAULT_PACK
from dialer.core.hopper import DEFAULT_RULES
from dialer.ports import DialingMode
from telesales.campaigns import hours

DEFAULT_RETRIES: Mapping[str, Mapping[str, int]] = {
    str(result): {"max_attempts": rule.attempts, "delay_minutes": round(rule.delay / 60)}
    for result, rule in DEFAULT_RULES.items()
}


@dataclass(frozen=True, slots=True)
class ProductValue:
    """One product; `id` is None while it is new."""

    id: int | None
    name: str
    price_minor: int


@dataclass(frozen=True, slots=True)
class CampaignValues:
    """What is typed in the campaign form. Names are the columns of `Campaign`, then what is attached to it."""

    name: str
    purpose: str = ""
    script_id: int | None = None
    mode: DialingMode = DialingMode.PREDICTIVE
    calling_hours: Mapping[str, Any] = field(default_factory=lambda: dict(hours.OFFICE_HOURS))
    ring_seconds: int = 25
    wrap_up_seconds: int = 30
    abandonment_limit_bp: int = 300
    rule_pack: str = DEFAULT_PACK
    false_positives_bp: int = 0
    undetected_machines_bp: int = 0
    estimate_method: str = ""
    abandoned_message: str = ""
    caller_id: str | None = None
    max_lines: int = 60
    calls_per_second: int = 0
    takes_inbound: bool = True
    inbound_wait_seconds: int = 120
    inbound_message: str = ""
    max_attempts: int = 6
    retry_rules: Mapping[str, Any] = field(default_factory=lambda: dict(DEFAULT_RETRIES))
    floor: str = ""  # name of the floor that is shared with other campaigns; empty: its own
    priority: int = 5
    daily_goal: int = 0
    currency: str = "USD"
    recording_policy: str = "never"
    recording_share: int = 10
    recording_announce: str = "everyone"
    recording_announcement: str = ""
    recording_days: int = 90
    recording_heard_by_agents: bool = False
    carrier: str = "simulated"
    carrier_profile: Mapping[str, Any] = field(default_factory=dict)
    list_ids: tuple[int, ...] = ()
    agent_ids: tuple[int, ...] = ()
    team_ids: tuple[int, ...] = ()
    products: tuple[ProductValue, ...] = ()


ATTACHED = ("floor", "list_ids", "agent_ids", "team_ids", "products")
COLUMNS = tuple(entry.name for entry in fields(CampaignValues) if entry.name not in ATTACHED)


def to_json(values: CampaignValues) -> dict[str, Any]:
    """Plain values, for the audit trail."""
    return {name: _plain(value) for name, value in asdict(values).items()}


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return dict(value) if isinstance(value, Mapping) else value


def from_json(data: Mapping[str, Any]) -> CampaignValues:
    """Inverse of `to_json`."""
    attached = {name: tuple(data[name]) for name in ("list_ids", "agent_ids", "team_ids")}
    products = tuple(ProductValue(**product) for product in data["products"])
    return CampaignValues(**{**data, **attached, "products": products, "mode": DialingMode(data["mode"])})


def changes_between(old: CampaignValues, new: CampaignValues) -> dict[str, list[Any]]:
    """Field -> [before, after], for the fields that differ."""
    before, after = to_json(old), to_json(new)
    return {name: [before[name], after[name]] for name in before if before[name] != after[name]}


@dataclass(frozen=True, slots=True)
class Merge:
    """What comes out when two people edited: `both` are fields that both changed, to different values."""

    values: CampaignValues
    theirs: tuple[str, ...]  # taken over from the other person
    both: tuple[str, ...]  # what was typed here is kept; the person has to look


def merge(base: CampaignValues, *, typed: CampaignValues, current: CampaignValues) -> Merge:
    """Keep what was typed; take over what only the other person changed."""
    mine, theirs = changes_between(base, typed), changes_between(base, current)
    taken = {name: getattr(current, name) for name in theirs if name not in mine}
    both = tuple(name for name in theirs if name in mine and mine[name] != theirs[name])
    return Merge(replace(typed, **taken), tuple(taken), both)
