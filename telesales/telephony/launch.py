"""What the checklist of a launch asks of a campaign whose calls are real."""

from flask_babel import gettext as _

from telesales.campaigns import checks
from telesales.campaigns.checks import LaunchCheck
from telesales.campaigns.models import Campaign
from telesales.phone import display_number
from telesales.telephony.carriers import ASTERISK, own_numbers


def connect() -> None:
    """Be asked from now on."""
    checks.register(check_own_number)


def check_own_number(campaign: Campaign) -> LaunchCheck:
    """People may see a number only if it is ours: that of a trunk."""
    passed, text = _finding(campaign)
    return LaunchCheck(
        key="own_number",
        passed=passed,
        label=_("Own number"),
        text=text,
        endpoint="campaigns.edit_campaign",
        arguments={"campaign_id": campaign.id},
        anchor="how",
    )


def _finding(campaign: Campaign) -> tuple[bool, str]:
    if campaign.carrier != ASTERISK:
        return True, _("Calls are simulated: nobody sees the number.")
    numbers = sorted(own_numbers())
    if not numbers:
        return False, _("There is no trunk: the operator has to set up a telephone.")
    if campaign.caller_id in numbers:
        return True, _("%(number)s belongs to a trunk.", number=display_number(campaign.caller_id))
    few = ", ".join(display_number(number) for number in numbers[:5])
    return False, _("The caller ID belongs to no trunk. Yours are: %(numbers)s", numbers=few)
