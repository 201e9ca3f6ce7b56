"""The permanent legs of agents on one node: credentials pushed to it, the telephone rung, kept, and missed when it is gone."""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any

from dialer.carriers.asterisk import endpoints
from dialer.carriers.asterisk.agents_book import AgentRecord, agent_channel, phone_endpoint
from dialer.carriers.asterisk.ari import AriLostError, AriRefusedError
from dialer.carriers.asterisk.settings import APPLICATION
from dialer.carriers.asterisk.switch import Switch

log = logging.getLogger(__name__)

KIND = "agent"
ANSWER_SECONDS = 10
GRACE_SECONDS = 2.0  # a telephone that is back in time was never away
RETURN_SECONDS = 3.5  # the same in a conversation: a page that is loaded again finds the callee on the line
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 8.0  # between two tries to ring a telephone that is there
FELL_SILENT = 44  # the cause with which Asterisk ends a leg of which nothing is heard
# Telephones that are not a browser answer by themselves when they are told so; each maker listens to another header.
ANSWER_BY_YOURSELF = {
    "PJSIP_HEADER(add,Call-Info)": "<sip:telesales>;answer-after=0",
    "PJSIP_HEADER(add,Alert-Info)": "<http://localhost>;info=alert-autoanswer;delay=0",
}


@dataclass(slots=True)
class Leg:
    """One agent's leg. `online`: the endpoint under which a telephone is registered."""

    agent_id: int
    online: str = ""
    contact: str = ""  # address of that telephone, once it was told
    dialed: str = ""  # address that the leg was made to
    up: bool = False
    ringing: bool = False
    moved: bool = False  # to another address: the leg to the old one is taken down and made anew
    pause: float = FIRST_PAUSE
    timer: asyncio.TimerHandle | None = None
    # What happens to a leg is taken in one after the other: its end may be heard while its beginning is still being arranged.
    turn: asyncio.Lock = field(default_factory=asyncio.Lock, repr=False)


