"""What a telephone refuses."""

from telesales.errors import ConflictError, TelesalesError


class CallOverError(ConflictError):
    """The agent is not, or no longer, in this call."""

    code = "call-over"


class NoTelephoneError(ConflictError):
    """No telephone belongs to what this person does now."""

    code = "no-telephone"


class TelephoneAwayError(TelesalesError):
    """Nobody runs the carrier: nothing was done, and nothing is waiting to be done."""

    status = 503
    code = "telephone-away"


class NotConnectedError(ConflictError):
    """The agent's own telephone is not connected: an answered person would hear nobody."""

    code = "telephone-not-connected"


class ElsewhereError(ConflictError):
    """The person's telephone is connected in another window."""

    code = "telephone-elsewhere"


class NoMessageError(ConflictError):
    """The campaign has no message for answering machines."""

    code = "no-message"
