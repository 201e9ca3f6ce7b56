"""The page of a campaign's abandonment, and the same as a file."""

from collections.abc import Iterator, Sequence

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from dialer.core.abandonment.windows import local_day
from telesales import clock
from telesales.access.guard import requires
from telesales.access.roles import LEADERS
from telesales.campaigns.models import Campaign
from telesales.campaigns.queries import get_campaign
from telesales.compliance import packs
from telesales.dialing.abandonment import wording
from telesales.dialing.abandonment.forms import DayForm
from telesales.dialing.abandonment.queries import report_of
from telesales.dialing.abandonment.rules import Day
from telesales.dialing.blueprint import bp
from telesales.dialing.counting import measure_of
from telesales.spreadsheet import csv_response


@bp.get("/<int:campaign_id>/abandonment")
@requires(*LEADERS)
def show_abandonment(campaign_id: int) -> ResponseReturnValue:
    """Every formula side by side, with what it is made of, and the days behind it."""
    campaign = get_campaign(campaign_id)
    form = _read_day(campaign)
    page = render_template(
        "dialing/show_abandonment.html",
        campaign=campaign,
        measure=measure_of(campaign),
        form=form,
        report=None if form.error else report_of(campaign, form.chosen),
        words=wording,
    )
    return page, 422 if form.error else 200


@bp.get("/<int:campaign_id>/abandonment.csv")
@requires(*LEADERS)
def download_abandonment(campaign_id: int) -> ResponseReturnValue:
    """The days with every part of every rate."""
    campaign = get_campaign(campaign_id)
    form = _read_day(campaign)
    if form.error:
        return show_abandonment(campaign_id)
    days = report_of(campaign, form.chosen).days
    zone = str(measure_of(campaign).zone)
    name = f"abandonment-{campaign_id}-{form.chosen or days[0].day}.csv"
    return csv_response(name, _header(), _lines(campaign, zone, days))


def _read_day(campaign: Campaign) -> DayForm:
    today = local_day(clock.now().timestamp(), measure_of(campaign).zone)
    return DayForm.read(request.args.get("day", ""), today=today)


def _header() -> list[str]:
    header = [
        _("Campaign"), _("Day"), _("Time zone"), _("People who answered"), _("Connected within 2 seconds"),
        _("Abandoned"), _("Hung up first, or not known yet"), _("Taken for machines"),
    ]  # fmt: skip
    for name in map(packs.pack_name, ("us", "uk", "ca")):
        header += [
            _("%(law)s: window since", law=name),
            _("%(law)s: numerator", law=name),
            _("%(law)s: denominator", law=name),
            _("%(law)s: rate", law=name),
        ]
    return [
        *header,
        _("People taken for machines, estimate"),
        _("Machines among abandoned, estimate"),
        _("Method"),
    ]


def _lines(campaign: Campaign, zone: str, days: Sequence[Day]) -> Iterator[list[object]]:
    name, method = campaign.name, campaign.estimate_method
    for day in days:
        counts = day.counts
        line: list[object] = [
            name, day.day.isoformat(), zone, counts.people, counts.connected, counts.abandoned, counts.others,
            counts.machines,
        ]  # fmt: skip
        for rate in day.rates.values():
            result = rate.result
            share = "" if result.rate is None else f"{result.rate:.6f}"
            since = wording.moment(rate.since).isoformat()
            line += [since, result.numerator, result.denominator, share]
        british = day.rates["uk"]
        yield [*line, british.false_positives, british.machines_abandoned, method]
