"""What an agent can be sent to do."""

from enum import StrEnum


class OrderKind(StrEnum):
    """Orders, as actions of the audit trail."""

    PAUSE = "agent.sent_on_pause"
    SIGN_OFF = "agent.sent_off"
    MOVE = "agent.moved"
    TAKEN_BACK = "agent.order_taken_back"


class StopReason(StrEnum):
    """Why somebody takes part in a call no longer."""

    ASKED = "asked"
    CALL_OVER = "call_over"
    REPLACED = "replaced"  # by another call
    PAGE_CLOSED = "page_closed"
    LINE_LOST = "line_lost"  # the carrier says so
    CARRIER_AWAY = "carrier_away"  # it was never told
