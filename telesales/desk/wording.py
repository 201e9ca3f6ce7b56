"""Words of the desk in the reader's language."""

from flask_babel import gettext as _

from telesales.agents.models import PauseReason
from telesales.desk.rules import Gap, GapKind


def pause_reason_name(reason: str) -> str:
    """Why an agent is paused."""
    names: dict[str, str] = {
        PauseReason.BREAK: _("Break"),
        PauseReason.LUNCH: _("Lunch"),
        PauseReason.TRAINING: _("Training"),
        PauseReason.COACHING: _("Coaching"),
        PauseReason.TECHNICAL: _("Technical trouble"),
        PauseReason.PERSONAL: _("Personal"),
    }
    return names.get(reason, reason)


def gap_text(gap: Gap) -> str:
    """What a sale still lacks."""
    texts: dict[GapKind, str] = {
        GapKind.DISCLOSURE: _("“%(title)s” has to be said.", title=gap.title),
        GapKind.FIELD: _("“%(title)s” has to be filled in.", title=gap.title),
    }
    return texts[gap.kind]


def tips() -> list[str]:
    """Something worth a thought between two calls."""
    return [
        _("Smile before the first word. It is heard."),
        _("Ask, then count to three. The best answers come in the silence."),
        _("Use the callee's own words when you come to the offer."),
        _("Say the price at the same pace as everything else, then stop."),
        _("An objection is a question that was not asked. Find it."),
        _("Offer two times, not “sometime”."),
        _("A friendly no today is often a yes next year."),
        _("Stand up for a hard call. The voice stands up with you."),
        _("Write one line about the person, not about the product."),
        _("Say the name once, and say it right."),
    ]
