"""What lists, leads and imports are called on pages."""

from flask_babel import gettext as _

from telesales.compliance.zones import Basis
from telesales.leads import queries
from telesales.leads.importing.fields import Field
from telesales.leads.models import DialState, ImportOutcome, ImportState


def field_name(field: str) -> str:
    """Our field."""
    names = {
        Field.NUMBER: _("Telephone number"),
        Field.NAME: _("Name"),
        Field.FAMILY_NAME: _("Family name"),
        Field.GIVEN_NAME: _("Given name"),
        Field.LATIN_NAME: _("Name in Latin letters"),
        Field.COMPANY: _("Company"),
        Field.EMAIL: _("E-mail"),
        Field.ADDRESS: _("Street and number"),
        Field.CITY: _("City"),
        Field.STATE: _("State or province"),
        Field.POSTAL_CODE: _("Postal code"),
        Field.COUNTRY: _("Country"),
        Field.LANGUAGE: _("Language"),
        Field.EXTERNAL_ID: _("Supplier's id"),
    }
    return str(names.get(Field(field), field)) if field in set(Field) else field


def outcome_name(outcome: str) -> str:
    """What became of rows."""
    names = {
        ImportOutcome.IMPORTED: _("imported"),
        ImportOutcome.DUPLICATE_IN_FILE: _("twice in the file"),
        ImportOutcome.DUPLICATE_IN_LIST: _("already in the list"),
        ImportOutcome.INVALID_NUMBER: _("number not valid"),
        ImportOutcome.DO_NOT_CALL: _("on the do-not-call list"),
        ImportOutcome.INVALID_ROW: _("row not readable"),
    }
    return str(names[ImportOutcome(outcome)])


OUTCOME_KINDS = {
    ImportOutcome.IMPORTED: "good",
    ImportOutcome.DUPLICATE_IN_FILE: "pale",
    ImportOutcome.DUPLICATE_IN_LIST: "neutral",
    ImportOutcome.INVALID_NUMBER: "bad",
    ImportOutcome.DO_NOT_CALL: "info",
    ImportOutcome.INVALID_ROW: "warning",
}


def way_to_mend(outcome: str) -> str:
    """What a person can do about rows that were not imported."""
    ways = {
        ImportOutcome.IMPORTED: "",
        ImportOutcome.DUPLICATE_IN_FILE: _("Nothing to do: the first of the rows was taken."),
        ImportOutcome.DUPLICATE_IN_LIST: _("Nothing to do: the lead is there already and stays as it is."),
        ImportOutcome.INVALID_NUMBER: _(
            "Download the rows, correct the numbers and upload the file to the same list. When most of them are fine "
            "in another country, the country was not the right one: upload again and choose another."
        ),
        ImportOutcome.DO_NOT_CALL: _("These people asked not to be called. They stay out."),
        ImportOutcome.INVALID_ROW: _(
            "Download the rows, correct what the reason says and upload the file again."
        ),
    }
    return str(ways[ImportOutcome(outcome)])


def reason_text(reason: str) -> str:
    """Why a row was not imported."""
    code, _colon, detail = reason.partition(":")
    if detail:
        detailed = {
            "too_long": _("“%(name)s” is too long", name=field_name(detail)),
            "country": _("“%(name)s” is not a country", name=detail),
            "language": _("“%(name)s” is not a language", name=detail),
        }
        return str(detailed.get(code, reason))
    plain = {
        "": "",
        "empty": _("the number is empty"),
        "not_a_number": _("this is not a telephone number"),
        "too_short": _("the number is too short"),
        "too_long": _("the number is too long"),
        "invalid_length": _("the number has a length that does not exist"),
        "invalid_country_code": _("the country code does not exist"),
        "area_code_missing": _("the area code is missing"),
        "not_in_use": _("this number does not exist in this country"),
        "rounded": _("a spreadsheet has rounded the number: format the column as text and export it again"),
        "more_cells": _("the row has more cells than the header"),
        "unreadable": _("a cell of the row is too large or a quotation mark is not closed"),
    }
    return str(plain.get(code, reason))


