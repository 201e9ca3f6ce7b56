"""People and agents together: the callee joins the bridge in which the agent's leg waits."""

import logging

from dialer.carriers.asterisk import keys
from dialer.carriers.asterisk.agents_book import agent_channel
from dialer.carriers.asterisk.ari import AriRefusedError
from dialer.carriers.asterisk.book import Call
from dialer.carriers.asterisk.callers import give_music, stop_music
from dialer.carriers.asterisk.calls import Calls
from dialer.carriers.asterisk.legs import Legs
from dialer.carriers.asterisk.links import Links, leave_bridge
from dialer.carriers.asterisk.recording import Recorder
from dialer.carriers.talks import TalkFact
from dialer.events import EventKind
from dialer.ports import Talk

log = logging.getLogger(__name__)


class Bridging:
    """Connects answered people with agents, of this node or of another one."""

    def __init__(self, calls: Calls, legs: Legs, recorder: Recorder, links: Links) -> None:
        self._calls, self._legs, self._recorder, self._links = calls, legs, recorder, links
        self._switch, self._book = calls.switch, calls.book

    async def connect(self, call: Call, agent_id: int) -> None:
        """Let the two hear each other. Without a leg the agent is lost, and the person is not left with silence."""
        async with call.lock:
            if await self._has_lost(call, agent_id):
                await self._part(call)
            if call.state != keys.ANSWERED or call.why:
                return
            node = await self._switch.agents.node_of(agent_id)
            if node not in ("", self._switch.node.name):
                await self._links.call(call, agent_id, node)
            elif self._legs.has_leg(agent_id):
                await self._free(agent_id, call)
                await self.join(call, agent_id, agent_channel(agent_id))
            elif not self._legs.may_come(agent_id):
                await self._switch.agents.tell_lost(agent_id, call.campaign_id)
            # else the telephone is being rung: the engine asks again

    async def _has_lost(self, call: Call, agent_id: int) -> bool:
        """The agent before left the floor while the two were being joined: the floor has given the person to this one."""
        if call.state != keys.CONNECTED or call.why or call.agent_id in (None, agent_id):
            return False
        return not await self._switch.agents.is_on_floor(call.agent_id)

    async def _part(self, call: Call) -> None:
        await leave_bridge(self._switch, call)
        await self._recorder.stop(call)
        talk = await self._switch.talks.find_talk(call.attempt_id)
        if talk is not None:
            await self._switch.talks.end_talk(talk)
        if await self._book.advance(call, (keys.CONNECTED,), keys.ANSWERED, agent="", bridge=""):
            call.agent_id = None
            self._calls.watch_waiting(call)

    async def join(self, call: Call, agent_id: int, bridge: str) -> None:
        """Take an answered person into the bridge that leads to the agent; the caller holds the lock."""
        if call.state != keys.ANSWERED or call.why:
            return
        await stop_music(self._calls, call)
        try:
            await self._switch.ask("POST", f"bridges/{bridge}/addChannel", channel=call.channel)
        except AriRefusedError as error:
            log.info("call %s and agent %s: %s", call.attempt_id, agent_id, error)
            if call.is_inbound:
                await give_music(self._calls, call)
            return
        talk = Talk(call.attempt_id, call.campaign_id, agent_id)
        await self._switch.talks.write_talk(
            talk, TalkFact.BEGUN
        )  # first: a desk that hears of it may act at once
        connected = call.event(EventKind.CALL_CONNECTED, agent_id=agent_id)
        done = await self._book.advance(
            call, (keys.ANSWERED,), keys.CONNECTED, connected, agent=agent_id, bridge=bridge
        )
        if done:
            call.agent_id = agent_id
            self._calls.unwatch(call)
            await self._recorder.begin(call)
        else:
            await self._switch.talks.end_talk(talk)

    async def _free(self, agent_id: int, but: Call) -> None:
        """The floor gives an agent one call: an older one is over, whatever became of its hanging up."""
        await self._links.free(agent_id)
        for other in list(self._calls.known.values()):
            if other is not but and other.agent_id == agent_id and other.state == keys.CONNECTED:
                self._switch.spawn(self._calls.hang_up(other))
                await self._switch.try_to(
                    "POST", f"bridges/{agent_channel(agent_id)}/removeChannel", channel=other.channel
                )
