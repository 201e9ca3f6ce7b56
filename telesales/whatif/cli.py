"""`flask dialer simulate`: a what-if without a browser."""

import json
import math
from collections import defaultdict
from collections.abc import Callable
from dataclasses import asdict
from datetime import date, datetime, timedelta
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
from telesales.extensions import MOST_ID, db, read_only
from telesales.i18n import money, number, percent
from telesales.money import MoneyError, parse_money
from telesales.tenancy.scope import client_scope, every_client
from telesales.whatif import question as bounds
from telesales.whatif.actual import local_day
from telesales.whatif.choices import sources_of
from telesales.whatif.forms import MODES
from telesales.whatif.outcome import Outcome, smallest_enough
from telesales.whatif.queries import work_out
from telesales.whatif.question import Goal, Question, open_days_of, seconds_to_play
from telesales.whatif.ranges import Interval
from telesales.whatif.running import play
from telesales.whatif.world import World, make_world

commands = AppGroup("dialer", help="The dialer without telephones.")
BAR = 30  # characters
COLUMNS = ("agents", "occupancy", "abandoned", "calls a day", "sales a day", "cost a day", "list through")
DAY = click.DateTime(["%Y-%m-%d"])


class Number(click.FloatRange):
    """A number within bounds: "nan" lies between no two numbers, which the library does not see."""

    def convert(self, value: Any, param: Any, ctx: Any) -> float:
        """Read it."""
        found: float = super().convert(value, param, ctx)
        if not math.isfinite(found):
            self.fail(f"{value!r} is not a number", param, ctx)
        return found


SHARE = Number(0, 100)


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
@click.option(
    "--campaign", "campaign_id", type=click.IntRange(1, MOST_ID), required=True, help="Id of the campaign."
)
@click.option("--agents", default="", callback=_read_agents, help="Numbers of agents: 10,20,30.")
@click.option("--hours", type=Number(bounds.LEAST_HOURS, bounds.MOST_HOURS), default=8.0, help="A day.")
@click.option(
    "--seeds",
    type=click.IntRange(bounds.LEAST_SEEDS, bounds.MOST_SEEDS),
    default=5,
    help="Shifts for each number.",
)
@click.option("--limit", type=Number(0, 10), help="Abandonment limit in percent; else the campaign's.")
@click.option("--lines", type=click.IntRange(1, 2_000), help="Calls in the air; else the campaign's.")
@click.option("--mode", type=click.Choice([mode.value for mode in MODES]), help="Else the campaign's.")
@click.option(
    "--leads",
    type=click.IntRange(bounds.LEAST_LEADS, bounds.MOST_LEADS),
    help="Leads to call; else those of its lists.",
)
@click.option(
    "--answer-rate",
    type=Number(1, 100),
    help="Percent of calls that a person answers; else measured.",
)
@click.option(
    "--sale-share", type=SHARE, help="Percent of conversations that end with a sale; else measured."
)
@click.option(
    "--talk-like", default="", help="Talk, wrap-up and sales of another one: campaign:3 or script:4."
)
@click.option("--talk-seconds", type=Number(5, 3_600), help="Talk time on average; else measured.")
@click.option("--wrap-up-seconds", type=Number(0, 1_800), help="Wrap-up time on average; else measured.")
@click.option("--from", "starts_on", type=DAY, help="First day of calling; else today.")
@click.option("--sales", type=click.IntRange(1, 100_000), help="How many agents for so many sales a day?")
@click.option("--list-through", type=DAY, help="How many agents to be through by this day?")
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
    first = asked["starts_on"].date() if asked["starts_on"] else local_day(clock.now())
    leads = leads or campaigns.callable_leads(campaign.id)
    if not leads:
        raise click.BadParameter(
            "no lead can be called now: say how many there will be", param_hint="--leads"
        )
    through = _through(asked["list_through"], first)
    return Question(
        mode=DialingMode(mode),
        limit=campaign.abandonment_limit_bp / 10_000 if limit is None else limit / 100,
        hours=asked["hours"],
        lines=lines or campaign.max_lines,
        starts_on=first,
        open_days=open_days_of(campaign.calling_hours),
        leads=leads,
        agents=asked["agents"],
        seeds=asked["seeds"],
        ring_seconds=campaign.ring_seconds,
        calls_per_second=campaign.calls_per_second,
        answer_rate=None if asked["answer_rate"] is None else asked["answer_rate"] / 100,
        talk_like=_talk_like(asked["talk_like"], campaign),
        talk_seconds=asked["talk_seconds"],
        wrap_up_seconds=asked["wrap_up_seconds"],
        sale_share=None if asked["sale_share"] is None else asked["sale_share"] / 100,
        agent_hour_minor=_money(asked["agent_hour"], campaign.currency),
        minutes_minor=_money(asked["thousand_minutes"], campaign.currency),
        goal=Goal.SALES if asked["sales"] else Goal.END if through else Goal.NONE,
        goal_sales=asked["sales"] or 0,
        goal_date=through,
    )


def _through(typed: datetime | None, first: date) -> date | None:
    if typed is None:
        return None
    if not first <= typed.date() <= first + timedelta(days=bounds.MOST_DAYS):
        raise click.BadParameter(
            "choose a day after the start, within ten years", param_hint="--list-through"
        )
    return typed.date()


def _talk_like(source: str, campaign: Campaign) -> str:
    known = [value for _group, options in sources_of(campaign) for value, _label in options]
    if source and source not in known:
        found = ", ".join(known) or "none"
        raise click.BadParameter(f"choose one of: {found}", param_hint="--talk-like")
    return source


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
            filled = BAR * done // total
            bar = "#" * filled + "-" * (BAR - filled)
            click.echo(f"\r[{bar}] {done} of {total} shifts", nl=False, err=True)
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
    click.echo("In brackets: eight of ten further days are expected there.")
    if any(outcome.ends_within_day for outcome in found):
        click.echo(
            f"Within the day: {number(question.leads)} leads are through before it is over, and the day ends then."
        )
    if question.goal is not Goal.NONE:
        click.echo(f"Enough: {enough.agents} agents." if enough else "Enough: none of these numbers.")


def _row(outcome: Outcome, currency: str) -> tuple[str, ...]:
    return (
        str(outcome.agents),
        _cell(outcome.occupancy, percent),
        _cell(outcome.abandonment, lambda share: percent(share, 2)),
        number(outcome.calls.mean),
        _cell(outcome.sales, number, mean=number(outcome.sales.mean, 1)),
        _cell(outcome.cost, lambda minor: money(round(minor), currency)) if outcome.cost.mean else "-",
        f"{outcome.ends_on or '-'}{' (within the day)' if outcome.ends_within_day else ''}",
    )


def _cell(found: Interval, shown: Callable[[float], str], *, mean: str = "") -> str:
    low, high = map(shown, found.ends or (found.mean, found.mean))
    return f"{mean or shown(found.mean)} ({low}-{high})"
