"""The report of a campaign, counted from its calls."""

from datetime import UTC, date, datetime, timedelta

from dialer.core.abandonment.windows import midnight
from telesales import clock
from telesales.campaigns.models import Campaign
from telesales.dialing.abandonment.rules import Report, make_report, reach
from telesales.dialing.counting import answered_by_slot, measure_of

ONE_DAY = timedelta(days=1)


def report_of(campaign: Campaign, day: date | None = None) -> Report:
    """How the rates stand now, or stood when a day was over."""
    measure, until = measure_of(campaign), clock.now().timestamp()
    if day is not None:
        until = min(until, midnight(day + ONE_DAY, measure.zone))
    since = datetime.fromtimestamp(reach(measure, until), UTC)
    slots = answered_by_slot(campaign.id, since, datetime.fromtimestamp(until, UTC))
    return make_report(slots, measure, until=until)
