"""An agent in a call with everybody whom the agent may bring in: callee 1000 Hz, agent 440, third person 700, supervisor 560."""

import json

from dialer import live
from dialer.ports import Consulted
from tests.telephony.audio import tone
from tests.telephony.callee import says
from tests.telephony.gateway import floor_of, phone_of, run

AGENT, SUPERVISOR = 3, 5
AGENT_HERTZ, THIRD_HERTZ, SUPERVISOR_HERTZ = 440, 700, 560
THIRD = "+12025559999"
third_person = says(lambda: tone(THIRD_HERTZ))


class Scene:
    """An agent in a call."""

    def __init__(self, gateway, floor, carrier, phone):
        self.gateway, self.floor, self.carrier, self.phone = gateway, floor, carrier, phone

    async def begin(self):
        await self.floor.seat(AGENT, self.phone, self.gateway.servers[0])
        number = self.floor.place(1)
        self.callee = (await self.carrier.next_call(number)).media
        self.callee_call = await self.carrier.next_call(number)
        await self.floor.connect(1, AGENT)
        self.agent = next(iter(self.phone.calls.values())).media
        await self.callee.hears(AGENT_HERTZ)
        return self

    async def consult(self):
        self.carrier.behaves(THIRD, third_person)
        self.floor.telephone.consult(1, THIRD)
        await self.floor.talks(1, lambda talk: talk.consulted is Consulted.TALKING, "third person there")
        return (await self.carrier.next_call(THIRD)).media

    def facts(self):
        entries = self.floor.redis.xrange(live.FACTS_STREAM)
        found = [json.loads(fields["fact"]) for _, fields in entries]
        return [fact["kind"] for fact in found if fact["kind"] != "call.dialed"]

    def news(self):
        entries = self.floor.redis.xrange(live.PUSH_STREAM)
        return [json.loads(fields["data"]) for _, fields in entries if fields["event"] == "talk"]


def play(gateway, test):
    async def scene():
        async with floor_of(gateway) as (floor, carrier), phone_of(AGENT, hertz=AGENT_HERTZ) as phone:
            await test(await Scene(gateway, floor, carrier, phone).begin())

    run(scene())
