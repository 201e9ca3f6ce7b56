"""`flask dialer simulate`: a what-if without a browser."""

import json
from collections import defaultdict
from dataclasses import asdict
from datetime import date
from typing import Any

import click
from flask.cli import AppGroup
from flask_babel import force_locale

from dialer.ports import DialingMode
from dialer.simulation.replay import Replayed
from telesales import clock
from telesales.campaigns import queries as campaigns
from telesales.campaigns.models import Campaign
from telesales.errors import NotFoundError
from telesales.extensions import db, read_only
from telesales.i18n import money, number, percent
from telesales.money import MoneyError, parse_money
from telesales.tenancy.scope import client_scope, every_client
from telesales.whatif import question as bounds
from telesales.whatif.actual import local_day
from telesales.whatif.forms import MODES
from telesales.whatif.outcome import Outcome, smallest_enough
from telesales.whatif.queries import work_out
from telesales.whatif.question import Goal, Question, open_days_of, seconds_to_play
from telesales.whatif.running import play
from telesales.whatif.world import World, make_world

commands = AppGroup("dialer", help="The dialer without telephones.")
SHARE = click.FloatRange(0, 100)
COLUMNS = ("agents", "occupancy", "abandoned", "calls a day", "sales a day", "cost a day", "list through")


def _read_agents(_context: Any, _option: Any, text: str) -> tuple[int, ...]:
    words = [word.strip() for word in text.split(",") if word.strip()]
    if not all(
        word.isascii() and word.isdigit() and 1 <= int(word[:9]) <= bounds.MOST_AGENTS for word in words
    ):
        raise click.BadParameter(f"write numbers from 1 to {bounds.MOST_AGENTS}, like 10,20,30")
    if len(words) > bounds.MOST_CANDIDATES:
        raise click.BadParameter(f"at most {bounds.MOST_CANDIDATES} numbers")
    return tuple(sorted({int(word) for word in words}))


