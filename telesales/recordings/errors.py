"""What recordings refuse."""

from telesales.errors import ConflictError, TelesalesError


class NotInCallError(ConflictError):
    """The agent is not, or no longer, in this call."""

    code = "call-over"


class NotRecordedError(ConflictError):
    """The call is not being recorded: there is nothing to pause."""

    code = "not-recorded"


class CarrierAwayError(TelesalesError):
    """Nobody runs the carrier: nothing was paused, nothing waits to be."""

    status = 503
    code = "telephone-away"


class RecordingUnreadableError(TelesalesError):
    """The recording cannot be played; `code` says why."""

    status = 503
    code = "recording-unreadable"


class RecordingHeldError(ConflictError):
    """A recording that is held is not deleted before somebody lets it go."""

    code = "recording-held"


class StoreAwayError(TelesalesError):
    """The store of recordings cannot be reached."""

    status = 503
    code = "recording-store-away"


class RecordingGoneError(ConflictError):
    """The sound is deleted, or just being deleted."""

    code = "recording-gone"
