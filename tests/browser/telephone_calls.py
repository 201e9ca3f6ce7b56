"""A call of the simulated carrier that is bridged with the agent of a scene, and never ends by itself."""

import dataclasses
from collections.abc import Iterator
from contextlib import contextmanager

import redis

from dialer import live
from dialer.events import Event, EventKind
from tests.dialer.carrier_harness import SimulatedHarness
from tests.factories_desk import DeskScene


@contextmanager
def bridged(url: str, scene: DeskScene) -> Iterator[SimulatedHarness]:
    """Run the carrier with the scene's call in it."""
    harness = SimulatedHarness(url)
    harness.start()
    try:
        order = harness.order(scene.attempt_id, "human")
        harness.place(dataclasses.replace(order, campaign_id=scene.campaign_id))
        wait_for_event(harness.redis, scene, EventKind.CALL_ANSWERED)
        command(harness.redis, scene, "connect", agent=str(scene.agent_id))
        wait_for_event(harness.redis, scene, EventKind.CALL_CONNECTED)
        yield harness
    finally:
        harness.stop()


def command(client: redis.Redis, scene: DeskScene, name: str, **facts: str) -> None:
    """What the engine would ask the carrier for; its own client cannot run beside the browser's loop."""
    client.xadd(live.SIMULATED_COMMANDS, {"command": name, "attempt": str(scene.attempt_id), **facts})


def wait_for_event(client: redis.Redis, scene: DeskScene, kind: EventKind) -> Event:
    """The first event of this kind."""
    last = "0"
    while True:
        answer = client.xread({live.events_stream(scene.campaign_id): last}, block=20_000)
        assert answer, f"nobody told of {kind}"
        for entry, fields in answer[0][1]:
            last, event = entry, Event.from_fields(fields, entry)
            if event.kind is kind:
                return event
