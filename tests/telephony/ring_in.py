"""People who ring us over a real trunk, and the worker that takes their calls."""

from contextlib import asynccontextmanager

import redis
from rq.job import Job

from dialer.carriers import make_taker
from dialer.carriers.announcing import job_id
from dialer.carriers.asterisk import inbound_keys
from dialer.ports import RingingIn, TakeOrder
from tests.telephony.asterisk_server import CALLER_IDS
from tests.telephony.audio import tone
from tests.telephony.gateway import CAMPAIGN, floor_of, run

PERSON_HERTZ = 1000
THEIRS = "+12025550142"


class Line:
    """The worker that takes or refuses calls, and people who ring."""

    def __init__(self, gateway, floor, carrier):
        self.gateway, self.floor, self.carrier = gateway, floor, carrier
        self.jobs = redis.Redis.from_url(gateway.url)
        self.taker = make_taker("asterisk", floor.redis)

    async def ring_in(self, number=CALLER_IDS[0], caller=THEIRS, extra=""):
        """Somebody rings: their call, and a task that ends with the answer."""
        sip = self.gateway.servers[0].sip
        return await self.carrier.begin(sip, number, caller, tone(PERSON_HERTZ), extra=extra)

    async def announced(self):
        """What was announced; one call at a time."""
        found = []

        def look():
            for key in self.floor.redis.scan_iter(inbound_keys.inbound_key("*")):
                name = job_id("asterisk", key.removeprefix(inbound_keys.inbound_key("")))
                if Job.exists(name, connection=self.jobs):
                    job = Job.fetch(name, connection=self.jobs)
                    found.append(RingingIn(*job.args))
                    job.delete()
            return found

        await self.floor.until(look, "announced")
        return found[0]

    def take(self, call, attempt=1, *, wait=120.0, recording=None):
        self.taker.take_call(
            TakeOrder(attempt, CAMPAIGN, call.call_id, call.at, 10, wait, {}, recording=recording)
        )

    async def ring_and_take(self, attempt=1):
        person, answer = await self.ring_in()
        announced = await self.announced()
        self.take(announced, attempt)
        await answer
        return person, announced


@asynccontextmanager
async def line_of(gateway):
    async with floor_of(gateway) as (floor, carrier):
        line = Line(gateway, floor, carrier)
        try:
            yield line, floor
        finally:
            line.jobs.close()


def play(gateway, test):
    async def scene():
        async with line_of(gateway) as (line, floor):
            await test(line, floor)

    run(scene())
