"""How long a person who has said hello waits until the agent is heard: one call after the other, on an idle machine."""

import asyncio
import statistics
from pathlib import Path
from typing import Any

from tests import servers
from tests.telephony.asterisk_server import run_asterisks
from tests.telephony.gateway import GatewayProcess, floor_of, phone_of, run_gateway

AGENT, AGENT_HERTZ = 3, 440


def measure_hello(*, calls: int, folder: Path) -> dict[str, Any]:
    """200 OK leaves the callee -> first sound of the agent arrives there, in milliseconds."""
    own = folder / "redis-hello"
    own.mkdir()
    with (
        servers.run_redis(own) as url,
        run_asterisks(("one",), trunk="check_seconds = 0") as (node,),
        run_gateway([node], url) as gateway,
    ):
        waited = asyncio.run(_measure(gateway, calls))
    cuts = statistics.quantiles(waited, n=100, method="inclusive")
    return {
        "calls": len(waited),
        "answered_to_heard_ms": {
            "p50": round(cuts[49], 1),
            "p95": round(cuts[94], 1),
            "max": round(max(waited), 1),
        },
    }


async def _measure(gateway: GatewayProcess, calls: int) -> list[float]:
    waited = []
    async with floor_of(gateway) as (floor, carrier), phone_of(AGENT, hertz=AGENT_HERTZ) as phone:
        await floor.seat(AGENT, phone, gateway.servers[0])
        for attempt in range(1, calls + 1):
            number = floor.place(attempt)
            call = await carrier.next_call(number)
            await floor.connect(attempt, AGENT)
            await call.media.hears(AGENT_HERTZ)
            waited.append(1000 * (call.media.first_at - call.answered_at))
            await call.hang_up()
            await call.over()
    return waited
