"""One simulated agent at work: what is heard of it, and what it does next."""

import logging
import random
from collections.abc import Callable, Mapping
from typing import Any

from dialer.core.floor.agent import AgentState
from telesales import clock
from telesales.calls.rules import DispositionCode
from telesales.demo import mind
from telesales.demo.acting import Deeds, Standing
from telesales.errors import TelesalesError

log = logging.getLogger(__name__)
Schedule = Callable[[float, Callable[[], None]], None]  # seconds from now, what to do then
TRY_AGAIN_SECONDS = 5.0


class Seat:
    """Reacts to the agent's states. `later` calls back after a while; a new state makes old plans void."""

    def __init__(self, deeds: Deeds, later: Schedule, *, skill: float, speed: float, seed: str) -> None:
        self.deeds, self._later = deeds, later
        self._skill, self._speed = skill, speed
        self._rng = random.Random(seed)
        self._state: tuple[str, Any, Any] | None = None
        self._aim = mind.Aim(DispositionCode.NOT_INTERESTED)
        self._talk_until = 0.0
        self._is_over = False

    @property
    def user_id(self) -> int:
        """Whose seat it is."""
        return self.deeds.user_id

    def see(self, view: Mapping[str, Any] | None) -> None:
        """Hear of the agent's state. Told twice, it acts once."""
        state = "offline" if view is None else view["state"]
        known = (state, None, None)
        if view is not None and state != AgentState.OFFLINE:
            known = (state, view["attempt_id"], view["since"])
        if known == self._state:
            return
        self._state = known
        match state:
            case AgentState.OFFLINE:
                self._plan(self._away(view), self._sign_on)
            case AgentState.PAUSED if view is not None:
                self._plan(self._pause_left(view), self.deeds.ready)
            case AgentState.ON_CALL:
                self._plan(self._rng.uniform(0.4, 1.2), self._meet)
            case AgentState.WRAP_UP:
                self._plan(mind.write_up_seconds(self._rng, self._aim), self._write_up)

    def _plan(self, seconds: float, deed: Callable[[], Any]) -> None:
        """Do something in a while, at this floor's speed, if the agent is still in the same state then."""
        planned_in = self._state

        def act() -> None:
            if self._state == planned_in:
                self._try(deed)

        self._later(seconds / self._speed, act)

    def _try(self, deed: Callable[[], Any]) -> None:
        try:
            deed()
        except TelesalesError as error:
            log.info("agent %s: %s", self.user_id, error.code)
            self._plan(TRY_AGAIN_SECONDS * self._speed, deed)
        except Exception:
            log.exception("agent %s stumbled", self.user_id)
            self._plan(TRY_AGAIN_SECONDS * self._speed, deed)

    def _sign_on(self) -> None:
        if not self.deeds.sign_on():
            self._plan(TRY_AGAIN_SECONDS * self._speed, self._sign_on)

    def reconsider(self, campaign_id: int) -> None:
        """A ready agent gets up from a campaign that is over, and looks for another one."""
        if self._state is not None and self._state[0] == AgentState.READY:
            self._try(lambda: None if self.deeds.is_needed(campaign_id) else self.deeds.leave())

    def _away(self, view: Mapping[str, Any] | None) -> float:
        """Who was sent off by a supervisor does not come back at once; who was moved is signed on by the floor."""
        if view is not None and view.get("ordered_by") is not None:
            return mind.break_seconds(self._rng)
        return self._rng.uniform(0.3, 4.0)

    def _pause_left(self, view: Mapping[str, Any]) -> float:
        if not view["pause_reason"]:
            return self._rng.uniform(0.8, 3.0)
        length = mind.break_seconds(random.Random(f"{self.user_id}:{view['since']}"))
        return max(0.5, length - (clock.now().timestamp() - float(view["since"])) * self._speed)

    @property
    def _attempt_id(self) -> int:
        if self._state is None or self._state[1] is None:
            raise LookupError("no call is open")
        return int(self._state[1])

    def _meet(self) -> None:
        """The callee is on the line: decide what it will come to, and begin to speak."""
        attempt_id = self._attempt_id
        plan = self.deeds.meet(attempt_id)
        self._rng.seed(f"{self.user_id}:{attempt_id}")
        self._aim = mind.aim(self._rng, plan.callee, skill=self._skill)
        self._talk_until = clock.now().timestamp() + plan.talk
        self._go_on(self.deeds.look_at(attempt_id, self._aim))

    def _go_on(self, standing: Standing) -> None:
        self._is_over = standing.is_over
        left = self._talk_until - clock.now().timestamp()
        seconds = mind.step_seconds(self._rng, left=standing.left, until_hang_up=left * self._speed)
        is_end = standing.is_over or self._aim.is_short
        self._plan(seconds, self._hang_up if is_end else self._speak)

    def _speak(self) -> None:
        self._go_on(self.deeds.speak(self._attempt_id, self._aim, self._rng))

    def _hang_up(self) -> None:
        self.deeds.hang_up(self._attempt_id)

    def _write_up(self) -> None:
        attempt_id = self._attempt_id
        if mind.wants_break(self._rng):
            self.deeds.take_break()
        self.deeds.write_up(attempt_id, mind.cut_short(self._aim, is_over=self._is_over), self._rng)
        self._aim, self._is_over = mind.Aim(DispositionCode.NOT_INTERESTED), False
