"""The process that moves the simulated agents: one reader of what is pushed, one list of plans."""

import heapq
import itertools
import json
import logging
import threading
from collections.abc import Callable, Collection
from typing import Any

import redis
from flask import Flask
from sqlalchemy import select

from dialer.live import PRESENCE_KEY, PUSH_STREAM
from telesales import clock
from telesales.agents.models import User
from telesales.calls import floor as live_floor
from telesales.demo import cast
from telesales.demo.acting import Deeds
from telesales.demo.seat import Seat
from telesales.dialing.processes import pulse, stop_on_signal
from telesales.extensions import db
from telesales.push.topics import desk_owner

log = logging.getLogger(__name__)
PRESENCE_SECONDS = 4.0
LOOK_SECONDS = 20.0  # what was pushed while Redis was away is found by looking
LONGEST_WAIT_MS = 1_000
READ_COUNT = 500
RETRY_SECONDS = 0.5
SKILLS = {member.email: member.skill for member in cast.SIMULATED}


class SimulatedFloor:
    """The simulated agents of this installation, or only some of them."""

    def __init__(self, app: Flask, only: Collection[int] | None = None, *, speed: float, seed: int) -> None:
        self._only = only
        self._app, self._speed, self._seed = app, speed, seed
        self._redis: redis.Redis = app.extensions["redis"]
        self._plans: list[tuple[float, int, Callable[[], None]]] = []
        self._order = itertools.count()
        self._last = "$"
        self._present_at = self._looked_at = 0.0
        self.seats: dict[int, Seat] = {}

    def _seat_everybody(self) -> None:
        """Who joined since the last look gets a seat, who was deactivated loses it."""
        everybody = simulated_people(self._app)
        people = {key: email for key, email in everybody.items() if self._only is None or key in self._only}
        for user_id in self.seats.keys() - people.keys():
            del self.seats[user_id]
        for user_id in people.keys() - self.seats.keys():
            self.seats[user_id] = Seat(
                Deeds(self._app, user_id),
                self._later,
                skill=SKILLS.get(people[user_id], 1.0),
                speed=self._speed,
                seed=f"{self._seed}:{user_id}",
            )

    def _later(self, seconds: float, deed: Callable[[], None]) -> None:
        at = clock.now().timestamp() + max(0.0, seconds)
        heapq.heappush(self._plans, (at, next(self._order), deed))

    def run(self, stopping: threading.Event) -> None:
        """Work until stopped; what fails is tried again."""
        while not stopping.is_set():
            try:
                self.step()
            except redis.RedisError as error:
                log.warning("redis is away: %s", error)
                self.look_again()
                stopping.wait(RETRY_SECONDS)
            except Exception:
                log.exception("a simulated agent stumbled")

    def step(self) -> None:
        """Be present, hear what was pushed, and do what is due."""
        self._look()
        self._be_present()
        for user_id, view in self._hear():
            self.seats[user_id].see(view)
        self._do_what_is_due()

    def look_again(self) -> None:
        """Look at everybody with the next step."""
        self._looked_at = 0.0

    def _be_present(self) -> None:
        now = clock.now().timestamp()
        if self.seats and now - self._present_at >= PRESENCE_SECONDS:
            self._redis.zadd(PRESENCE_KEY, {str(user_id): now for user_id in self.seats})
            self._present_at = now

    def _look(self) -> None:
        """See where everybody stands: at the beginning, and now and then in case something was missed."""
        now = clock.now().timestamp()
        if now - self._looked_at < LOOK_SECONDS:
            return
        if self._last == "$":
            newest: Any = self._redis.xrevrange(PUSH_STREAM, count=1)
            self._last = newest[0][0] if newest else "0-0"
        self._seat_everybody()
        with self._app.app_context():
            states = {user_id: live_floor.agent_state(user_id) for user_id in self.seats}
        for user_id, state in states.items():
            self.seats[user_id].see(state)
            if state is not None:
                self.seats[user_id].reconsider(state.get("home") or state["campaign_id"])
        self._looked_at = now

    def _hear(self) -> list[tuple[int, dict[str, Any]]]:
        answer: Any = self._redis.xread({PUSH_STREAM: self._last}, count=READ_COUNT, block=self._wait_ms())
        heard: list[tuple[int, dict[str, Any]]] = []
        for _stream, entries in answer or ():
            for entry_id, fields in entries:
                self._last = entry_id
                owner = desk_owner(fields["topic"])
                if owner in self.seats and owner is not None and fields["event"] == "state":
                    heard.append((owner, json.loads(fields["data"])))
        return heard

    def _wait_ms(self) -> int:
        if not self._plans:
            return LONGEST_WAIT_MS
        wait = (self._plans[0][0] - clock.now().timestamp()) * 1000
        return max(1, min(LONGEST_WAIT_MS, int(wait)))

    def _do_what_is_due(self) -> None:
        while self._plans and self._plans[0][0] <= clock.now().timestamp():
            _at, _order, deed = heapq.heappop(self._plans)
            deed()


def run_demo_floor(app: Flask) -> None:
    """Move the simulated agents until SIGTERM."""
    settings = app.config["TELESALES"]
    with pulse(app, "demo"):
        floor = SimulatedFloor(app, speed=settings.carrier_speed, seed=settings.carrier_seed)
        floor.run(stop_on_signal())


def simulated_people(app: Flask) -> dict[int, str]:
    """Everybody who is moved by this process: id -> e-mail address."""
    with app.app_context():
        rows = db.session.execute(select(User.id, User.email).where(User.is_simulated, User.is_active))
        return {row.id: row.email for row in rows}
