"""Words of telephones in the reader's language."""

from flask_babel import gettext as _

from telesales.telephony.destinations import DestinationProblem


def destination_problem(problem: DestinationProblem) -> str:
    """Why a number is not rung."""
    texts: dict[DestinationProblem, str] = {
        DestinationProblem.NOT_A_NUMBER: _("This is no number that can be called."),
        DestinationProblem.COSTLY: _("Numbers of this kind cost extra and are not called."),
        DestinationProblem.ABROAD: _("This number is in a country that the call has nothing to do with."),
        DestinationProblem.DO_NOT_CALL: _("This number is on the do-not-call list."),
        DestinationProblem.CALLEE: _("This is the number of the person on the line."),
        DestinationProblem.HOURS: _("This is the number of a lead, who may not be called at this hour."),
        DestinationProblem.REAL: _("A demo rings only invented numbers, like +1 202 555 0100."),
    }
    return texts[problem]


def digits_problem() -> str:
    """Why tones were not sent."""
    text: str = _("Only the keys 0 to 9, * and # can be sent.")
    return text