@commands.command("simulate")
@click.option("--campaign", "campaign_id", type=int, required=True, help="Id of the campaign.")
@click.option("--agents", default="", callback=_read_agents, help="Numbers of agents: 10,20,30.")
@click.option(
    "--hours", type=click.FloatRange(bounds.LEAST_HOURS, bounds.MOST_HOURS), default=8.0, help="A day."
)
@click.option(
    "--seeds",
    type=click.IntRange(bounds.LEAST_SEEDS, bounds.MOST_SEEDS),
    default=5,
    help="Shifts for each number.",
)
@click.option(
    "--limit", type=click.FloatRange(0, 10), help="Abandonment limit in percent; else the campaign's."
)
@click.option("--lines", type=click.IntRange(1, 2_000), help="Calls in the air; else the campaign's.")
@click.option("--mode", type=click.Choice([mode.value for mode in MODES]), help="Else the campaign's.")
@click.option(
    "--leads", type=click.IntRange(0, bounds.MOST_LEADS), help="Leads to call; else those of its lists."
)
@click.option(
    "--answer-rate",
    type=click.FloatRange(1, 100),
    help="Percent of calls that a person answers; else measured.",
)
@click.option(
    "--sale-share", type=SHARE, help="Percent of conversations that end with a sale; else measured."
)
@click.option("--sales", type=click.IntRange(1, 100_000), help="How many agents for so many sales a day?")
@click.option(
    "--list-through", type=click.DateTime(["%Y-%m-%d"]), help="How many agents to be through by this day?"
)
@click.option("--agent-hour", default="", help="What an hour of an agent costs, in the campaign's currency.")
@click.option("--thousand-minutes", default="", help="What a thousand connected minutes cost.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def simulate(campaign_id: int, *, as_json: bool, **asked: Any) -> None:
    """Play a campaign's own calls with other numbers of agents; nobody is called and nothing is kept."""
    if not asked["agents"] and not (asked["sales"] or asked["list_through"]):
        raise click.UsageError("say --agents, or a goal: --sales or --list-through")
    if asked["sales"] and asked["list_through"]:
        raise click.UsageError("one goal at a time: --sales or --list-through")
    try:
        with read_only(), every_client():
            campaign = campaigns.get_campaign(campaign_id)
    except NotFoundError as error:
        raise click.BadParameter(f"there is no campaign {campaign_id}", param_hint="--campaign") from error
    with read_only(), client_scope(campaign.client_id), force_locale("en"):
        question = _question(campaign, asked)
        world = make_world(campaign, question)
        db.session.rollback()  # nothing is held open while shifts are played
        found = work_out(_play_all(question, world), question, world)
        _report(campaign, question, world, found, as_json=as_json)


def _question(campaign: Campaign, asked: dict[str, Any]) -> Question:
    limit, lines, leads = asked["limit"], asked["lines"], asked["leads"]
    mode = asked["mode"] or (campaign.mode if campaign.mode in MODES else DialingMode.PROGRESSIVE)
    through: date | None = asked["list_through"].date() if asked["list_through"] else None
    return Question(
        mode=DialingMode(mode),
        limit=campaign.abandonment_limit_bp / 10_000 if limit is None else limit / 100,
        hours=asked["hours"],
        lines=lines or campaign.max_lines,
        starts_on=local_day(clock.now()),
        open_days=open_days_of(campaign.calling_hours),
        leads=campaigns.callable_leads(campaign.id) if leads is None else leads,
        agents=asked["agents"],
        seeds=asked["seeds"],
        ring_seconds=campaign.ring_seconds,
        calls_per_second=campaign.calls_per_second,
        answer_rate=None if asked["answer_rate"] is None else asked["answer_rate"] / 100,
        sale_share=None if asked["sale_share"] is None else asked["sale_share"] / 100,
        agent_hour_minor=_money(asked["agent_hour"], campaign.currency),
        minutes_minor=_money(asked["thousand_minutes"], campaign.currency),
        goal=Goal.SALES if asked["sales"] else Goal.END if through else Goal.NONE,
        goal_sales=asked["sales"] or 0,
        goal_date=through,
    )


def _money(text: str, currency: str) -> int:
    try:
        return parse_money(text, currency).minor if text else 0
    except MoneyError as error:
        raise click.BadParameter(f"{text} is no amount in {currency}") from error


def _play_all(question: Question, world: World) -> dict[int, list[Replayed]]:
    total = len(world.candidates) * question.seeds
    seconds = seconds_to_play(question, world.candidates)
    click.echo(f"{total} shifts, about {max(1, round(seconds / 60))} min", err=True)
    shifts: dict[int, list[Replayed]] = defaultdict(list)
    for agents in world.candidates:
        for seed in range(1, question.seeds + 1):
            shifts[agents].append(play(question, world, agents=agents, seed=seed))
            done = sum(map(len, shifts.values()))
            click.echo(f"\r{done} of {total} shifts", nl=False, err=True)
    click.echo("", err=True)
    return shifts


def _report(
    campaign: Campaign, question: Question, world: World, found: list[Outcome], *, as_json: bool
) -> None:
    enough = smallest_enough(found, question)
    if as_json:
        facts = {
            "campaign": campaign.id,
            "currency": campaign.currency,
            "own_answered": world.answered,
            "enough_agents": enough.agents if enough else None,
            "outcomes": [asdict(outcome) for outcome in found],
        }
        click.echo(json.dumps(facts, default=str))
        return
    if min(world.own_answers, world.own_talks) < 1:
        click.echo(f"Too few own calls ({world.answered} answered): chosen figures are mixed in.")
    rows = [COLUMNS, *(_row(outcome, campaign.currency) for outcome in found)]
    widths = [max(len(row[place]) for row in rows) for place in range(len(COLUMNS))]
    for row in rows:
        click.echo("  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)))
    if question.goal is not Goal.NONE:
        click.echo(f"Enough: {enough.agents} agents." if enough else "Enough: none of these numbers.")


def _row(outcome: Outcome, currency: str) -> tuple[str, ...]:
    occupancy, abandoned, sales = outcome.occupancy, outcome.abandonment, outcome.sales
    return (
        str(outcome.agents),
        f"{percent(occupancy.mean)} ({percent(occupancy.low)}-{percent(occupancy.high)})",
        f"{percent(abandoned.mean, 2)} ({percent(abandoned.low, 2)}-{percent(abandoned.high, 2)})",
        number(outcome.calls.mean),
        f"{number(sales.mean, 1)} ({number(sales.low)}-{number(sales.high)})",
        money(round(outcome.cost.mean), currency),
        str(outcome.ends_on or "-"),
    )
