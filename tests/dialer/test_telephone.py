"""What people ask of a telephone, on the simulated carrier: each verb once, twice, and for a call that is over."""

import json
from collections.abc import Iterator

import pytest
import redis

from dialer import clock, live
from dialer.carriers import make_telephone
from dialer.carriers.talks import dump, read_talk
from dialer.carriers.telephone import ALLOWED_SECONDS, TelephoneCommand
from dialer.events import CallCause, EventKind
from dialer.ports import (
    CallNotOursError,
    CarrierUnavailableError,
    Consulted,
    LineState,
    SuperviseMode,
    Talk,
    Telephone,
)
from tests.dialer.carrier_harness import WAIT_SECONDS, SimulatedHarness

AGENT, CALL, COLLEAGUE = 3, 1, "+12025550177"


@pytest.fixture
def simulated(redis_url: str, redis_server: redis.Redis) -> Iterator[SimulatedHarness]:
    harness = SimulatedHarness(redis_url)
    harness.start()
    yield harness
    harness.stop()


@pytest.fixture
def telephone(simulated: SimulatedHarness) -> Telephone:
    """A telephone whose agent talks with somebody who never hangs up."""
    simulated.place(simulated.order(CALL, "human"))
    simulated.wait_for(CALL, EventKind.CALL_ANSWERED)
    simulated.command(lambda control: control.connect(CALL, AGENT))
    wait_for_news(simulated.redis, "talk_begun")
    return make_telephone("simulated", simulated.redis)


def wait_for_news(client: redis.Redis, what: str, topic: str = f"desk:{AGENT}", *, count: int = 1) -> dict:
    """The `count`th message of a topic that tells `what`, which may also be the name of its event."""
    last, seen, deadline = "0", 0, clock.now() + WAIT_SECONDS
    while clock.now() < deadline:
        answer = client.xread({live.PUSH_STREAM: last}, block=500)
        for last, fields in answer[0][1] if answer else ():  # noqa: B007
            news = json.loads(fields["data"])
            seen += fields["topic"] == topic and what in (news.get("what"), fields["event"])
            if seen == count:
                return news
    raise AssertionError(f"nobody told {topic} of {what}")


def facts(client: redis.Redis) -> list[dict]:
    return [json.loads(fields["fact"]) for _, fields in client.xrange(live.FACTS_STREAM)]


def kinds(client: redis.Redis) -> list[str]:
    return [fact["kind"] for fact in facts(client)]


def settle(simulated: SimulatedHarness, telephone: Telephone) -> None:
    """Everything asked before was carried out: commands are carried out in their order."""
    telephone.open_agent(99, "secret", clock.now() + 60)
    wait_for_news(simulated.redis, "line", "desk:99")
    simulated.redis.delete(live.PUSH_STREAM)


def test_a_held_callee_is_taken_back_and_both_are_facts(simulated, telephone):
    telephone.hold(CALL)
    assert wait_for_news(simulated.redis, "held")["held"] is True
    telephone.resume(CALL)
    assert wait_for_news(simulated.redis, "resumed")["held"] is False
    assert kinds(simulated.redis) == ["call.talk_begun", "call.held", "call.resumed"]
    told = facts(simulated.redis)[1]
    assert (told["attempt"], told["agent"], told["campaign"]) == (CALL, AGENT, 7)


def test_what_is_asked_twice_is_done_once(simulated, telephone):
    for _ in range(2):
        telephone.hold(CALL)
    for _ in range(2):
        telephone.consult(CALL, COLLEAGUE)
    for _ in range(2):
        telephone.merge(CALL)
    for _ in range(2):
        telephone.drop_consulted(CALL)
    settle(simulated, telephone)
    assert kinds(simulated.redis) == [
        "call.talk_begun",
        "call.held",
        "call.consulted",
        "call.consult_answered",
        "call.merged",
        "call.consult_ended",
    ]


def test_digits_are_counted_and_not_kept(simulated, telephone):
    telephone.send_digits(CALL, "4242#")
    wait_for_news(simulated.redis, "digits_sent")
    assert facts(simulated.redis)[-1]["data"] == {"count": 5}
    assert "4242" not in json.dumps(facts(simulated.redis))


@pytest.mark.parametrize("how", ["blind", "warm"])
def test_a_transfer_ends_the_agents_part(simulated, telephone, how):
    if how == "warm":
        telephone.consult(CALL, COLLEAGUE)
        wait_for_news(simulated.redis, "consult_answered")
        telephone.complete_transfer(CALL)
    else:
        telephone.transfer(CALL, COLLEAGUE)
    ended = simulated.wait_for(CALL, EventKind.CALL_ENDED)
    assert ended.data["cause"] == CallCause.TRANSFERRED
    wait_for_news(simulated.redis, "over")
    assert facts(simulated.redis)[-1]["data"] == {"how": how, "number": COLLEAGUE}
    assert telephone.find_talk(CALL) is None


def test_a_warm_transfer_needs_somebody_to_transfer_to(simulated, telephone):
    telephone.complete_transfer(CALL)
    refused = wait_for_news(simulated.redis, "refused")
    assert (refused["command"], refused["why"]) == ("complete_transfer", "nobody_consulted")
    assert kinds(simulated.redis)[-1] == "call.not_done"
    assert facts(simulated.redis)[-1]["data"] == {"command": "complete_transfer", "why": "nobody_consulted"}
    assert telephone.find_talk(CALL) is not None


