"""Supervisors in agents' calls: a snoop on the agent's leg, heard in the bridge of the supervisor's own leg."""

import asyncio
import logging
from typing import cast

from dialer import live
from dialer.carriers.asterisk.agents_book import agent_channel
from dialer.carriers.asterisk.legs import Legs
from dialer.carriers.asterisk.settings import APPLICATION
from dialer.carriers.talks import read_supervision
from dialer.ports import SuperviseMode, Supervision

log = logging.getLogger(__name__)

KIND = "snoop"
TRIES, WAIT_SECONDS = 50, 0.1  # for what a loaded node does in a moment
MOVE_TRIES = 100  # for a browser that comes from another node
# Whisper: into the agent's ear alone. Barge: to everybody.
WHISPER = {SuperviseMode.LISTEN: "none", SuperviseMode.WHISPER: "out", SuperviseMode.BARGE: "both"}


def snoop_channel(supervisor_id: int) -> str:
    """Id of a supervisor's snoop."""
    return f"{KIND}-{supervisor_id:09d}"


class Supervising:
    """Listen, whisper and barge on one node, in whatever calls the agent has."""

    def __init__(self, legs: Legs) -> None:
        self._legs, self._switch = legs, legs.switch
        self._wanted: dict[int, Supervision] = {}
        self._asked: dict[int, Supervision] = {}  # what a supervisor asked for last

    async def supervise(self, supervisor_id: int, agent_id: int, mode: SuperviseMode) -> None:
        """Begin, change or stop."""
        supervision = self._asked[supervisor_id] = Supervision(supervisor_id, agent_id, mode)
        if mode is SuperviseMode.STOP:
            await self._stop(supervision)
        elif not await self._has_leg_soon(supervision):
            if self._asked[supervisor_id] is supervision:
                await self._miss(supervision)
        elif not self._legs.has_leg(agent_id):
            await self._refuse(supervision, "agent_has_none")
        else:
            await self._begin(supervision)

    async def _has_leg_soon(self, supervision: Supervision) -> bool:
        """A page knows that its telephone is connected before the node has said so, and one on another node is on its way here.

        False, too, when something else was asked for.
        """
        supervisor_id = supervision.supervisor_id
        for count in range(MOVE_TRIES):
            if self._asked[supervisor_id] is not supervision:
                return False
            if self._legs.has_leg(supervisor_id):
                return True
            if not (count < TRIES and self._legs.may_come(supervisor_id)) and not await self._comes(
                supervisor_id
            ):
                return False
            await asyncio.sleep(WAIT_SECONDS)
        return False

    async def _comes(self, supervisor_id: int) -> bool:
        """The router sent the telephone here, and it is on another node, or between both."""
        found = await self._switch.agents.find(supervisor_id)
        here = self._switch.node.name
        return found is not None and found.home == here and found.node != here

    async def _miss(self, supervision: Supervision) -> None:
        """A telephone that is no browser cannot be sent to the agent's node."""
        found = await self._switch.agents.find(supervision.supervisor_id)
        elsewhere = found is not None and found.node not in ("", self._switch.node.name)
        await self._switch.agents.stay(supervision.supervisor_id)
        await self._refuse(supervision, "another_node" if elsewhere else "no_telephone")

    async def _begin(self, supervision: Supervision) -> None:
        supervisor_id = supervision.supervisor_id
        known = self._wanted.get(supervisor_id)
        if known == supervision and await self._switch.find(f"channels/{snoop_channel(supervisor_id)}"):
            return
        if self._asked[supervisor_id] is not supervision:
            return  # something else was asked for while it was looked
        self._wanted[supervisor_id] = supervision
        await self._switch.try_to("DELETE", f"channels/{snoop_channel(supervisor_id)}")
        came = await self._snoop(supervision)
        if not self._is_wanted(supervision):
            return
        if came:
            await self._switch.talks.write_supervision(supervision)
        else:
            await self._refuse(supervision, "not_possible")

    def _is_wanted(self, supervision: Supervision) -> bool:
        """False when something else was asked for meanwhile."""
        return self._wanted.get(supervision.supervisor_id) == supervision

    async def _snoop(self, supervision: Supervision) -> bool:
        """Asterisk takes a moment to forget the snoop of the mode before, and refuses its name until then."""
        for _try in range(TRIES):
            if not self._is_wanted(supervision):
                return False
            if await self._ask_for_snoop(supervision):
                return await self._keep(supervision)
            await asyncio.sleep(WAIT_SECONDS)
        return False

    async def _keep(self, supervision: Supervision) -> bool:
        """Whoever stopped while the node was asked listens to nobody."""
        if supervision.supervisor_id in self._wanted:
            return True
        await self._switch.try_to("DELETE", f"channels/{snoop_channel(supervision.supervisor_id)}")
        return False

    async def _ask_for_snoop(self, supervision: Supervision) -> bool:
        agent = agent_channel(supervision.agent_id)
        return await self._switch.try_to(
            "POST",
            f"channels/{agent}/snoop/{snoop_channel(supervision.supervisor_id)}",
            app=APPLICATION,
            appArgs=KIND,
            spy="both",
            whisper=WHISPER[supervision.mode],
        )

    async def began(self, supervisor_id: int) -> None:
        """The snoop is there: the supervisor hears it."""
        bridge = agent_channel(supervisor_id)
        await self._switch.try_to(
            "POST", f"bridges/{bridge}/addChannel", channel=snoop_channel(supervisor_id)
        )

    async def _stop(self, supervision: Supervision, why: str = "") -> None:
        self._wanted.pop(supervision.supervisor_id, None)
        await self._switch.try_to("DELETE", f"channels/{snoop_channel(supervision.supervisor_id)}")
        stopped = Supervision(supervision.supervisor_id, supervision.agent_id, SuperviseMode.STOP)
        await self._switch.talks.write_supervision(stopped, why)

    async def _refuse(self, supervision: Supervision, why: str) -> None:
        self._wanted.pop(supervision.supervisor_id, None)
        stopped = Supervision(supervision.supervisor_id, supervision.agent_id, SuperviseMode.STOP)
        await self._switch.talks.write_supervision(stopped, why)

    async def leg_came(self, agent_id: int) -> None:
        """The agent's telephone is back: whoever listened goes on listening."""
        for supervision in list(self._wanted.values()):
            if supervision.agent_id == agent_id:
                await self._snoop(supervision)

    async def leg_went(self, agent_id: int) -> None:
        """A supervisor without a telephone listens to nobody any more."""
        supervision = self._wanted.get(agent_id)
        if supervision is not None:
            await self._stop(supervision, "telephone_lost")

    async def adopt(self) -> None:
        """After a connection: take up what was there."""
        for agent_id in list(self._legs.known):
            found = await self._switch.client.get(live.supervision_key(agent_id))
            supervision = read_supervision(cast("str | None", found))
            if supervision is not None and self._legs.has_leg(agent_id):
                self._wanted[agent_id] = supervision
                if not await self._switch.find(f"channels/{snoop_channel(agent_id)}"):
                    await self._snoop(supervision)
