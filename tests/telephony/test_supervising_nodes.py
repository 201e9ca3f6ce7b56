"""Supervisor and agent on two nodes: the supervisor's telephone comes to the agent's node."""

import asyncio
import json

import pytest

from dialer import live
from dialer.carriers.asterisk import keys
from dialer.ports import LineState, SuperviseMode
from tests.telephony.callee import CALLEE_HERTZ
from tests.telephony.gateway import floor_of, phone_of, run, run_gateway

AGENT, SUPERVISOR = 3, 8
AGENT_HERTZ, SUPERVISOR_HERTZ = 440, 620
TRUNKS_OF_ONE = ('name = "two-out"', 'name = "two-out"\nweight = 0')


def play(make_asterisks, redis_url, test):
    """Agent and callee talk on node one, the supervisor's telephone is on node two."""

    async def scene(gateway, servers):
        async with (
            floor_of(gateway) as (floor, carrier),
            phone_of(AGENT) as phone,
            phone_of(SUPERVISOR, hertz=SUPERVISOR_HERTZ) as desk,
        ):
            await floor.seat(AGENT, phone, servers[0])
            await floor.open(SUPERVISOR)
            assert await desk.sign_on(servers[1].sip) == 200
            await floor.until(lambda: floor.line(SUPERVISOR) is LineState.CONNECTED, "supervisor's leg up")
            assert node_of(floor) == "two"
            call = await carrier.next_call(floor.place(1))
            await floor.connect(1, AGENT)
            await call.media.hears(AGENT_HERTZ)
            await test(floor, servers, desk, call)

    with (
        make_asterisks(("one", "two"), trunk="check_seconds = 0") as servers,
        run_gateway(servers, redis_url, change=TRUNKS_OF_ONE) as gateway,
    ):
        run(scene(gateway, servers))


def node_of(floor) -> str | None:
    return floor.redis.hget(keys.agent_key(SUPERVISOR), "node")


def told(floor) -> list[dict]:
    entries = [fields for _, fields in floor.redis.xrange(live.PUSH_STREAM)]
    return [json.loads(fields["data"]) for fields in entries if fields["event"] == "supervision"]


async def come(floor, server, desk) -> None:
    """What the browser does when it reads that it is to register elsewhere."""
    await floor.until(
        lambda: floor.telephone.find_line(SUPERVISOR).address == server.node.browser_url, "told where to go"
    )
    for call in list(desk.calls.values()):
        if not call.ended.is_set():
            await call.hang_up()
    assert await desk.sign_on(server.sip) == 200


@pytest.mark.parametrize("mode", [SuperviseMode.LISTEN, SuperviseMode.BARGE])
def test_a_browser_comes_to_the_agents_node_and_hears_both(make_asterisks, redis_url, redis_server, mode):
    async def test(floor, servers, desk, call):
        floor.telephone.supervise(SUPERVISOR, AGENT, mode)
        await come(floor, servers[0], desk)
        await floor.until(lambda: told(floor), "told that it is so")

        supervisor = list(desk.calls.values())[-1].media
        await supervisor.hears(AGENT_HERTZ, CALLEE_HERTZ, least=0.8)
        heard = [AGENT_HERTZ, *([SUPERVISOR_HERTZ] if mode is SuperviseMode.BARGE else [])]
        await call.media.hears(*heard, least=0.8)
        assert [(one["mode"], one["why"]) for one in told(floor)] == [(mode, "")]
        assert node_of(floor) == "one"

    play(make_asterisks, redis_url, test)


def test_a_telephone_that_stays_is_told_and_goes_on_working_where_it_is(
    make_asterisks, redis_url, redis_server
):
    async def test(floor, servers, desk, call):
        floor.telephone.supervise(SUPERVISOR, AGENT, SuperviseMode.LISTEN)
        await floor.until(lambda: told(floor), "refused")

        assert [(one["mode"], one["why"]) for one in told(floor)] == [("stop", "another_node")]
        line = floor.telephone.find_line(SUPERVISOR)
        assert (line.state, line.address) == (LineState.CONNECTED, servers[1].node.browser_url)
        assert not next(iter(desk.calls.values())).ended.is_set()

    play(make_asterisks, redis_url, test)


def test_who_asks_for_something_else_meanwhile_is_not_refused(make_asterisks, redis_url, redis_server):
    async def test(floor, servers, desk, call):
        floor.telephone.supervise(SUPERVISOR, AGENT, SuperviseMode.LISTEN)
        floor.telephone.supervise(SUPERVISOR, AGENT, SuperviseMode.BARGE)
        await come(floor, servers[0], desk)
        await floor.until(lambda: told(floor), "told that it is so")
        await asyncio.sleep(0)

        assert [(one["mode"], one["why"]) for one in told(floor)] == [("barge", "")]

    play(make_asterisks, redis_url, test)
