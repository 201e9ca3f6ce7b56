"""Invented voices: two sides that take turns, the same for the same call."""

from telesales.demo.voices import RATE, invent_talk, silence


def loud(samples) -> set[int]:
    """Tenths of a second in which something is heard."""
    step = RATE // 10
    return {n for n in range(len(samples) // step) if max(samples[n * step : (n + 1) * step]) > 1_000}


def test_the_same_call_always_sounds_the_same():
    assert invent_talk(7, 5) == invent_talk(7, 5)
    assert invent_talk(7, 5) != invent_talk(8, 5)


def test_both_speak_and_never_at_once():
    talk = invent_talk(1, 20)
    agent, callee = loud(talk.agent), loud(talk.callee)

    assert len(talk.agent) == len(talk.callee) == 20 * RATE
    assert len(agent) > 40
    assert len(callee) > 20
    assert len(agent & callee) <= 12  # tenths in which one ends and the other begins
    assert loud(talk.mixed()) >= agent | callee


def test_silence_is_silent():
    talk = invent_talk(1, 20)

    silence(talk.agent, 5, 8)

    assert not any(talk.agent[5 * RATE : 8 * RATE])
    assert len(talk.agent) == 20 * RATE
