"""The people behind the numbers of the simulated carrier: the part that is worth changing by hand."""

from collections.abc import Mapping
from dataclasses import fields
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from dialer.carriers.behaviour import PARTS, SHARES, Profile
from telesales.campaigns.forms.numbers import Bounds, TypedError, plain, read_decimal

SHOWN = (
    "human", "machine", "busy", "invalid", "congestion", "refuse", "listen", "sudden_hang_up",
    "refuse_seconds", "listen_seconds", "interested_seconds", "patience_seconds",
    "ring_back", "ring_back_seconds", "hold_seconds", "speed", "seed",
)  # fmt: skip
PERCENTS = frozenset((*SHARES, *PARTS))
_DEFAULTS = {entry.name: entry.default for entry in fields(Profile)}
_BOUNDS = {"speed": Bounds(1, 1_000), "seed": Bounds(-(2**31), 2**31)}
_WHOLE = frozenset({"seed"})


def typed_profile(form: MultiDict[str, str]) -> dict[str, str]:
    """What stands in the fields."""
    return {name: form.get(f"profile_{name}", "").strip() for name in SHOWN}


def shown_profile(profile: Mapping[str, Any]) -> dict[str, str]:
    """Stored values as the fields show them: shares in percent; what was not chosen stays empty."""
    return {name: _shown(name, profile[name]) if name in profile else "" for name in SHOWN}


def default_of(name: str) -> str:
    """What counts while a field is empty."""
    return _shown(name, _DEFAULTS[name])


def _shown(name: str, value: Any) -> str:
    return plain(Decimal(str(value)) * (100 if name in PERCENTS else 1))


def read_profile(typed: Mapping[str, str], kept: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """The profile, and an error for each field that cannot be read. `kept`: values that have no field."""
    profile = {name: value for name, value in kept.items() if name not in SHOWN}
    errors: dict[str, str] = {}
    for name, text in typed.items():
        if not text:
            continue
        try:
            profile[name] = _read(name, text)
        except TypedError as error:
            errors[f"profile_{name}"] = str(error)
    return profile, errors or _sum_errors(profile)


def _read(name: str, text: str) -> float | int:
    bounds = Bounds(0, 100) if name in PERCENTS else _BOUNDS.get(name, Bounds(0, 86_400))
    value = read_decimal(text, bounds)
    if name in _WHOLE:
        return int(value)
    return float(value / 100 if name in PERCENTS else value)


def _sum_errors(profile: Mapping[str, Any]) -> dict[str, str]:
    try:
        Profile.read({name: value for name, value in profile.items() if name in _DEFAULTS})
    except ValueError:
        return {"profile_human": _("The shares add up to more than 100 percent.")}
    return {}
