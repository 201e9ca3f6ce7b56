"""The form of a what-if."""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial
from typing import Any, TypeVar

from flask_babel import gettext as _

from dialer.ports import DialingMode
from telesales.campaigns.forms.numbers import Bounds, TypedError, plain, read_decimal, read_whole
from telesales.campaigns.models import Campaign
from telesales.money import Money, MoneyError, digits_of, parse_money
from telesales.whatif import question as bounds
from telesales.whatif.question import Goal, Question, open_days_of

MODES = (DialingMode.PREDICTIVE, DialingMode.PROGRESSIVE)
NAMES = (
    "agents", "mode", "limit", "hours", "lines", "starts_on", "leads", "seeds", "answer_rate", "talk_like",
    "talk_seconds", "wrap_up_seconds", "sale_share", "agent_hour", "minutes", "goal", "goal_sales", "goal_date",
)  # fmt: skip
SHARES = (0.5, 1.0, 1.5, 2.0)  # of the agents of the campaign: what is proposed
USUAL_AGENTS = (5, 10, 20, 40)
USUAL_HOURS = 8
_BETWEEN = re.compile(r"[,;、，；\s]+")
Value = TypeVar("Value")


@dataclass(slots=True)
class WhatIfForm:
    """What stands in the form, as text. `errors`: field -> sentence."""

    texts: dict[str, str]
    errors: dict[str, str] = field(default_factory=dict)

    @classmethod
    def show(cls, campaign: Campaign, *, people: int, leads: int, today: date) -> "WhatIfForm":
        """The form as it is opened: the campaign as it is."""
        shares = {min(bounds.MOST_AGENTS, max(1, round(share * people))) for share in SHARES}
        agents = sorted(shares) if people else USUAL_AGENTS
        mode = campaign.mode if campaign.mode in MODES else DialingMode.PROGRESSIVE
        texts = dict.fromkeys(NAMES, "")
        texts |= {
            "agents": ", ".join(map(str, agents)),
            "mode": mode.value if isinstance(mode, DialingMode) else mode,
            "limit": plain(campaign.abandonment_limit_bp / 100),
            "hours": str(USUAL_HOURS),
            "lines": str(campaign.max_lines),
            "starts_on": today.isoformat(),
            "leads": str(leads or ""),
            "seeds": "5",
        }
        return cls(texts)

    @classmethod
    def again(cls, question: Question, currency: str) -> "WhatIfForm":
        """The form with an earlier question in it."""
        texts = {
            "agents": ", ".join(map(str, question.agents)),
            "mode": question.mode.value,
            "limit": plain(round(100 * question.limit, 4)),
            "hours": plain(question.hours),
            "lines": str(question.lines),
            "starts_on": question.starts_on.isoformat(),
            "leads": str(question.leads),
            "seeds": str(question.seeds),
            "answer_rate": _shown(question.answer_rate, 100),
            "talk_like": question.talk_like,
            "talk_seconds": _shown(question.talk_seconds),
            "wrap_up_seconds": _shown(question.wrap_up_seconds),
            "sale_share": _shown(question.sale_share, 100),
            "agent_hour": _shown_money(question.agent_hour_minor, currency),
            "minutes": _shown_money(question.minutes_minor, currency),
            "goal": question.goal.value,
            "goal_sales": str(question.goal_sales or ""),
            "goal_date": question.goal_date.isoformat() if question.goal_date else "",
        }
        return cls(texts)

    @classmethod
    def read(cls, form: Mapping[str, str]) -> "WhatIfForm":
        """The form as it was sent."""
        return cls({name: form.get(name, "").strip() for name in NAMES})

    def parse(self, campaign: Campaign, *, sources: Collection[str]) -> Question | None:
        """The question; None when something cannot be read: then `errors` says what."""
        self.errors = {}
        goal = self._take("goal", _read_goal, Goal.NONE)
        question = Question(
            **self._numbers(),
            **self._goal(goal),
            goal=goal,
            mode=self._take("mode", _read_mode, DialingMode.PREDICTIVE),
            agents=self._agents(goal),
            open_days=open_days_of(campaign.calling_hours),
            ring_seconds=campaign.ring_seconds,
            calls_per_second=campaign.calls_per_second,
            talk_like=self._take("talk_like", partial(_read_source, sources=sources), ""),
            agent_hour_minor=self._money("agent_hour", campaign.currency),
            minutes_minor=self._money("minutes", campaign.currency),
        )
        return None if self.errors else question

    def _numbers(self) -> dict[str, Any]:
        hours = Bounds(bounds.LEAST_HOURS, bounds.MOST_HOURS)
        return {
            "limit": self._number("limit", Bounds(0, 10)) / 100,
            "hours": self._number("hours", hours) or 1.0,
            "lines": self._whole("lines", Bounds(1, 2_000)),
            "leads": self._whole("leads", Bounds(bounds.LEAST_LEADS, bounds.MOST_LEADS)),
            "seeds": self._whole("seeds", Bounds(bounds.LEAST_SEEDS, bounds.MOST_SEEDS)),
            "starts_on": self._take("starts_on", _read_day, date.min),
            "answer_rate": self._own("answer_rate", Bounds(1, 100), 100),
            "talk_seconds": self._own("talk_seconds", Bounds(5, 3_600)),
            "wrap_up_seconds": self._own("wrap_up_seconds", Bounds(0, 1_800)),
            "sale_share": self._own("sale_share", Bounds(0, 100), 100),
        }

    def _goal(self, goal: Goal) -> dict[str, Any]:
        """Only what belongs to the goal that was chosen is read."""
        found: dict[str, Any] = {}
        if goal is Goal.SALES:
            found["goal_sales"] = self._whole("goal_sales", Bounds(1, 100_000))
        if goal is Goal.END:
            found["goal_date"] = self._take("goal_date", self._read_goal_date, None)
        return found

    def _read_goal_date(self, text: str) -> date:
        day = _read_day(text)
        first = self._take("starts_on", _read_day, date.min)
        if not first <= day <= first + timedelta(days=bounds.MOST_DAYS):
            raise TypedError(_("Choose a day after the start, within ten years."))
        return day

    def _agents(self, goal: Goal) -> tuple[int, ...]:
        if not self.texts["agents"] and goal is not Goal.NONE:
            return ()
        return self._take("agents", _read_agents, ())

    def _whole(self, name: str, within: Bounds) -> int:
        return self._take(name, partial(read_whole, bounds=within), within.least)

    def _number(self, name: str, within: Bounds) -> float:
        return self._take(name, lambda text: float(read_decimal(text, within)), float(within.least))

    def _own(self, name: str, within: Bounds, unit: int = 1) -> float | None:
        """A figure that may be left as it was measured."""
        return self._number(name, within) / unit if self.texts[name] else None

    def _money(self, name: str, currency: str) -> int:
        text = self.texts[name]
        return self._take(name, partial(_read_money, currency=currency), 0) if text else 0

    def _take(self, name: str, read: Callable[[str], Value], fallback: Value) -> Value:
        try:
            return read(self.texts[name])
        except TypedError as error:
            self.errors[name] = str(error)
            return fallback


