"""The router: one gateway at a time reads the carrier's commands and hands each to the node that is to do it."""

import asyncio
import logging
from collections.abc import Mapping
from typing import Any, cast

import redis
from redis.asyncio import Redis

from dialer import clock, live
from dialer.carriers.asterisk import keys
from dialer.carriers.asterisk.agents_book import AgentBook
from dialer.carriers.asterisk.book import Call, CallBook
from dialer.carriers.asterisk.caller_ids import CallerIds, pick_caller_id
from dialer.carriers.asterisk.choosing import Way, rank_ways, rate_window, with_one_more
from dialer.carriers.asterisk.settings import Telephony
from dialer.carriers.telephone import TelephoneCommand
from dialer.events import CallCause
from dialer.ports import SuperviseMode

log = logging.getLogger(__name__)

STALE_SECONDS = 30.0  # the engine takes a call back after five; this one was forgotten by everybody
BLOCK_MS = 500
BATCH = 200
LOOK_SECONDS = 0.02  # between two tries to find room for calls that wait for it
Command = tuple[str, dict[str, str]]


class Router:
    """Takes commands from the general stream. An entry stays there until it is handed on."""

    def __init__(self, client: Redis, telephony: Telephony, agents: AgentBook) -> None:
        self._client, self._telephony, self._agents = client, telephony, agents
        self._book, self._caller_ids = CallBook(client), CallerIds(client)
        self._shown: dict[str, int] = {}  # calls of today by the number that they showed
        self._assign = client.register_script(keys.ASSIGN)
        self._send = client.register_script(keys.SEND)
        self._waiting: dict[str, int] = {}  # entry -> attempt without a trunk yet, the oldest first
        self._start = "0"

    async def prepare(self) -> None:
        """Begin with what an earlier router read and did not hand on."""
        self._start, self._waiting = "0", {}
        try:
            await self._client.xgroup_create(live.ASTERISK_COMMANDS, keys.GROUP, id="0", mkstream=True)
        except redis.ResponseError as error:
            if "BUSYGROUP" not in str(error):
                raise

    async def work(self) -> None:
        """Read and hand on once."""
        for entry, fields in await self._read():
            await self._take(entry, fields)
        if self._waiting:
            await self._place_waiting()

    async def _read(self) -> list[Command]:
        wait = None if self._start == "0" else int(1000 * LOOK_SECONDS) if self._waiting else BLOCK_MS
        answer: Any = await self._client.xreadgroup(
            keys.GROUP, keys.GROUP, {live.ASTERISK_COMMANDS: self._start}, count=BATCH, block=wait
        )
        commands = [command for _, found in answer or () for command in found]
        if self._start != ">":
            self._start = commands[-1][0] if commands else ">"
        return commands

    async def _take(self, entry: str, fields: dict[str, str]) -> None:
        try:
            done = await self._hand_on(entry, fields)
        except (KeyError, ValueError):
            log.exception("a command cannot be read: %s", fields.get("command"))
            done = True
        if done:
            await self._forget(entry)

    async def _forget(self, entry: str) -> None:
        async with self._client.pipeline(transaction=True) as pipe:
            pipe.xack(live.ASTERISK_COMMANDS, keys.GROUP, entry)
            pipe.xdel(live.ASTERISK_COMMANDS, entry)
            await pipe.execute()

    async def _hand_on(self, entry: str, fields: Mapping[str, str]) -> bool:
        match fields["command"]:
            case "place":
                self._waiting[entry] = int(fields["attempt"])
                return False
            case TelephoneCommand.OPEN_AGENT | TelephoneCommand.CLOSE_AGENT:
                await self._agents.take(fields)
                for node in self._telephony.nodes:
                    await self._tell_node(node.name, {"command": fields["command"], "agent": fields["agent"]})
            case TelephoneCommand.SUPERVISE:
                home = await self._agents.node_of(int(fields["agent"]))
                if home and fields["mode"] != SuperviseMode.STOP:
                    await self._agents.move_to(int(fields["supervisor"]), home)
                for name in [home] if home else [node.name for node in self._telephony.nodes]:
                    await self._tell_node(name, fields)
            case _:
                await self._tell_call(int(fields["attempt"]), fields)
        return True

    async def _tell_node(self, node: str, fields: Mapping[str, str]) -> None:
        await self._client.xadd(keys.node_commands(node), cast(Any, dict(fields)))

    async def _tell_call(self, attempt_id: int, fields: Mapping[str, str]) -> None:
        call = await self._book.find(attempt_id)
        if call is None:
            return
        if call.node:
            await self._tell_node(call.node, fields)
        elif fields["command"] == "hang_up":
            await self._book.advance(call, (keys.QUEUED,), keys.ENDED, call.ended(CallCause.HUNG_UP))

    # calls that look for a trunk
    async def _place_waiting(self) -> None:
        ways = await self._list_ways()
        for entry, attempt_id in list(self._waiting.items()):
            if await self._place(attempt_id, ways):
                del self._waiting[entry]
                await self._forget(entry)

    async def _place(self, attempt_id: int, ways: list[Way]) -> bool:
        """True when there is nothing more to do for it."""
        call = await self._book.find(attempt_id)
        if call is None or call.state != keys.QUEUED:
            return True
        if clock.now() - call.since > STALE_SECONDS:
            await self._book.advance(call, (keys.QUEUED,), keys.ENDED, call.ended(CallCause.FAILED))
            return True
        if self._everybody_refused(call):
            why = {"why": "every trunk refused it"}
            await self._book.advance(call, (keys.QUEUED,), keys.ENDED, call.ended(CallCause.FAILED, **why))
            return True
        showable = [
            way for way in ways if pick_caller_id(way.trunk, call.caller_id, self._shown, call.others_numbers)
        ]
        for way in rank_ways(showable, caller_id=call.caller_id, refused=call.refused):
            answer = await self._ask_for(call, way)
            if answer == "assigned":
                ways[:] = [with_one_more(other, way) for other in ways]
            if answer in ("assigned", "gone"):
                return True
            ways.remove(way)  # for this time: who has waited longer goes first
        return False

    def _everybody_refused(self, call: Call) -> bool:
        names = {trunk.name for trunk in self._telephony.trunks if trunk.weight > 0}
        return bool(call.refused) and names <= set(call.refused)

    async def _ask_for(self, call: Call, way: Way) -> str:
        trunk, node = way.trunk, way.node
        calls, window = rate_window(trunk.calls_per_second)
        answer = await self._assign(
            keys=[
                keys.call_key(call.attempt_id),
                keys.trunk_calls(trunk.name),
                keys.node_calls(node.name),
                keys.trunk_recent(trunk.name),
                keys.node_commands(node.name),
                keys.node_up(node.name),
                keys.trunk_rests(trunk.name),
            ],
            args=[
                call.attempt_id,
                trunk.max_channels,
                node.max_channels,
                calls,
                repr(window),
                repr(clock.now()),
                trunk.name,
                node.name,
            ],
        )
        return str(answer)

    async def _list_ways(self) -> list[Way]:
        """Trunks of nodes that are up, with what is on them."""
        async with self._client.pipeline(transaction=False) as pipe:
            for trunk in self._telephony.trunks:
                pipe.exists(keys.node_up(trunk.node))
                pipe.exists(keys.trunk_rests(trunk.name))
                pipe.scard(keys.trunk_calls(trunk.name))
                pipe.scard(keys.node_calls(trunk.node))
                pipe.exists(keys.trunk_silent(trunk.name))
            answers: list[int] = await pipe.execute()
        near, self._shown = await self._agents.nodes_with_agents(), await self._caller_ids.calls_today()
        ways = []
        for index, trunk in enumerate(self._telephony.trunks):
            up, rests, on_trunk, on_node, silent = answers[5 * index : 5 * index + 5]
            if up and not rests and pick_caller_id(trunk, "", self._shown):
                ways.append(
                    Way(
                        trunk,
                        self._telephony.node(trunk.node),
                        on_trunk,
                        on_node,
                        has_agents=not near or trunk.node in near,
                        is_silent=bool(silent),
                    )
                )
        return ways


async def route_until(stopping: asyncio.Event, router: Router) -> None:
    """Work until told to stop."""
    await router.prepare()
    while not stopping.is_set():
        await router.work()