def test_three_people_can_talk_and_the_third_can_go(simulated, telephone):
    telephone.consult(CALL, COLLEAGUE)
    wait_for_news(simulated.redis, "consult_answered")
    assert telephone.find_talk(CALL) == Talk(CALL, 7, AGENT, True, Consulted.TALKING, COLLEAGUE)
    telephone.merge(CALL)
    assert wait_for_news(simulated.redis, "merged")["consulted"] == "merged"
    telephone.drop_consulted(CALL)
    ended = wait_for_news(simulated.redis, "consult_ended")
    assert (ended["consulted"], ended["why"]) == ("", "dropped")
    assert telephone.find_talk(CALL) == Talk(CALL, 7, AGENT)


def test_nobody_else_is_consulted_at_the_same_time(simulated, telephone):
    telephone.consult(CALL, COLLEAGUE)
    telephone.consult(CALL, "+12025550178")
    assert wait_for_news(simulated.redis, "refused")["why"] == "consulting"
    assert telephone.find_talk(CALL).number == COLLEAGUE


def test_a_callee_who_hangs_up_ends_the_talk(simulated, telephone):
    simulated.place(simulated.order(2, "talker"))
    simulated.wait_for(2, EventKind.CALL_ANSWERED)
    simulated.command(lambda control: control.connect(2, 4))
    simulated.wait_for(2, EventKind.CALL_ENDED)
    wait_for_news(simulated.redis, "over", "desk:4")
    with pytest.raises(CallNotOursError):
        telephone.hold(2)


def test_a_voicemail_is_left_and_the_agent_is_free(simulated, telephone):
    telephone.drop_voicemail(CALL)
    assert simulated.wait_for(CALL, EventKind.CALL_ENDED).data["cause"] == CallCause.HUNG_UP
    wait_for_news(simulated.redis, "over")
    assert kinds(simulated.redis)[-1] == "call.voicemail_dropped"


def test_a_recording_is_paused_only_where_there_is_one(simulated, telephone):
    telephone.pause_recording(CALL, 30)
    assert wait_for_news(simulated.redis, "refused")["why"] == "not_recording"
    simulated.redis.set(live.talk_key(CALL), dump(Talk(CALL, 7, AGENT, recording="on")))
    telephone.pause_recording(CALL, 30)
    assert wait_for_news(simulated.redis, "recording_paused")["recording"] == "paused"
    telephone.resume_recording(CALL)
    assert wait_for_news(simulated.redis, "recording_resumed")["recording"] == "on"


def test_a_paused_recording_goes_on_by_itself():
    paused = Talk(CALL, 7, AGENT, recording="paused", recording_again_at=clock.now() - 1)
    assert read_talk(dump(paused)).recording == "on"


def test_a_line_is_opened_and_closed_and_its_password_told_to_nobody(simulated, telephone):
    telephone.open_agent(AGENT, "a-secret", clock.now() + 60)
    assert wait_for_news(simulated.redis, "line")["state"] == LineState.CONNECTED
    assert telephone.find_line(AGENT).state is LineState.CONNECTED
    telephone.close_agent(AGENT)
    assert wait_for_news(simulated.redis, "line", count=2)["state"] == "closed"
    assert telephone.find_line(AGENT) is None
    entries = [value for key in simulated.redis.keys("ts:*") for value in _texts(simulated.redis, key)]
    assert not [text for text in entries if "a-secret" in text]


def _texts(client: redis.Redis, key: str) -> list[str]:
    if client.type(key) == "stream":
        return [json.dumps(fields) for _, fields in client.xrange(key)]
    return [str(client.dump(key))]


def test_a_supervisor_takes_part_until_it_is_stopped(simulated, telephone):
    telephone.supervise(8, AGENT, SuperviseMode.WHISPER)
    assert wait_for_news(simulated.redis, "supervision", "desk:8")["mode"] == "whisper"
    assert telephone.find_supervision(8).agent_id == AGENT
    telephone.supervise(8, AGENT, SuperviseMode.STOP)
    wait_for_news(simulated.redis, "supervision", "desk:8", count=2)
    assert telephone.find_supervision(8) is None


def test_nothing_is_asked_of_a_carrier_that_does_not_run(simulated, telephone):
    simulated.redis.delete(live.alive_key("carrier", "asterisk"))
    with pytest.raises(CarrierUnavailableError):
        make_telephone("asterisk", simulated.redis).open_agent(AGENT, "a-secret", clock.now() + 60)
    assert not simulated.redis.exists(live.ASTERISK_COMMANDS)


def test_commands_for_asterisk_are_in_its_stream(redis_server):
    redis_server.set(live.alive_key("carrier", "asterisk"), "1")
    redis_server.set(live.talk_key(CALL), dump(Talk(CALL, 7, AGENT)))
    asterisk = make_telephone("asterisk", redis_server)
    asterisk.transfer(CALL, COLLEAGUE)
    asterisk.pause_recording(CALL, 30)
    asked = [fields for _, fields in redis_server.xrange(live.ASTERISK_COMMANDS)]
    assert 0 < float(asked[0].pop("until")) - clock.now() <= ALLOWED_SECONDS
    assert asked == [
        {"command": TelephoneCommand.TRANSFER, "attempt": "1", "number": COLLEAGUE},
        {"command": TelephoneCommand.PAUSE_RECORDING, "attempt": "1", "seconds": "30.0"},
    ]
