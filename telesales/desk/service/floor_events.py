"""What the desk tells the floor. What depends on saved rows is said after they are."""

from telesales.agents.models import User
from telesales.calls import floor
from telesales.calls.models import CallAttempt
from telesales.calls.rules import DispositionCode
from telesales.committed import after_commit


def say_step(user: User, attempt: CallAttempt, index: int) -> None:
    """The agent stands at another step of the script."""
    user_id, attempt_id = user.id, attempt.id
    after_commit(lambda: floor.step(user_id, attempt_id, index))


def say_wrapped_up(user: User, attempt: CallAttempt, code: str) -> None:
    """The outcome is saved: the agent may have the next call."""
    user_id, attempt_id, is_machine = user.id, attempt.id, code == DispositionCode.MACHINE
    after_commit(lambda: floor.wrapped_up(user_id, attempt_id, is_machine=is_machine))
