"""What a final cause of the network means: one table. Whether somebody answered is decided by events, never here."""

from collections.abc import Mapping

from dialer.events import CallCause

# Q.850 causes as Asterisk gives them
OF_CAUSE: Mapping[int, CallCause] = {
    1: CallCause.INVALID,  # unallocated number
    2: CallCause.CONGESTION,  # no route to the transit network
    3: CallCause.INVALID,  # no route to the destination
    16: CallCause.NO_ANSWER,  # normal clearing of a call that was never answered
    17: CallCause.BUSY,
    18: CallCause.FAILED,  # the carrier does not respond
    19: CallCause.NO_ANSWER,
    20: CallCause.NO_ANSWER,  # the mobile is off
    21: CallCause.REJECTED,
    22: CallCause.INVALID,  # number changed
    27: CallCause.CONGESTION,  # destination out of order
    28: CallCause.INVALID,  # number incomplete
    29: CallCause.REJECTED,  # facility rejected
    31: CallCause.NO_ANSWER,
    34: CallCause.CONGESTION,
    38: CallCause.FAILED,  # network out of order
    41: CallCause.CONGESTION,
    42: CallCause.CONGESTION,
    44: CallCause.CONGESTION,
    50: CallCause.REJECTED,
    58: CallCause.CONGESTION,
    66: CallCause.FAILED,  # our own node cannot
    88: CallCause.FAILED,  # no common codec
    102: CallCause.FAILED,
    111: CallCause.FAILED,
    127: CallCause.FAILED,
}
# SIP answers that say more than the cause that Asterisk makes of them
OF_SIP: Mapping[int, CallCause] = {
    401: CallCause.FAILED,  # our password
    403: CallCause.REJECTED,
    404: CallCause.INVALID,
    407: CallCause.FAILED,
    408: CallCause.FAILED,
    410: CallCause.INVALID,
    480: CallCause.NO_ANSWER,
    484: CallCause.INVALID,
    486: CallCause.BUSY,
    487: CallCause.NO_ANSWER,
    488: CallCause.FAILED,
    500: CallCause.CONGESTION,
    502: CallCause.CONGESTION,
    503: CallCause.CONGESTION,
    504: CallCause.CONGESTION,
    600: CallCause.BUSY,
    603: CallCause.REJECTED,
    604: CallCause.INVALID,
    607: CallCause.REJECTED,  # unwanted
    608: CallCause.REJECTED,
}
TRUNK_FAILED = frozenset(
    {CallCause.CONGESTION, CallCause.FAILED}
)  # says something about the trunk, not the person


def cause_of(cause: int, sip: int | None, *, rang: bool) -> CallCause:
    """Why a call that nobody answered ended. What rang had a carrier that works."""
    found = OF_SIP.get(sip or 0) or OF_CAUSE.get(cause)
    if found is None:
        return CallCause.NO_ANSWER if rang else CallCause.FAILED
    if rang and found is CallCause.FAILED:
        return CallCause.NO_ANSWER
    return found
