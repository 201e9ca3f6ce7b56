"""What the conformance tests of people who ring us need to know of a carrier."""

import json
import time
from collections.abc import Callable
from typing import ClassVar, Protocol

import redis
from rq.job import Job

from dialer import clock, live
from dialer.carriers import make_taker
from dialer.carriers import simulated_keys as keys
from dialer.carriers.announcing import TAKE_JOB, job_id
from dialer.carriers.simulated_inbound import RING_IN
from dialer.ports import RingingIn, TakeOrder
from tests.dialer.carrier_harness import CAMPAIGN, WAIT_SECONDS, CarrierHarness, SimulatedHarness
from tests.telephony.inbound_conformance import AsteriskInboundHarness

OURS, THEIRS = "+12025550100", "+12025550142"
PROFILE = {"speed": 20, "seed": 1, "refuse": 1.0, "listen": 0.0, "refuse_seconds": 9000.0, "sudden_hang_up": 0.0,
           "hold_seconds": 9000.0, "message_hang_up": 0.0}  # fmt: skip


class InboundHarness(CarrierHarness, Protocol):
    """A carrier whose telephones are rung by whoever the test says."""

    NAME: ClassVar[str]
    OURS: ClassVar[str]
    THEIRS: ClassVar[str]

    def ring_in(self, call_id: str, *, patience: str = "patient") -> str:
        """Let somebody ring; return the carrier's name of the call. `impatient`: hangs up soon after it was taken."""
        ...

    def announced(self, call_id: str) -> RingingIn:
        """Wait for the announcement of a call."""
        ...

    def take(self, order: TakeOrder) -> None: ...

    def refuse(self, call_id: str) -> None: ...

    def is_announced(self, call_id: str) -> bool:
        """True while the carrier still tells of the call."""
        ...

    def forget_announcement(self, call_id: str) -> None:
        """As if the job had been lost."""
        ...

    def order_to_take(self, attempt_id: int, call_id: str) -> TakeOrder: ...

    def wait_until_over(self, call_id: str) -> None:
        """Wait until a refused call does not exist any more."""
        ...


class SimulatedInboundHarness(SimulatedHarness):
    """The simulated carrier; what is announced is read from the queue, where no worker is."""

    NAME, OURS, THEIRS = "simulated", OURS, THEIRS

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.jobs = redis.Redis.from_url(url)
        self.taker = make_taker("simulated", self.redis)
        self.profiles: dict[str, dict[str, float]] = {}

    def stop(self) -> None:
        super().stop()
        self.jobs.close()

    def ring_in(self, call_id: str, *, patience: str = "patient") -> str:
        self.profiles[call_id] = PROFILE | ({"hold_seconds": 6.0} if patience == "impatient" else {})
        profile = json.dumps(self.profiles[call_id])
        fields = {
            "command": RING_IN,
            "call_id": call_id,
            "number": THEIRS,
            "dialed": OURS,
            "profile": profile,
        }
        self.redis.xadd(live.SIMULATED_COMMANDS, fields)
        return call_id

    def announced(self, call_id: str) -> RingingIn:
        deadline = time.monotonic() + WAIT_SECONDS
        while not self.is_announced(call_id):
            assert time.monotonic() < deadline, "nobody was announced"
            self.redis.blpop(["nothing"], timeout=0.02)
        job = Job.fetch(job_id("simulated", call_id), connection=self.jobs)
        assert job.func_name == TAKE_JOB
        return RingingIn(*job.args)

    def is_announced(self, call_id: str) -> bool:
        return bool(Job.exists(job_id("simulated", call_id), connection=self.jobs))

    def forget_announcement(self, call_id: str) -> None:
        Job.fetch(job_id("simulated", call_id), connection=self.jobs).delete()

    def order_to_take(self, attempt_id: int, call_id: str) -> TakeOrder:
        return TakeOrder(
            attempt_id,
            CAMPAIGN,
            call_id,
            clock.now(),
            10 * attempt_id,
            120.0,
            self.profiles.get(call_id, PROFILE),
        )

    def take(self, order: TakeOrder) -> None:
        self.taker.take_call(order)

    def refuse(self, call_id: str) -> None:
        self.taker.refuse_call(call_id)

    def wait_until_over(self, call_id: str) -> None:
        assert self.redis.zscore(keys.INBOUND_SET, call_id) is None
        assert self.redis.hget(keys.inbound_key(call_id), "state") == keys.GONE


INBOUND_HARNESSES: dict[str, Callable[[str], InboundHarness]] = {
    "simulated": SimulatedInboundHarness,
    "asterisk": AsteriskInboundHarness,
}
