"""People who ring us while the gateway is away, or dies: nobody is forgotten."""

from dialer.carriers.asterisk import inbound_keys
from dialer.events import CallCause, EventKind
from tests.telephony.asterisk_server import CALLER_IDS
from tests.telephony.ring_in import THEIRS, play


def test_a_caller_who_rings_goes_on_ringing_when_the_gateway_was_killed(gateway):
    async def test(line, floor):
        person, answer = await line.ring_in()
        first = await line.announced()
        gateway.kill()
        gateway.start()

        again = await line.announced()
        assert again == first
        line.take(again)
        await answer
        assert person.code == 200
        await person.media.hears_more(frames=25)

    play(gateway, test)


def test_a_caller_whose_arrival_nobody_wrote_down_is_found(gateway):
    async def test(line, floor):
        person, _ = await line.ring_in()
        first = await line.announced()
        gateway.kill()
        floor.redis.delete(inbound_keys.inbound_key(first.call_id), inbound_keys.node_inbound("one"))
        gateway.start()

        again = await line.announced()

        assert (again.call_id, again.number, again.dialed) == (first.call_id, THEIRS, CALLER_IDS[0])
        await person.hang_up()

    play(gateway, test)


def test_who_hung_up_while_no_gateway_was_there_is_gone(gateway):
    async def test(line, floor):
        person, _ = await line.ring_and_take()
        await floor.hears(1, EventKind.CALL_CAME_IN)
        gateway.kill()
        await person.hang_up()
        gateway.start()

        ended = await floor.hears(1, EventKind.CALL_ENDED)

        assert ended.data["cause"] == CallCause.CALLEE_HUNG_UP

    play(gateway, test)


def test_who_rings_while_no_gateway_is_there_is_sent_elsewhere_by_the_carrier(gateway):
    async def test(line, floor):
        gateway.stop()
        person, answer = await line.ring_in()

        await answer

        assert person.code == 503

    play(gateway, test)