def import_state_name(state: str) -> str:
    """Where an import stands."""
    names = {
        ImportState.UPLOADED: _("columns to be checked"),
        ImportState.MAPPED: _("ready to start"),
        ImportState.RUNNING: _("running"),
        ImportState.FINISHED: _("finished"),
        ImportState.FAILED: _("stopped"),
    }
    return str(names[ImportState(state)])


IMPORT_STATE_KINDS = {
    ImportState.UPLOADED: "warning",
    ImportState.MAPPED: "warning",
    ImportState.RUNNING: "info",
    ImportState.FINISHED: "good",
    ImportState.FAILED: "bad",
}


def error_text(error: str) -> str:
    """Why an import stopped."""
    texts = {
        "file_lost": _(
            "The file is no longer on the server. Upload it again: rows that are there are skipped."
        ),
        "interrupted": _(
            "The import was interrupted too often. Upload the file again: rows that are there are skipped."
        ),
    }
    return str(texts.get(error, error))


def waiting_name(key: str) -> str:
    """What a lead is waiting for; a key of `queries.waiting_counts`."""
    state, _colon, reason = key.partition(":")
    if state == "done":
        return done_name(reason)
    names = {
        queries.READY: _("ready now"),
        queries.LATER: _("later"),
        queries.RESERVED: _("being called"),
        queries.NO_ZONE: _("time zone unknown: not called"),
    }
    return str(names.get(state, state))


def done_name(reason: str) -> str:
    """Why a lead is not dialed again."""
    names = {
        "do_not_call": _("do not call"),
        "sale": _("sale"),
        "not_interested": _("not interested"),
        "wrong_person": _("wrong person"),
        "wrong_number": _("wrong number"),
        "invalid": _("number does not exist"),
        "max_attempts": _("tried often enough"),
        "max_for_result": _("tried often enough"),
        "final": _("done"),
        "": _("done"),
    }
    return str(names.get(reason, reason.replace("_", " ")))


def result_name(result: str) -> str:
    """What the last call to a lead came to, by the network or by the agent."""
    names = {
        "talked": _("Talked"), "abandoned": _("Abandoned"), "hung_up_first": _("Hung up at once"),
        "machine": _("Machine"), "busy": _("Busy"), "no_answer": _("No answer"),
        "invalid": _("Number not in use"), "congestion": _("Network busy"), "failed": _("Failed"),
        "refused": _("Not dialed"), "sale": _("Sale"), "callback": _("Call back"),
        "not_interested": _("Not interested"), "do_not_call": _("Do not call"),
        "wrong_person": _("Wrong person"), "no_conversation": _("No conversation"),
        "language": _("Other language"), "other": _("Other"),
    }  # fmt: skip
    return str(names.get(result, result))


def waiting_kind(key: str) -> str:
    """Colour of a part of the bar."""
    kinds = {queries.READY: "good", queries.LATER: "pale", queries.RESERVED: "accent", queries.NO_ZONE: "warning",
             "done:sale": "info", "done:do_not_call": "bad"}  # fmt: skip
    return kinds.get(key, "neutral")


def dial_state_name(state: str) -> str:
    """What a lead is waiting for, in a word."""
    names = {
        DialState.READY: _("waiting"),
        DialState.RESERVED: _("being called"),
        DialState.DONE: _("done"),
    }
    return str(names[DialState(state)])


def basis_text(basis: str) -> str:
    """How the time zone was found."""
    texts = {
        Basis.AGREE: _("Address and number say the same."),
        Basis.ADDRESS: _("The address tells; the number says less."),
        Basis.NUMBER: _("The number tells; the address says less."),
        Basis.BOTH: _("Address and number disagree: both must be inside the calling hours."),
        Basis.UNKNOWN: _("Neither address nor number tells: this lead is not called."),
    }
    return str(texts.get(Basis(basis), "")) if basis in set(Basis) else ""
