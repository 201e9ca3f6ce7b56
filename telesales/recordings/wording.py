"""Words of recordings in the reader's language."""

from collections.abc import Sequence

from flask_babel import gettext as _
from flask_babel import pgettext

from dialer.ports import RecordingSide
from telesales.i18n import duration, listed
from telesales.recordings.forgetting import RETENTION
from telesales.recordings.models import AccessKind, PauseKind
from telesales.recordings.rules import Gap


def side_name(side: str) -> str:
    """Whose voice it is."""
    names: dict[str, str] = {
        RecordingSide.MIXED: pgettext("voices", "Both"),
        RecordingSide.CALLEE: _("Person called"),
        RecordingSide.AGENT: _("Agent"),
    }
    return names.get(side, side)


def access_name(kind: str) -> str:
    """How somebody came by it."""
    names: dict[str, str] = {
        AccessKind.LISTENED: _("listened"),
        AccessKind.DOWNLOADED: _("downloaded"),
    }
    return names.get(kind, kind)


def pause_name(kind: str) -> str:
    """What was done to the recording."""
    names: dict[str, str] = {
        PauseKind.PAUSED: _("Paused"),
        PauseKind.RESUMED: _("Taken up again"),
        PauseKind.FAILED: _("This did not work: the telephone network did not answer"),
    }
    return names.get(kind, kind)


def parts_text(parts: Sequence[Gap]) -> str:
    """Parts of a recording: 0:00–1:05, 2:00–2:10."""
    return listed(f"{duration(part.first)}–{duration(part.last)}" for part in parts)


def problem(code: str) -> str:
    """Why a recording cannot be played, and what to do."""
    texts: dict[str, str] = {
        "recording-damaged": _("This recording is damaged or was changed and is not played."),
        "recording-key-missing": _("The key of this recording is not there. Ask the operator for it."),
        "recording-store-away": _("The store of recordings cannot be reached. Try again in a moment."),
    }
    return texts.get(code, str(_("This recording cannot be played.")))


def deletion_text(reason: str) -> str:
    """Why a recording was deleted."""
    return str(_("Its days were over, as the campaign says.")) if reason == RETENTION else reason


def length_choices() -> list[tuple[str, str]]:
    """Lengths that the list can be limited to."""
    return [
        ("short", _("Under a minute")),
        ("medium", _("1 to 5 minutes")),
        ("long", _("Over 5 minutes")),
    ]


def keeping_choices(*, is_held: bool) -> list[tuple[str, str, str, str, str]]:
    """What may be done about keeping a call: key, opener, button, what will happen, kind of button."""
    if is_held:
        return [
            ("release", _("Let go…"), _("Let it go"), _("It is deleted when its days are over."), ""),
        ]
    return [
        (
            "hold",
            _("Hold…"),
            _("Hold it"),
            _("It is kept until somebody lets it go, whatever the days say."),
            "",
        ),
        (
            "delete",
            _("Delete now…"),
            _("Delete the sound"),
            _("The sound of every side is gone for good. When, who and why stays on record."),
            "danger",
        ),
    ]
