"""People who ring us over a real node, for the conformance tests."""

import asyncio
from typing import Any

import redis
from rq.job import Job

from dialer import clock
from dialer.carriers import make_taker
from dialer.carriers.announcing import TAKE_JOB, job_id
from dialer.carriers.asterisk import inbound_keys
from dialer.ports import RingingIn, TakeOrder
from tests.telephony.asterisk_server import CALLER_IDS
from tests.telephony.audio import tone
from tests.telephony.call import Call
from tests.telephony.callee import CALLEE_HERTZ
from tests.telephony.conformance import AsteriskHarness
from tests.telephony.gateway import CAMPAIGN

IMPATIENT_FRAMES = 25


class AsteriskInboundHarness(AsteriskHarness):
    """What is announced is read from the queue, where no worker is."""

    NAME, OURS, THEIRS = "asterisk", CALLER_IDS[0], "+12025550142"

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.redis = self.gateway.redis
        self.jobs = redis.Redis.from_url(url)
        self.taker = make_taker("asterisk", self.redis)

    def stop(self) -> None:
        super().stop()
        self.jobs.close()

    def ring_in(self, call_id: str, *, patience: str = "patient") -> str:
        """Let somebody ring; the id that Asterisk gives the channel."""
        before = self._known()
        self._run(self._dial(impatient=patience == "impatient"))
        self.gateway.wait_until(lambda: self._known() - before, "rung in")
        return (self._known() - before).pop()

    async def _dial(self, *, impatient: bool) -> None:
        call, answer = await self.carrier.begin(self.server.sip, self.OURS, self.THEIRS, tone(CALLEE_HERTZ))
        if impatient:
            self.carrier.spawn(self._give_up(call, answer))

    async def _give_up(self, call: Call, answer: "asyncio.Task[Any]") -> None:
        await answer
        await call.media.hears_more(frames=IMPATIENT_FRAMES)
        await call.hang_up()

    def _known(self) -> set[str]:
        start = inbound_keys.inbound_key("")
        return {key.removeprefix(start) for key in self.redis.scan_iter(f"{start}*")}

    def announced(self, call_id: str) -> RingingIn:
        self.gateway.wait_until(lambda: self.is_announced(call_id), "announced")
        job = Job.fetch(job_id(self.NAME, call_id), connection=self.jobs)
        assert job.func_name == TAKE_JOB
        return RingingIn(*job.args)

    def is_announced(self, call_id: str) -> bool:
        return bool(Job.exists(job_id(self.NAME, call_id), connection=self.jobs))

    def forget_announcement(self, call_id: str) -> None:
        Job.fetch(job_id(self.NAME, call_id), connection=self.jobs).delete()

    def order_to_take(self, attempt_id: int, call_id: str) -> TakeOrder:
        return TakeOrder(attempt_id, CAMPAIGN, call_id, clock.now(), 10 * attempt_id, 120.0, {})

    def take(self, order: TakeOrder) -> None:
        self.taker.take_call(order)

    def refuse(self, call_id: str) -> None:
        self.taker.refuse_call(call_id)

    def wait_until_over(self, call_id: str) -> None:
        def is_there() -> bool:
            return any(channel["id"] == call_id for channel in self.server.ari("GET", "channels"))

        self.gateway.wait_until(lambda: not is_there(), "hung up")
        assert self.redis.hget(inbound_keys.inbound_key(call_id), "state") == inbound_keys.GONE
