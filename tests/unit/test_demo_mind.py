import random

import pytest

from dialer.carriers.behaviour import Callee
from scripts.fields import clean_value
from scripts.reading import script_from
from scripts.session import Session
from scripts.shelf import shipped
from telesales.calls.rules import DispositionCode
from telesales.demo import mind
from telesales.desk.rules import sale_gaps

SCRIPTS = {name: script_from(data, place=name) for name, data in shipped()}
LEAD = {"name": "Ann Lee", "number": "+12025550123"}


def talked_through(script, code, seed, *, listens=0) -> Session:
    aim = mind.Aim(code, listens=listens)
    rng, session = random.Random(seed), Session.begin(script)
    for _step in range(100):
        for field in session.step.fields:
            if field.required:
                session = session.enter(field.key, mind.typed_value(rng, field, LEAD, "2026-11-22"))
        answer = mind.next_answer(
            rng, script, session.step, aim.heads_for(len(session.path)), taken=len(session.path)
        )
        if answer is None:
            return session
        session = session.answer(answer.key)
    raise AssertionError("the talk never ends")


@pytest.mark.parametrize("name", SCRIPTS)
@pytest.mark.parametrize("code", mind.END_OF_CALL)
def test_a_talk_ends_where_it_aims(name, code):
    ends = {talked_through(SCRIPTS[name], code, seed).step.outcome for seed in range(20)}

    assert ends == {mind.END_OF_CALL[code]}


@pytest.mark.parametrize("name", SCRIPTS)
def test_who_listens_for_a_while_hears_more_of_the_script(name):
    no = DispositionCode.NOT_INTERESTED
    short = [len(talked_through(SCRIPTS[name], no, seed).path) for seed in range(20)]
    long = [len(talked_through(SCRIPTS[name], no, seed, listens=5).path) for seed in range(20)]

    assert min(long) > 5
    assert sum(long) > sum(short)


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_sale_lacks_nothing(name):
    sessions = [talked_through(SCRIPTS[name], DispositionCode.SALE, seed) for seed in range(20)]

    assert [list(sale_gaps(session)) for session in sessions] == [[]] * 20


@pytest.mark.parametrize("name", SCRIPTS)
def test_talks_take_different_ways(name):
    ways = {tuple(talked_through(SCRIPTS[name], DispositionCode.SALE, seed).path) for seed in range(30)}

    assert len(ways) > 5


@pytest.mark.parametrize("name", SCRIPTS)
def test_what_is_typed_fits_every_field(name):
    for field in SCRIPTS[name].fields_by_key.values():
        assert clean_value(field, mind.typed_value(random.Random(1), field, LEAD, "2026-11-22"))


def shares(callee, skill=1.0, times=2000) -> dict:
    rng = random.Random(7)
    codes = [mind.aim(rng, callee, skill=skill).code for _ in range(times)]
    return {code: codes.count(code) / times for code in set(codes)}


def test_keen_people_buy_and_annoyed_ones_do_not():
    assert shares(Callee("friendly", 0.9))[DispositionCode.SALE] > 0.5
    assert DispositionCode.SALE not in shares(Callee("annoyed", 0.1))


def test_skill_shows():
    keen = Callee("friendly", 0.9)

    assert (
        shares(keen, skill=1.4)[DispositionCode.SALE] > shares(keen, skill=0.7)[DispositionCode.SALE] + 0.05
    )


def test_a_machine_is_recognised():
    assert shares(Callee("machine", 0.0)) == {DispositionCode.MACHINE: 1.0}


def test_who_is_cut_off_before_the_end_has_sold_nothing():
    sale = mind.Aim(DispositionCode.SALE)

    assert mind.cut_short(sale, is_over=True) is DispositionCode.SALE
    assert mind.cut_short(sale, is_over=False) is DispositionCode.CALLBACK


def test_the_script_fits_into_the_patience_of_the_callee():
    rng, left, until = random.Random(3), 12, 300.0
    while left:
        seconds = mind.step_seconds(rng, left=left, until_hang_up=until)
        left, until = left - 1, until - seconds

    assert until > 0
