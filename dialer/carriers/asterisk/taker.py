"""The client side of people who ring us over Asterisk: their calls are taken or refused through Redis."""

import json
from dataclasses import asdict

import redis

from dialer import clock, live
from dialer.carriers.asterisk import inbound_keys, keys
from dialer.carriers.inbound_events import came_in_event, gone_event
from dialer.ports import TakeOrder


class AsteriskTaker:
    """Takes calls that ring in (synchronous, for jobs)."""

    def __init__(self, client: redis.Redis) -> None:
        self._take = client.register_script(inbound_keys.TAKE)
        self._refuse = client.register_script(inbound_keys.REFUSE)

    def take_call(self, order: TakeOrder) -> None:
        """Give the call its attempt; one that has gone is told as come in and ended."""
        came_in, ended = (
            json.dumps(event.to_fields()) for event in (came_in_event(order), gone_event(order))
        )
        self._take(
            keys=[
                inbound_keys.inbound_key(order.call_id),
                keys.call_key(order.attempt_id),
                live.events_stream(order.campaign_id),
            ],
            args=[
                order.call_id,
                order.attempt_id,
                order.campaign_id,
                json.dumps(dict(order.profile), separators=(",", ":")),
                repr(clock.now()),
                live.MAX_EVENTS,
                keys.KEEP_SECONDS,
                repr(order.wait_seconds),
                "" if order.recording is None else json.dumps(asdict(order.recording)),
                came_in,
                ended,
            ],
        )

    def refuse_call(self, call_id: str) -> None:
        """Hang up: the caller hears that the line is busy and pays nothing."""
        self._refuse(keys=[inbound_keys.inbound_key(call_id)], args=[call_id])
