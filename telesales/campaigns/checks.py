"""The checklist of a launch: this domain's rules with their facts, and what other domains add."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from telesales.campaigns import queries, wording
from telesales.campaigns.models import Campaign
from telesales.campaigns.rules import CheckKey, Finding, LaunchFacts, launch_findings
from telesales.phone import is_fictional
from telesales.scripting.service import current_version


@dataclass(frozen=True, slots=True)
class LaunchCheck:
    """One line of the checklist. `endpoint`, `arguments` and `anchor` say where an open item is mended."""

    key: str
    passed: bool
    label: str
    text: str
    endpoint: str
    arguments: dict[str, Any] = field(default_factory=dict)
    anchor: str = ""


_others: list[Callable[[Campaign], LaunchCheck]] = []
_ANCHORS = {
    CheckKey.CLIENT: "who", CheckKey.GOAL: "what", CheckKey.SCRIPT: "what", CheckKey.LEADS: "who",
    CheckKey.PEOPLE: "who", CheckKey.HOURS: "when", CheckKey.CALLER_ID: "how", CheckKey.MESSAGE: "abandoned",
    CheckKey.RING: "how", CheckKey.LIMIT: "abandoned", CheckKey.PRODUCTS: "what", CheckKey.DEMO: "who",
}  # fmt: skip


def register(check: Callable[[Campaign], LaunchCheck]) -> None:
    """Add a check of a higher domain (a commission plan). Registering the same function again changes nothing."""
    if check not in _others:
        _others.append(check)


def launch_checks(campaign: Campaign) -> Sequence[LaunchCheck]:
    """Every check of a campaign with the sentence and the place that mends it."""
    own = [_as_check(finding, campaign) for finding in launch_findings(facts_of(campaign))]
    return [*own, *(check(campaign) for check in _others)]


def open_checks(campaign: Campaign) -> Sequence[LaunchCheck]:
    """What still stops the launch."""
    return [check for check in launch_checks(campaign) if not check.passed]


def _as_check(finding: Finding, campaign: Campaign) -> LaunchCheck:
    return LaunchCheck(
        key=finding.key,
        passed=finding.passed,
        label=wording.check_label(finding.key),
        text=wording.finding_text(finding),
        endpoint="campaigns.edit_campaign",
        arguments={"campaign_id": campaign.id},
        anchor=_ANCHORS[CheckKey(finding.key)],
    )


def facts_of(campaign: Campaign) -> LaunchFacts:
    """What the rules have to know."""
    is_demo = campaign.client.is_demo
    return LaunchFacts(
        client_name=campaign.client.name,
        purpose=campaign.purpose,
        daily_goal=campaign.daily_goal,
        has_script=campaign.script_id is not None and current_version(campaign.script_id) is not None,
        script_name=campaign.script.name if campaign.script else "",
        lists=len(queries.attached_lists(campaign.id)),
        callable_leads=queries.callable_leads(campaign.id),
        people=len(queries.agents_of(campaign)),
        calling_hours=campaign.calling_hours,
        caller_id=campaign.caller_id,
        message=campaign.abandoned_message,
        mode=campaign.mode,
        ring_seconds=campaign.ring_seconds,
        abandonment_limit_bp=campaign.abandonment_limit_bp,
        rule_pack=campaign.rule_pack,
        products=len(queries.products_of(campaign.id)),
        currency=campaign.currency,
        carrier=campaign.carrier,
        is_demo=is_demo,
        real_numbers=count_real_numbers(campaign.id) if is_demo else 0,
    )


def count_real_numbers(campaign_id: int) -> int:
    """Numbers of a campaign's leads that somebody may own."""
    return sum(not is_fictional(number) for number in queries.numbers_of(campaign_id))
