"""When a lead is tried again, by what the last call came to."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from werkzeug.datastructures import MultiDict

from telesales.campaigns.forms.numbers import Bounds, TypedError, read_whole
from telesales.campaigns.values import DEFAULT_RETRIES

RESULTS = tuple(DEFAULT_RETRIES)
MINUTES = {"minutes": 1, "hours": 60, "days": 1440}
ATTEMPTS = Bounds(0, 50)  # 0: not tried again
DELAY = Bounds(1, 999)


class TypedRetry(NamedTuple):
    """One row of the table."""

    attempts: str
    delay: str
    unit: str


Typed = dict[str, TypedRetry]


def typed_retries(form: MultiDict[str, str]) -> Typed:
    """What stands in the table."""
    return {
        result: TypedRetry(
            form.get(f"retry_{result}_attempts", "").strip(),
            form.get(f"retry_{result}_delay", "").strip(),
            form.get(f"retry_{result}_unit", "minutes"),
        )
        for result in RESULTS
    }


def shown_retries(rules: Mapping[str, Any]) -> Typed:
    """Stored rules as the table shows them; a result without a rule is not tried again."""
    return {result: _shown(rules.get(result)) for result in RESULTS}


def _shown(rule: Mapping[str, int] | None) -> TypedRetry:
    if rule is None:
        return TypedRetry("0", "", "hours")
    unit = next(unit for unit in ("days", "hours", "minutes") if rule["delay_minutes"] % MINUTES[unit] == 0)
    return TypedRetry(str(rule["max_attempts"]), str(rule["delay_minutes"] // MINUTES[unit]), unit)


def read_retries(typed: Typed, kept: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """The rules, and an error for each row that cannot be read. `kept`: rules of results not in the table."""
    rules: dict[str, Any] = {result: rule for result, rule in kept.items() if result not in RESULTS}
    errors: dict[str, str] = {}
    for result, row in typed.items():
        try:
            attempts = read_whole(row.attempts or "0", ATTEMPTS)
            if attempts:
                rules[result] = {"max_attempts": attempts, "delay_minutes": _delay(row)}
        except TypedError as error:
            errors[f"retry_{result}"] = str(error)
    return rules, errors


def _delay(row: TypedRetry) -> int:
    return read_whole(row.delay, DELAY) * MINUTES.get(row.unit, 1)
