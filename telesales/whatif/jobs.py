"""What-ifs outside of requests."""

from dialer.queues import REPORT
from telesales.extensions import enqueue
from telesales.whatif.running import fail, run_what_if, take_interrupted

ANSWER = "telesales.whatif.jobs.answer_what_if"


def answer_what_if(what_if_id: int) -> None:
    """Play shifts for a while, then queue the rest behind other jobs. Safe to run twice, also at once."""
    try:
        more = run_what_if(what_if_id)
    except (ArithmeticError, LookupError, TypeError, ValueError):
        fail(what_if_id)  # it would fail every time; what passes by, such as a lock, is tried again
        raise
    if more:
        enqueue(REPORT, ANSWER, what_if_id)


def resume_interrupted_what_ifs() -> None:
    """Queue what-ifs whose worker was killed. Only queues: a job of the clock must be short."""
    for what_if_id in take_interrupted():
        enqueue(REPORT, ANSWER, what_if_id)
