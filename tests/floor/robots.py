"""Agents who do nothing but take calls, and stay through every outage."""

import contextlib
import json
import threading
import time

import redis

from dialer.events import Event, EventKind
from dialer.live import ON_FLOOR_KEY, PRESENCE_KEY, agent_entry, floor_key, post_event

LOOK_SECONDS = 0.05


class Robots:
    """Each is signed on, ready, and through with its wrap-up at once."""

    def __init__(self, url: str, campaign_id: int, agent_ids: list[int]) -> None:
        self.redis = redis.Redis.from_url(url, decode_responses=True)
        self.campaign_id, self.agent_ids = campaign_id, agent_ids
        self.stay_away: set[int] = set()  # who leaves the floor does not come back by himself
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        while not self._stopping.wait(LOOK_SECONDS):
            with contextlib.suppress(redis.RedisError):
                self._act()

    def _act(self) -> None:
        now = time.time()
        self.redis.zadd(PRESENCE_KEY, {str(agent): now for agent in self.agent_ids})
        for agent, entry in self.entries().items():
            if entry is None and agent not in self.stay_away:
                self.redis.hset(ON_FLOOR_KEY, str(agent), self.campaign_id)
                self.say(EventKind.AGENT_SIGNED_ON, agent)
                self.say(EventKind.AGENT_READY, agent)
            elif entry is not None and entry["state"] == "wrap_up":
                self.say(EventKind.AGENT_WRAPPED_UP, agent, entry["attempt_id"])

    def entries(self) -> dict[int, dict | None]:
        names = [agent_entry(agent) for agent in self.agent_ids]
        values = self.redis.hmget(floor_key(self.campaign_id), names)
        loaded = [None if value is None else json.loads(value) for value in values]
        return dict(zip(self.agent_ids, loaded, strict=True))

    def states(self) -> list[str]:
        return [entry["state"] if entry else "offline" for entry in self.entries().values()]

    def say(self, kind: EventKind, agent: int, attempt: int | None = None) -> None:
        post_event(self.redis, Event(kind, time.time(), self.campaign_id, attempt_id=attempt, agent_id=agent))

    def stop(self) -> None:
        self._stopping.set()
        self._thread.join()
        self.redis.close()