def _shown(value: float | None, unit: int = 1) -> str:
    return "" if value is None else plain(round(value * unit, 4))


def _shown_money(minor: int, currency: str) -> str:
    return f"{Money(minor, currency).amount:.{digits_of(currency)}f}" if minor else ""


def _read_goal(text: str) -> Goal:
    if text not in tuple(Goal):
        raise TypedError(_("Choose what it should be enough for."))
    return Goal(text)


def _read_mode(text: str) -> DialingMode:
    if text not in MODES:
        raise TypedError(_("Choose how calls meet agents."))
    return DialingMode(text)


def _read_source(text: str, sources: Collection[str]) -> str:
    if text and text not in sources:
        raise TypedError(_("Choose one of the list."))
    return text


def _read_day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise TypedError(_("Choose a day.")) from error
    if not 2000 <= day.year <= 2200:
        raise TypedError(_("Choose a day."))
    return day


def _read_agents(text: str) -> tuple[int, ...]:
    """Numbers as people list them: "10, 20, 30"."""
    words = [word for word in _BETWEEN.split(text) if word]
    most = Bounds(1, bounds.MOST_AGENTS)
    numbers = sorted({read_whole(word, most) for word in words})
    if not numbers:
        raise TypedError(_("Type at least one number of agents."))
    if len(numbers) > bounds.MOST_CANDIDATES:
        raise TypedError(_("At most %(count)s numbers.", count=bounds.MOST_CANDIDATES))
    return tuple(numbers)


def _read_money(text: str, currency: str) -> int:
    try:
        return parse_money(text, currency).minor
    except MoneyError as error:
        raise TypedError(_("Type an amount in %(currency)s.", currency=currency)) from error
