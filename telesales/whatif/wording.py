"""Sentences about what-ifs in the reader's language."""

from collections.abc import Callable, Sequence

from flask_babel import gettext as _
from flask_babel import ngettext

from telesales.i18n import local_date, number, percent
from telesales.money import Money, digits_of
from telesales.whatif.models import WhatIfState
from telesales.whatif.outcome import Outcome, smallest_enough
from telesales.whatif.queries import Answered
from telesales.whatif.question import Goal, Question
from telesales.whatif.ranges import Interval
from telesales.whatif.world import ENOUGH_ANSWERED, World

STATE_KINDS = {
    WhatIfState.QUEUED: "",
    WhatIfState.RUNNING: "info",
    WhatIfState.DONE: "good",
    WhatIfState.FAILED: "bad",
    WhatIfState.CANCELLED: "",
}


def state_name(state: str) -> str:
    """Where a question stands, in a word."""
    names: dict[str, str] = {
        WhatIfState.QUEUED: _("Waiting"),
        WhatIfState.RUNNING: _("Running"),
        WhatIfState.DONE: _("Finished"),
        WhatIfState.FAILED: _("Failed"),
        WhatIfState.CANCELLED: _("Cancelled"),
    }
    return names[state]


def agents_text(agents: int) -> str:
    """So many agents."""
    return str(ngettext("%(num)s agent", "%(num)s agents", agents))


def goal_text(question: Question) -> str:
    """What it should be enough for; empty when nothing was asked."""
    if question.goal is Goal.SALES:
        count = question.goal_sales
        return str(ngettext("%(count)s sale a day", "%(count)s sales a day", count, count=number(count)))
    if question.goal is Goal.END:
        return str(_("the list through by %(day)s", day=local_date(question.goal_date)))
    return ""


def terms_text(question: Question) -> str:
    """The day that was asked about, in a line."""
    return str(
        _(
            "%(hours)s h a day, limit %(limit)s, %(leads)s leads",
            hours=hours_text(question.hours),
            limit=percent(question.limit),
            leads=number(question.leads),
        )
    )


def answer_text(answered: Answered) -> str:
    """How many agents are needed; empty when that was not asked or cannot be said yet."""
    question, found = answered.question, answered.outcomes
    if question.goal is Goal.NONE or answered.what_if.state != WhatIfState.DONE or not found:
        return ""
    enough, goal = smallest_enough(found, question), goal_text(question)
    if enough is None:
        largest = max(found, key=lambda outcome: outcome.agents)
        if question.goal is Goal.SALES and largest.ends_within_day:
            return _short_list_text(largest, question)
        most = agents_text(largest.agents)
        return str(_("Even %(agents)s do not reach the goal: %(goal)s.", agents=most, goal=goal))
    agents = agents_text(enough.agents)
    if enough.agents == min(outcome.agents for outcome in found):
        return str(
            _("%(agents)s will do for the goal: %(goal)s. Fewer were not played.", agents=agents, goal=goal)
        )
    return str(
        _("You need %(agents)s for the goal: %(goal)s. Nine days of ten reach it.", agents=agents, goal=goal)
    )


def _short_list_text(outcome: Outcome, question: Question) -> str:
    """More agents would not help: there is nobody left to call."""
    return str(
        _(
            "The list is too short for the goal: %(goal)s. Its %(leads)s leads come to about %(sales)s sales in all.",
            goal=goal_text(question),
            leads=number(question.leads),
            sales=number(outcome.sales.mean),
        )
    )


def source_text(world: World) -> str:
    """How much of the figures is the campaign's own."""
    if not world.answered and not world.own_talks:
        return str(_("The campaign had no answered calls: all figures are chosen ones."))
    if min(world.own_answers, world.own_talks) < 1:
        return str(
            _(
                "Too few own calls (answered: %(answered)s, conversations: %(talks)s). Chosen figures are mixed in until %(enough)s people have answered.",
                answered=number(world.answered),
                talks=number(world.talks),
                enough=number(ENOUGH_ANSWERED),
            )
        )
    return str(
        _(
            "From %(answered)s answered calls and %(talks)s conversations.",
            answered=number(world.answered),
            talks=number(world.talks),
        )
    )


def range_text(low: str, high: str) -> str:
    """Two ends of an interval; one when they read the same."""
    return low if low == high else str(_("%(low)s – %(high)s", low=low, high=high))


def range_of(found: Interval, shown: Callable[[float], str]) -> str:
    """Both ends of an interval; a dash when it has none."""
    return range_text(*map(shown, found.ends)) if found.ends else "–"


def share_range(found: Interval, digits: int = 1) -> str:
    """An interval of shares."""
    return range_of(found, lambda share: percent(share, digits))


def number_range(found: Interval, digits: int = 0) -> str:
    """An interval of numbers."""
    return range_of(found, lambda end: number(end, digits))


def predicted_text(found: Sequence[Outcome], key: str) -> str:
    """One figure for the fewest and the most agents; a dash while nothing was played."""
    if not found:
        return "–"
    if key == "sales":
        fewest, most = (number(outcome.sales_hour.mean, 2) for outcome in (found[0], found[-1]))
    else:
        fewest, most = (percent(getattr(outcome, key).mean) for outcome in (found[0], found[-1]))
    return range_text(fewest, most)


def amount(minor: float, currency: str, *, exact: bool = False) -> str:
    """Money in a table whose head names the currency; whole units unless `exact`."""
    digits = digits_of(currency) if exact else 0
    return number(float(Money(round(minor), currency).amount), digits)


def amount_range(found: Interval, currency: str, *, exact: bool = False) -> str:
    """An interval of money in such a table."""
    return range_of(found, lambda minor: amount(minor, currency, exact=exact))


def hours_text(hours: float) -> str:
    """8, 7.5."""
    return number(hours, 0 if hours == int(hours) else 1)


def end_text(outcome: Outcome, question: Question) -> str:
    """The day on which the list is through."""
    if not question.leads:
        return str(_("no leads"))
    if outcome.list_days is None:
        return str(_("never: nobody is called"))
    return local_date(outcome.ends_on) if outcome.ends_on else str(_("in more than ten years"))


def minutes_text(seconds: float | None) -> str:
    """How long it takes still, roughly."""
    if seconds is None:
        return str(_("The campaign's calls are read first."))
    if seconds < 60:
        return str(_("Less than a minute left."))
    minutes = round(seconds / 60)
    return str(ngettext("About %(num)s minute left.", "About %(num)s minutes left.", minutes))


def error_text(code: str) -> str:
    """Why there is no answer."""
    if code == "interrupted":
        return str(_("It was cut off too often. Ask again with fewer agents or shifts."))
    return str(_("The shifts could not be played. Ask again; if it fails again, tell the operator."))
