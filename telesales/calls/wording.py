"""Names of dispositions, results and problems in the reader's language."""

from flask_babel import gettext as _

from telesales.calls.models import CallResult, CallState
from telesales.calls.rules import CallbackProblem, DispositionCode, QuickTime


def disposition_name(code: str) -> str:
    """What an agent says a call came to; codes of older days are shown as they are."""
    names: dict[str, str] = {
        DispositionCode.SALE: _("Sale"),
        DispositionCode.CALLBACK: _("Call back"),
        DispositionCode.NOT_INTERESTED: _("Not interested"),
        DispositionCode.DO_NOT_CALL: _("Do not call"),
        DispositionCode.WRONG_PERSON: _("Wrong person"),
        DispositionCode.NO_CONVERSATION: _("No conversation"),
        DispositionCode.MACHINE: _("Machine"),
        DispositionCode.LANGUAGE: _("Other language"),
        DispositionCode.OTHER: _("Other"),
    }
    return names.get(code, code)


def result_name(result: str) -> str:
    """What the network and the floor made of a call."""
    names: dict[str, str] = {
        CallResult.TALKED: _("Talked"),
        CallResult.ABANDONED: _("Abandoned"),
        CallResult.HUNG_UP_FIRST: _("Hung up at once"),
        CallResult.MACHINE: _("Machine"),
        CallResult.BUSY: _("Busy"),
        CallResult.NO_ANSWER: _("No answer"),
        CallResult.INVALID: _("Number not in use"),
        CallResult.CONGESTION: _("Network busy"),
        CallResult.FAILED: _("Failed"),
        CallResult.REFUSED: _("Not dialed"),
        CallResult.MISSED_INBOUND: _("Rang us, nobody was free"),
        CallResult.HUNG_UP_WAITING: _("Rang us, did not wait"),
    }
    return names.get(result) or state_name(result)


def state_name(state: str) -> str:
    """How far a call has come."""
    names: dict[str, str] = {
        CallState.RESERVED: _("Waiting"),
        CallState.ORIGINATING: _("Dialing"),
        CallState.RINGING: _("Ringing"),
        CallState.ANSWERED: _("Answered"),
        CallState.CONNECTED: _("Connected"),
        CallState.CAME_IN: _("Rings us"),
        CallState.ENDED: _("Ended"),
        CallState.RELEASED: _("Not placed"),
    }
    return names.get(state, state)


def callback_problem(problem: CallbackProblem) -> str:
    """Why a time cannot be promised."""
    names: dict[CallbackProblem, str] = {
        CallbackProblem.IN_THE_PAST: _("This time is over. Choose a later one."),
        CallbackProblem.TOO_FAR: _("This is more than half a year away. Choose an earlier time."),
        CallbackProblem.OUTSIDE_HOURS: _(
            "Nobody may be called there at that time. Choose one inside the calling hours."
        ),
        CallbackProblem.UNKNOWN_ZONE: _("The time zone of this lead is not known, so no time can be agreed."),
    }
    return names[problem]


def quick_time_name(name: QuickTime) -> str:
    """A time that is one key away."""
    names: dict[QuickTime, str] = {
        QuickTime.IN_AN_HOUR: _("In an hour"),
        QuickTime.THIS_EVENING: _("This evening"),
        QuickTime.TOMORROW_MORNING: _("Tomorrow morning"),
        QuickTime.TOMORROW_AFTERNOON: _("Tomorrow afternoon"),
        QuickTime.NEXT_WEEK: _("In a week"),
    }
    return names[name]
