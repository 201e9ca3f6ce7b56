"""Does anybody keep the clock of this machine? Two clocks that agree may both be wrong; a kernel knows whether NTP steers it."""

import ctypes
from collections.abc import Iterator

from telesales.telephony.doctor.findings import Finding, doubt, good

SUBJECT = "clock"
UNKEPT = 5  # TIME_ERROR of adjtimex(2)
ROOM = 1024  # for its struct timex; zeros ask and change nothing


def kernel_state() -> int | None:
    """What adjtimex says; None where there is no such call."""
    try:
        return int(ctypes.CDLL(None).adjtimex(ctypes.create_string_buffer(ROOM)))
    except (AttributeError, OSError):
        return None


def examine_clock(state: int | None) -> Iterator[Finding]:
    """Calling hours, the two seconds and credentials are measured by this clock."""
    if state is None or state < 0:
        return
    if state == UNKEPT:
        yield doubt(
            SUBJECT,
            "nobody keeps the clock of this machine, as far as its kernel knows",
            "let NTP keep it (apt install chrony); see: timedatectl",
        )
    else:
        yield good(SUBJECT, "the clock of this machine is kept by NTP")
