"""Rules on abandoned calls in the reader's language: whose they are, what they ask, over which window."""

from collections.abc import Sequence

from flask_babel import gettext as _

from dialer.core.abandonment import PACKS, FormulaKey, pack_named
from telesales.i18n import percent

WHOLE_BP = 10_000


def pack_name(key: str) -> str:
    """Whose rules they are."""
    names: dict[str, str] = {
        FormulaKey.US: _("United States"),
        FormulaKey.UK: _("United Kingdom"),
        FormulaKey.CA: _("Canada"),
    }
    return names.get(key, key)


def pack_hint(key: str) -> str:
    """What the rules ask, in a sentence."""
    hints: dict[str, str] = {
        FormulaKey.US: _(
            "At most 3 percent of the people who answer, over the campaign or each 30 days of it."
        ),
        FormulaKey.UK: _(
            "No rate is called safe. We aim for 0 and stop at 1 percent of the handled calls of 24 hours."
        ),
        FormulaKey.CA: _("At most 5 percent of the people who answer, in a calendar month."),
    }
    return hints[key]


def pack_choices() -> Sequence[tuple[str, str, str]]:
    """Every pack: key, name, hint."""
    return [(key, pack_name(key), pack_hint(key)) for key in PACKS]


def limit_text(key: str, limit: float) -> str:
    """The campaign's own limit with the window of its rules."""
    texts: dict[str, str] = {
        FormulaKey.US: _("%(limit)s of the people who answer, over 30 days.", limit=percent(limit)),
        FormulaKey.UK: _("%(limit)s of the handled calls, over 24 hours.", limit=percent(limit)),
        FormulaKey.CA: _("%(limit)s of the people who answer, in a calendar month.", limit=percent(limit)),
    }
    return texts[pack_named(key).key]


def limit_error(key: str) -> str:
    """What a limit has to be under the rules."""
    pack = pack_named(key)
    most = percent(pack.highest_limit_bp / WHOLE_BP, 0)
    if pack.formula.limit is None:
        return str(_("More than 0 and at most %(most)s: these rules call no rate safe.", most=most))
    return str(_("More than 0 and at most %(most)s: that is what these rules allow.", most=most))
