"""Where one party may record a call without telling the other. Everywhere else, and where nobody knows: tell them."""

import tomllib
from functools import cache
from importlib.resources import files


@cache
def _one_party() -> tuple[frozenset[str], frozenset[str]]:
    """States by code and by name, and area codes."""
    text = files("telesales.compliance").joinpath("data", "us_recording_consent.toml").read_text()
    states = tomllib.loads(text)["one_party"]
    names = {name.casefold() for code, facts in states.items() for name in (code, facts["name"])}
    return frozenset(names), frozenset(str(code) for facts in states.values() for code in facts["area_codes"])


def has_to_be_told(*, country: str, state: str, number: str) -> bool:
    """Say whether this person must hear that the call is recorded.

    Only an address and a number that are both of states where one party's consent is enough say no: people move and keep
    their numbers, and the stricter law is the one that counts.
    """
    states, area_codes = _one_party()
    known_state = " ".join(state.replace(".", "").casefold().split())
    is_american = country in ("", "US") and number.startswith("+1") and len(number) == 12
    return not (is_american and known_state in states and number[2:5] in area_codes)
