"""The callee and the private Asterisk do what the other tests trust them to do."""

import asyncio

import pytest

from tests.telephony import callee
from tests.telephony.audio import (
    RATE,
    linear,
    loudness,
    read_wav,
    share,
    silence,
    talk,
    tone,
    wav,
    write_tone,
)
from tests.telephony.callee import Carrier, Phone
from tests.telephony.sip import digest

NUMBER = "+442079460999"
CALLER = "+447700900123"


def seconds_of(source, count: float) -> list[int]:
    return linear(b"".join(next(source) for _ in range(round(count * 50))))


def test_a_tone_is_recognized_by_its_frequency():
    samples = seconds_of(tone(440), 0.2)

    assert share(samples, 440) > 0.95
    assert share(samples, 1000) < 0.01


def test_silence_has_no_tone():
    samples = seconds_of(silence(), 0.2)

    assert share(samples, 440) == 0
    assert loudness(samples) < 10


def test_two_tones_share_the_energy():
    both = [a + b for a, b in zip(seconds_of(tone(440), 0.2), seconds_of(tone(1000), 0.2), strict=True)]

    assert share(both, 440) == pytest.approx(0.5, abs=0.05)
    assert share(both, 1000) == pytest.approx(0.5, abs=0.05)


def test_a_talk_has_the_length_of_its_parts():
    assert len(list(talk((0.4, 440), (0.6, 0)))) == 50


def test_a_file_is_said_as_it_was_written(tmp_path):
    path = write_tone(tmp_path / "message.wav", 700, 1.0)

    assert len(read_wav(path)) == RATE
    assert share(seconds_of(wav(path), 0.5), 700) > 0.95


def test_a_challenge_is_answered_as_the_rfc_says():
    # RFC 2617, 3.5, without its nonce of the client
    challenge = 'Digest realm="testrealm@host.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093"'

    answer = digest(challenge, "Mufasa", "Circle Of Life", "GET", "/dir/index.html")

    assert 'response="670fd8c2df070c60b045671b8b24ff02"' in answer


class TestTwoAgents:
    """Without Asterisk: one user agent calls another."""

    def test_both_hear_each_other_and_one_hangs_up(self):
        async def main():
            async with Carrier("127.0.0.1") as carrier, Carrier("127.0.0.1") as caller:
                call = await caller.dial(("127.0.0.1", carrier.port), NUMBER, CALLER, tone(440))
                other = await carrier.next_call(NUMBER)
                await asyncio.gather(call.media.hears(1000), other.media.hears(440))
                await call.hang_up()
                return call.code, other.caller, await other.over(), call.why

        assert asyncio.run(main()) == (200, CALLER, "bye", "hung up")

    @pytest.mark.parametrize(
        ("behaviour", "code"),
        [(callee.busy, 486), (callee.unknown, 404), (callee.congested, 503), (callee.declined, 603)],
    )
    def test_a_rejection_has_its_code(self, behaviour, code):
        async def main():
            async with Carrier("127.0.0.1") as carrier, Carrier("127.0.0.1") as caller:
                carrier.behaves(NUMBER, behaviour)
                return (await caller.dial(("127.0.0.1", carrier.port), NUMBER, CALLER)).code

        assert asyncio.run(main()) == code

    def test_a_caller_who_gives_up_cancels(self):
        async def main():
            async with Carrier("127.0.0.1") as carrier, Carrier("127.0.0.1") as caller:
                carrier.behaves(NUMBER, callee.rings)
                call, final = await caller.begin(("127.0.0.1", carrier.port), NUMBER, CALLER)
                other = await carrier.next_call(NUMBER)
                await call.hang_up()
                await final
                return await other.over(), call.code

        assert asyncio.run(main()) == ("cancelled", 487)

    def test_keys_arrive_in_order_and_once(self):
        async def main():
            async with Carrier("127.0.0.1") as carrier, Carrier("127.0.0.1") as caller:
                call = await caller.dial(("127.0.0.1", carrier.port), NUMBER, CALLER)
                other = await carrier.next_call(NUMBER)
                call.media.press("1990#*")
                await other.media.hears_keys("1990#*")
                return other.media.keys

        assert asyncio.run(main()) == "1990#*"

    def test_what_is_said_ends_in_silence(self):
        async def main():
            async with Carrier("127.0.0.1") as carrier, Carrier("127.0.0.1") as caller:
                carrier.behaves(NUMBER, callee.says(lambda: talk((0.4, 700)), then_hangs_up=False))
                call = await caller.dial(("127.0.0.1", carrier.port), NUMBER, CALLER)
                await call.media.hears(700)
                await call.media.hears_nothing()

        asyncio.run(main())

    def test_a_script_that_fails_is_told(self):
        async def broken(call):
            await call.reject(486)
            raise ValueError("nobody")

        async def main():
            async with Carrier("127.0.0.1") as carrier, Carrier("127.0.0.1") as caller:
                carrier.behaves(NUMBER, broken)
                await caller.dial(("127.0.0.1", carrier.port), NUMBER, CALLER)
                await carrier.settled()
            return [str(problem) for problem in carrier.problems]

        assert asyncio.run(main()) == ["nobody"]


class TestAsterisk:
    def test_it_is_booted_and_loads_every_module(self, make_asterisks):
        with make_asterisks(("one",)) as (asterisk,):
            assert asterisk.ari("GET", "asterisk/ping")["ping"] == "pong"
            assert "could not be loaded" not in asterisk.log().lower()
            assert "ERROR" not in asterisk.log()

    def test_a_phone_without_a_password_is_not_let_in(self, asterisk):
        async def main():
            async with Phone("agent-1", "guess") as phone:
                return await phone.sign_on(asterisk.sip)

        assert asyncio.run(main()) == 401

    def test_a_node_that_was_killed_starts_again(self, make_asterisks):
        with make_asterisks(("one", "two")) as (one, two):
            one.kill()

            assert two.ari("GET", "asterisk/ping")["ping"] == "pong"
            one.start()
            assert one.ari("GET", "asterisk/ping")["ping"] == "pong"