class Legs:
    """Keeps a leg to every telephone that is registered on this node."""

    def __init__(self, switch: Switch, is_talking: Callable[[int], bool]) -> None:
        self.switch, self._is_talking = switch, is_talking
        self.known: dict[int, Leg] = {}
        self._unheard: set[int] = set()  # agents whose telephone is there, though nobody said so
        self.on_came: list[Callable[[int], Coroutine[Any, Any, None]]] = []
        self.on_went: list[Callable[[int], Coroutine[Any, Any, None]]] = []

    def has_leg(self, agent_id: int) -> bool:
        """Somebody could hear the callee now."""
        leg = self.known.get(agent_id)
        return leg is not None and leg.up

    def may_come(self, agent_id: int) -> bool:
        """The telephone is registered and being rung."""
        leg = self.known.get(agent_id)
        return leg is not None and bool(leg.online)

    # credentials
    async def open(self, agent_id: int) -> None:
        """Let the agent's telephone register here, and ring it when it does."""
        agent = await self.switch.agents.find(agent_id)
        if agent is None:
            await self.close(agent_id)
            return
        await endpoints.push(self.switch, agent)
        leg = self.known.setdefault(agent_id, Leg(agent_id))
        for endpoint in endpoints.names_of(agent_id):
            await self.switch.ask(
                "POST", f"applications/{APPLICATION}/subscription", eventSource=f"endpoint:PJSIP/{endpoint}"
            )
            found = await self.switch.find(f"endpoints/PJSIP/{endpoint}")
            if found and found["state"] == "online":
                leg.online = endpoint
        async with leg.turn:
            await self.switch.agents.is_open(agent_id, self.switch.node.name)
        if leg.online:
            await self.ring(leg)

    async def close(self, agent_id: int) -> None:
        """Take the credentials away and hang up."""
        if self._is_talking(agent_id):
            await self.switch.agents.tell_lost(agent_id)
        leg = self.known.pop(agent_id, None)
        if leg is not None and leg.timer is not None:
            leg.timer.cancel()
        await endpoints.remove(self.switch, agent_id)
        await self.switch.try_to("DELETE", f"channels/{agent_channel(agent_id)}")
        await self.switch.try_to("DELETE", f"bridges/{agent_channel(agent_id)}")

    async def close_expired(self) -> None:
        """Credentials are short-lived, but nobody is cut off in the middle of a conversation; then no calls come any more."""
        for agent_id in list(self.known):
            if await self.switch.agents.find(agent_id) is None and not await self._has_company(agent_id):
                if self.has_leg(agent_id):
                    await self.switch.agents.tell_lost(agent_id)
                await self.close(agent_id)
                await self.switch.agents.forget(agent_id)

    async def _has_company(self, agent_id: int) -> bool:
        """Somebody talks with the agent now: they may finish."""
        if not self.has_leg(agent_id):
            return False
        bridge = await self.switch.find(f"bridges/{agent_channel(agent_id)}")
        return bridge is not None and len(bridge["channels"]) > 1

    # the leg
    async def ring(self, leg: Leg) -> None:
        """Ring a registered telephone, unless its leg is there."""
        if leg.up or leg.ringing or not leg.online:
            return
        leg.ringing, leg.dialed = True, leg.contact
        if await self.switch.agents.is_sent_away(leg.agent_id, self.switch.node.name):
            leg.ringing = False
            return
        try:
            await self.switch.originate(
                agent_channel(leg.agent_id),
                f"PJSIP/{leg.online}",
                kind=KIND,
                callerId="Telesales <telesales>",
                timeout=ANSWER_SECONDS,
                body={"variables": ANSWER_BY_YOURSELF}
                if leg.online == phone_endpoint(leg.agent_id)
                else None,
            )
        except AriRefusedError as error:
            log.info("the telephone of agent %s cannot be rung: %s", leg.agent_id, error)
            leg.ringing = False
            self._ring_later(leg)
        except AriLostError:
            leg.ringing = False

    def _ring_later(self, leg: Leg) -> None:
        if not leg.online:
            return
        self._later(leg, leg.pause, lambda: self.ring(leg))
        leg.pause = min(2 * leg.pause, LONGEST_PAUSE)

    def _later(self, leg: Leg, seconds: float, work: Any) -> None:
        if leg.timer is not None:
            leg.timer.cancel()
        loop = asyncio.get_running_loop()
        leg.timer = loop.call_later(seconds, lambda: self.switch.spawn(work()))

    async def came_up(self, agent_id: int) -> None:
        """The telephone answered: the agent sits in a bridge of their own and waits for people."""
        leg = self.known.setdefault(agent_id, Leg(agent_id))
        async with leg.turn:
            await self._come_up(leg)

    async def _come_up(self, leg: Leg) -> None:
        agent_id, name = leg.agent_id, agent_channel(leg.agent_id)
        await self.switch.try_to("POST", f"bridges/{name}", type="mixing", name=name)
        if not await self.switch.try_to("POST", f"bridges/{name}/addChannel", channel=name):
            return  # gone already: we hear of that next
        leg.up, leg.ringing, leg.moved, leg.pause = True, False, False, FIRST_PAUSE
        await self.switch.agents.has_leg(agent_id, self.switch.node.name)
        for follow in self.on_came:
            self.switch.spawn(follow(agent_id))

    async def went_down(self, agent_id: int, cause: int = 0) -> None:
        """The leg is gone. Whoever is in a conversation and put the telephone down is lost; one that is only changed is not missed."""
        leg = self.known.get(agent_id)
        if leg is not None:
            async with leg.turn:
                await self._go_down(leg, cause)

    async def _go_down(self, leg: Leg, cause: int) -> None:
        agent_id, was_up, moved = leg.agent_id, leg.up, leg.moved
        leg.up = leg.ringing = leg.moved = False
        if was_up:
            for follow in self.on_went:
                self.switch.spawn(follow(agent_id))
            await self.switch.agents.has_no_leg(agent_id, self.switch.node.name)
            if cause == FELL_SILENT or (self._is_talking(agent_id) and not moved):
                await self.switch.agents.tell_lost(agent_id)
            else:
                self.switch.spawn(self._miss_later(leg))
        if not leg.online:
            return
        if was_up:
            leg.pause = FIRST_PAUSE
            await self.ring(leg)
        else:
            self._ring_later(leg)

    async def _miss_later(self, leg: Leg) -> None:
        await asyncio.sleep(GRACE_SECONDS)
        if not leg.up and leg.agent_id in self.known:
            await self.switch.agents.tell_lost(leg.agent_id)

    async def heard_of(self, endpoint: str, address: str, *, there: bool) -> None:
        """A telephone registered, or its registration is gone."""
        kind, _, number = endpoint.partition("-")
        leg = self.known.get(int(number)) if number.isdigit() and kind in ("agent", "phone") else None
        if leg is None:
            return
        if there:
            leg.online, leg.contact, leg.pause = endpoint, address, FIRST_PAUSE
            if (leg.up or leg.ringing) and not leg.dialed:  # made before we were told where the telephone is
                leg.dialed = address
            if (leg.up or leg.ringing) and leg.dialed != address:  # another telephone: the old one is gone
                leg.moved = True
                await self.switch.try_to("DELETE", f"channels/{agent_channel(leg.agent_id)}")
            else:
                await self.ring(leg)
        elif leg.contact in (address, "") and leg.online == endpoint:
            leg.online = leg.contact = ""
            patience = RETURN_SECONDS if self._is_talking(leg.agent_id) else GRACE_SECONDS
            self._later(leg, patience, lambda: self._missed(leg))

    async def look_for_unheard(self) -> None:
        """Ring telephones whose registration was not heard.

        Asterisk 22 tells nobody of one that comes within milliseconds of its endpoint, and calls the endpoint offline for a
        moment more. Two looks have to agree: news that are on their way, and an endpoint that is about to go, settle meanwhile.
        """
        silent = [leg for leg in self.known.values() if not leg.online]
        if not silent:
            self._unheard.clear()
            return
        found = await self.switch.ask("GET", "endpoints/PJSIP")
        online = {endpoint["resource"] for endpoint in found if endpoint["state"] == "online"}
        before, self._unheard = self._unheard, set()
        for leg in silent:
            there = [name for name in endpoints.names_of(leg.agent_id) if name in online]
            if not there or leg.online:
                continue
            if leg.agent_id in before:
                leg.online, leg.pause = there[-1], FIRST_PAUSE
                await self.ring(leg)
            else:
                self._unheard.add(leg.agent_id)

    async def _missed(self, leg: Leg) -> None:
        """It did not come back in time: what is left of its leg is silence."""
        if not leg.online and (leg.up or leg.ringing):
            await self.switch.try_to("DELETE", f"channels/{agent_channel(leg.agent_id)}")

    # looking at what is there, after a connection
    async def adopt(self) -> None:
        """Open every telephone on a node that may know nothing of it, and take up legs that are there."""
        wanted = [agent for agent in await self.switch.agents.list_all() if agent]
        for agent in wanted:
            leg = self.known.setdefault(agent.agent_id, Leg(agent.agent_id))
            async with leg.turn:
                await self._adopt_leg(leg, agent)
            await self.open(agent.agent_id)
        await self._close_strangers({agent.agent_id for agent in wanted})

    async def _adopt_leg(self, leg: Leg, agent: AgentRecord) -> None:
        # Asked for now: what was there a moment ago may have been heard to change since.
        channel = await self.switch.find(f"channels/{agent_channel(leg.agent_id)}")
        had_leg = leg.up or agent.node == self.switch.node.name
        leg.up, leg.ringing, leg.online, leg.contact = False, channel is not None, "", ""
        if channel is not None and channel["state"] == "Up":
            await self._come_up(leg)
        if had_leg and not leg.up:
            leg.up = True
            await self._go_down(leg, FELL_SILENT)

    async def _close_strangers(self, wanted: set[int]) -> None:
        """Credentials that were taken away while nobody listened."""
        for endpoint in await self.switch.ask("GET", "endpoints/PJSIP"):
            kind, _, number = str(endpoint["resource"]).partition("-")
            if kind == KIND and number.isdigit() and int(number) not in wanted:
                await self.close(int(number))

    async def give_up(self) -> None:
        """The node is dead: its telephones shall register elsewhere."""
        for agent in await self.switch.agents.list_all():
            if agent is None:
                continue
            leg = self.known.get(agent.agent_id)
            if leg is not None:
                async with leg.turn:
                    leg.up, leg.ringing, leg.online = agent.node == self.switch.node.name, False, ""
                    await self._go_down(leg, FELL_SILENT)
            await self.switch.agents.move_home(agent.agent_id, self.switch.node.name)
