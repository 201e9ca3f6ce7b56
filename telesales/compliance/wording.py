"""What the do-not-call list is called on pages."""

from babel import Locale
from flask_babel import get_locale
from flask_babel import gettext as _

from telesales.compliance import uploads
from telesales.compliance.models import ASKED_DURING_A_CALL, PRESSED_THE_KEY, DoNotCallScope, UploadState
from telesales.phone import REGIONS


def scope_name(scope: str) -> str:
    """How far an entry reaches."""
    names = {
        DoNotCallScope.NATIONAL: _("National register"),
        DoNotCallScope.COMPANY: _("Our whole centre"),
        DoNotCallScope.CLIENT: _("One client"),
        DoNotCallScope.CAMPAIGN: _("One campaign"),
    }
    return str(names[DoNotCallScope(scope)])


def source_name(source: str) -> str:
    """Where an entry comes from: people's own words stay, ours are translated."""
    known = {
        ASKED_DURING_A_CALL: _("asked during a call"),
        PRESSED_THE_KEY: _("pressed the key during the message"),
    }
    return str(known.get(source, source))


def upload_state(state: str) -> tuple[str, str]:
    """Where an upload stands, and its colour."""
    states = {
        UploadState.RUNNING: (_("running"), "info"),
        UploadState.FINISHED: (_("finished"), "good"),
        UploadState.FAILED: (_("stopped"), "bad"),
    }
    return states[UploadState(state)]


def outcome_name(outcome: str) -> str:
    """What became of the numbers of a file."""
    names = {
        uploads.ADDED: _("added"),
        uploads.ALREADY_LISTED: _("on the list already, or twice in the file"),
        uploads.INVALID_NUMBER: _("not a telephone number"),
    }
    return str(names[outcome])


OUTCOME_KINDS = {uploads.ADDED: "good", uploads.ALREADY_LISTED: "neutral", uploads.INVALID_NUMBER: "bad"}


def error_text(error: str) -> str:
    """Why an upload stopped."""
    texts = {
        "file_lost": _("The file is no longer on the server. Upload it again: numbers that are there stay."),
        "interrupted": _("It was interrupted too often. Upload the file again: numbers that are there stay."),
    }
    return str(texts.get(error, error))


def country_name(code: str) -> str:
    """A country in the reader's language."""
    return str((get_locale() or Locale("en")).territories.get(code, code)) if code else ""


def region_choices() -> list[tuple[str, str]]:
    """Countries that have telephone numbers, by name."""
    return sorted(((code, country_name(code)) for code in REGIONS), key=lambda item: item[1].casefold())
