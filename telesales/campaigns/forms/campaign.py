"""The campaign form."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, TypeVar

from flask import current_app
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from dialer.core.abandonment import PACKS
from dialer.ports import DialingMode
from telesales.campaigns.forms import detection, floor, inbound, products, profile, recording, retries, weekly
from telesales.campaigns.forms.numbers import Bounds, TypedError, plain, read_decimal, read_whole
from telesales.campaigns.rules import MIN_RING_SECONDS, is_limit_allowed
from telesales.campaigns.values import CampaignValues
from telesales.compliance import packs
from telesales.extensions import row_id
from telesales.money import CURRENCIES
from telesales.phone import InvalidNumberError, display_number, parse_number

TEXTS = (
    "name", "purpose", "script_id", "mode", "abandoned_message", "caller_id", "ring_seconds",
    "wrap_up_seconds", "abandonment_limit", "rule_pack", "false_positives", "undetected_machines",
    "estimate_method", "max_lines", "calls_per_second", "max_attempts", "daily_goal", "currency", "carrier",
    "detection",
)  # fmt: skip
LONGEST = {"name": 120, "purpose": 300, "abandoned_message": 500, "estimate_method": 300}
WHOLES = {
    "ring_seconds": Bounds(MIN_RING_SECONDS, 120),
    "wrap_up_seconds": Bounds(0, 3_600),
    "max_lines": Bounds(1, 2_000),
    "calls_per_second": Bounds(0, 500),
    "max_attempts": Bounds(1, 50),
    "daily_goal": Bounds(0, 1_000),
}
Value = TypeVar("Value")


@dataclass(slots=True)
class CampaignForm:
    """What stands in the form, as text. `errors`: field -> sentence. `base`: what the person started from."""

    base: CampaignValues
    any_hour: bool  # a demo calls nobody who exists
    texts: dict[str, str]
    list_ids: list[int]
    agent_ids: list[int]
    team_ids: list[int]
    hours: weekly.Typed
    retries: retries.Typed
    products: list[products.TypedProduct]
    profile: dict[str, str]
    recording: recording.Typed
    floor: floor.Typed
    inbound: inbound.Typed
    can_leave: bool = False  # there is a message for machines
    errors: dict[str, str] = field(default_factory=dict)

    @classmethod
    def show(cls, values: CampaignValues, *, any_hour: bool) -> "CampaignForm":
        """The form as it is opened."""
        return cls(
            base=values,
            any_hour=any_hour,
            texts=_texts_of(values),
            list_ids=list(values.list_ids),
            agent_ids=list(values.agent_ids),
            team_ids=list(values.team_ids),
            hours=weekly.shown_hours(values.calling_hours),
            retries=retries.shown_retries(values.retry_rules),
            products=products.shown_products(values.products, values.currency),
            profile=profile.shown_profile(values.carrier_profile),
            recording=recording.shown_recording(values),
            floor=floor.shown_floor(values),
            inbound=inbound.shown_inbound(values),
        )

    @classmethod
    def read(
        cls, form: MultiDict[str, str], base: CampaignValues, *, any_hour: bool, can_leave: bool
    ) -> "CampaignForm":
        """The form as it was sent."""
        return cls(
            base=base,
            any_hour=any_hour,
            texts={name: form.get(name, "").strip() for name in TEXTS},
            list_ids=form.getlist("list_ids", type=row_id),
            agent_ids=sorted(form.getlist("agent_ids", type=row_id)),
            team_ids=sorted(form.getlist("team_ids", type=row_id)),
            hours=weekly.typed_hours(form),
            retries=retries.typed_retries(form),
            products=products.typed_products(form),
            profile=profile.typed_profile(form),
            recording=recording.typed_recording(form, base),
            floor=floor.typed_floor(form, base),
            inbound=inbound.typed_inbound(form, base),
            can_leave=can_leave,
        )

    def parse(self) -> CampaignValues | None:
        """The values; None when something cannot be read: then `errors` says what."""
        self.errors = {}
        values = replace(self.base, **self._parsed_columns(), **self._parsed_tables())
        return None if self.errors else values

    def _parsed_columns(self) -> dict[str, Any]:
        texts = self.texts
        for name, longest in LONGEST.items():
            if len(texts[name]) > longest:
                self.errors[name] = _("At most %(count)s characters.", count=longest)
        if not texts["name"]:
            self.errors["name"] = _("Give the campaign a name.")
        wholes = {
            name: self._take(name, partial(read_whole, bounds=bounds), bounds.least)
            for name, bounds in WHOLES.items()
        }
        return {
            **{name: texts[name] for name in LONGEST},
            **wholes,
            "script_id": int(texts["script_id"]) if texts["script_id"].isdigit() else None,
            "mode": self._take("mode", _read_mode, DialingMode.PREDICTIVE),
            "caller_id": self._take("caller_id", _read_number, None),
            **self._parsed_abandonment(),
            "currency": self._take("currency", _read_currency, self.base.currency),
            "carrier": self._take(
                "carrier", partial(_read_carrier, base=self.base.carrier), self.base.carrier
            ),
            "list_ids": tuple(self.list_ids),
            "agent_ids": tuple(self.agent_ids),
            "team_ids": tuple(self.team_ids),
        }

    def _parsed_abandonment(self) -> dict[str, Any]:
        pack = self._take("rule_pack", _read_pack, self.base.rule_pack)
        return {
            "rule_pack": pack,
            "abandonment_limit_bp": self._take("abandonment_limit", partial(_read_limit, pack=pack), 1),
            "false_positives_bp": self._take("false_positives", _read_share, 0),
            "undetected_machines_bp": self._take("undetected_machines", _read_share, 0),
        }

    def _parsed_tables(self) -> dict[str, Any]:
        currency = self.texts["currency"] if self.texts["currency"] in CURRENCIES else self.base.currency
        week, week_errors = weekly.read_hours(self.hours, any_hour=self.any_hour)
        rules, rule_errors = retries.read_retries(self.retries, self.base.retry_rules)
        people, people_errors = profile.read_profile(self.profile, self.base.carrier_profile)
        detect = partial(detection.with_detection, people, can_leave=self.can_leave)
        people = self._take("detection", detect, people)
        sold, sold_errors = products.read_products(self.products, currency)
        kept, kept_errors = recording.read_recording(self.recording, self.base)
        shared, shared_errors = floor.read_floor(self.floor, self.base)
        ringing, ringing_errors = inbound.read_inbound(self.inbound, self.base)
        self.errors |= week_errors | rule_errors | people_errors | sold_errors | kept_errors | shared_errors
        self.errors |= ringing_errors
        tables = {"calling_hours": week, "retry_rules": rules, "carrier_profile": people, "products": sold}
        return {**tables, **kept, **shared, **ringing}

    def _take(self, name: str, read: Callable[[str], Value], fallback: Value) -> Value:
        try:
            return read(self.texts[name])
        except TypedError as error:
            self.errors[name] = str(error)
            return fallback

    @property
    def product_rows(self) -> Sequence[products.TypedProduct]:
        """Rows to show: those that are filled, and some to fill."""
        return [*self.products, *[products.TypedProduct("", "", "")] * products.EMPTY_ROWS]


def _texts_of(values: CampaignValues) -> dict[str, str]:
    return {
        **{name: str(getattr(values, name)) for name in (*LONGEST, *WHOLES)},
        "script_id": str(values.script_id or ""),
        "mode": str(values.mode),
        "caller_id": display_number(values.caller_id) if values.caller_id else "",
        "abandonment_limit": plain(values.abandonment_limit_bp / 100),
        "rule_pack": values.rule_pack,
        "false_positives": plain(values.false_positives_bp / 100),
        "undetected_machines": plain(values.undetected_machines_bp / 100),
        "currency": values.currency,
        "carrier": values.carrier,
        "detection": detection.shown_detection(values.carrier_profile),
    }


def _read_mode(text: str) -> DialingMode:
    if text not in tuple(DialingMode):
        raise TypedError(_("Choose how calls meet agents."))
    return DialingMode(text)


def _read_currency(text: str) -> str:
    if text not in CURRENCIES:
        raise TypedError(_("Choose a currency."))
    return text


def _read_carrier(text: str, base: str) -> str:
    """Without a choice nothing is sent, and the carrier stays."""
    chosen = text or base
    if chosen != base and chosen not in current_app.config["TELESALES"].carriers:
        raise TypedError(_("Choose a carrier that is set up."))
    return chosen


def _read_pack(text: str) -> str:
    if text not in PACKS:
        raise TypedError(_("Choose whose rules count abandoned calls."))
    return text


def _read_limit(text: str, pack: str) -> int:
    limit_bp = math.ceil(read_decimal(text, Bounds(0, 100)) * 100)
    if not is_limit_allowed(limit_bp, pack):
        raise TypedError(packs.limit_error(pack))
    return limit_bp


def _read_share(text: str) -> int:
    return round(read_decimal(text or "0", Bounds(0, 100)) * 100)


def _read_number(text: str) -> str | None:
    if not text:
        return None
    try:
        return parse_number(text, None).e164
    except InvalidNumberError as error:
        raise TypedError(_("Type the whole number with its country code, like +1 202 555 0100.")) from error
