"""What carriers tell the floor of calls that ring in."""

from dialer import clock
from dialer.events import CallCause, Event, EventKind
from dialer.ports import TakeOrder


def came_in_event(order: TakeOrder) -> Event:
    """Somebody rings us and waits."""
    data = {"lead_id": order.lead_id, "wait": order.wait_seconds}
    return Event(EventKind.CALL_CAME_IN, order.at, order.campaign_id, attempt_id=order.attempt_id, data=data)


def gone_event(order: TakeOrder) -> Event:
    """They hung up before the call was taken."""
    data = {"cause": CallCause.CALLEE_HUNG_UP.value}
    return Event(EventKind.CALL_ENDED, clock.now(), order.campaign_id, attempt_id=order.attempt_id, data=data)
