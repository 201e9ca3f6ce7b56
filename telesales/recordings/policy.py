"""Whether a call is recorded, and what its person is told first. When in doubt, nothing is recorded."""

from dialer.ports import RecordingPlan
from telesales.calls.models import CallAttempt
from telesales.campaigns.recording import Announce, RecordingPolicy, can_record
from telesales.compliance.recording_consent import has_to_be_told
from telesales.leads.models import Lead
from telesales.recordings.rules import is_in_share


def recording_policy_of(attempt: CallAttempt) -> RecordingPlan | None:
    """What the carrier is to do about recording this call; None: nothing. The same whoever asks, however often."""
    campaign = attempt.campaign
    policy = campaign.recording_policy
    if policy not in (RecordingPolicy.ALWAYS, RecordingPolicy.SHARE) or not can_record():
        return None
    if policy == RecordingPolicy.SHARE and not is_in_share(attempt.id, campaign.recording_share):
        return None
    if campaign.recording_announce == Announce.NEEDED and not _has_to_be_told(attempt.lead, attempt.number):
        return RecordingPlan()
    announcement = campaign.recording_announcement.strip()
    return RecordingPlan(announcement) if announcement else None


def _has_to_be_told(lead: Lead | None, number: str | None) -> bool:
    if lead is None or not number:
        return True
    return has_to_be_told(country=lead.country, state=lead.state, number=number)
