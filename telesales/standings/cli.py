"""`flask --app wsgi standings …`: rolled-up days made again from facts."""

from datetime import date, datetime

import click
from flask.cli import AppGroup
from sqlalchemy import func, select

from telesales.calls.daily import DailyResult
from telesales.calls.models import Sale
from telesales.extensions import db, transaction
from telesales.standings.queries.board import today_of_centre
from telesales.standings.service.rebuilding import rebuild_daily_results
from telesales.tenancy.scope import every_client

commands = AppGroup("standings", help="Make the rolled-up days again from facts.")
DAY = click.DateTime(["%Y-%m-%d"])


@commands.command("rebuild")
@click.option("--from", "first", type=DAY, help="First day; without it the first day there is.")
@click.option("--to", "last", type=DAY, help="Last day; without it today.")
def rebuild(*, first: datetime | None, last: datetime | None) -> None:
    """Count sales, calls and times of the days again. The facts are not changed."""
    with transaction():
        day_from = first.date() if first else _first_day()
        day_to = last.date() if last else _last_day()
        rows = rebuild_daily_results(day_from, day_to)
    click.echo(f"{day_from} to {day_to}: {rows} rows")


def _first_day() -> date:
    with every_client():
        found = [
            db.session.scalar(select(func.min(Sale.day))),
            db.session.scalar(select(func.min(DailyResult.day))),
        ]
    return min((day for day in found if day), default=today_of_centre())


def _last_day() -> date:
    with every_client():
        last = db.session.scalar(select(func.max(DailyResult.day)))
    return max(day for day in (last, today_of_centre()) if day)
