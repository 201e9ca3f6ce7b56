"""What cannot be done with a call."""

from telesales.calls.rules import CallbackProblem
from telesales.errors import TelesalesError


class CallbackRefusedError(TelesalesError):
    """The time that was chosen cannot be promised."""

    status = 422
    code = "callback-refused"

    def __init__(self, problem: CallbackProblem) -> None:
        super().__init__(problem.value)
        self.problem = problem


class UnknownDispositionError(TelesalesError):
    """No outcome has this code."""

    status = 422
    code = "unknown-disposition"
