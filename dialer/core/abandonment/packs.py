"""The rules of a country as a campaign follows them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from dialer.core.abandonment.formulas import CA, UK, US, Formula

HOUR = 3600.0


@dataclass(frozen=True, slots=True)
class RulePack:
    """A formula, the highest limit that a campaign may set itself under it, and whom it lets rest."""

    formula: Formula
    highest_limit_bp: int  # the law's limit; where it names none, our own aim
    # Seconds after a call with this result in which only an agent who dials by hand, and so is there, may ring again.
    rests: Mapping[str, float] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """The name under which it is stored."""
        return self.formula.key.value


UK_AIM_BP = 100  # the law names no rate that would be safe: aim for 0, stop at 1 %
UK_RESTS = {"abandoned": 72 * HOUR, "machine": 24 * HOUR}  # Ofcom's statement on persistent misuse
PACKS: Mapping[str, RulePack] = {
    pack.key: pack for pack in (RulePack(US, 300), RulePack(UK, UK_AIM_BP, UK_RESTS), RulePack(CA, 500))
}
DEFAULT_PACK = "us"


def pack_named(key: str) -> RulePack:
    """The pack; the usual one for a name that nobody knows."""
    return PACKS.get(key, PACKS[DEFAULT_PACK])
