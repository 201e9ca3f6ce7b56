"""What the gateway decides without a network: causes, trunks, leases."""

import os
import subprocess
import sys
from dataclasses import replace

import pytest

from dialer.carriers.asterisk.causes import OF_CAUSE, OF_SIP, cause_of
from dialer.carriers.asterisk.choosing import Way, rank_ways, rate_window, with_one_more
from dialer.carriers.asterisk.lease import is_dead, name_process
from dialer.carriers.asterisk.messages import message_files
from dialer.carriers.asterisk.settings_file import parse_telephony
from dialer.events import CallCause
from tests.factories_telephony import TELEPHONY_FILE

NUMBER = "+12025550100"


@pytest.mark.parametrize(
    ("cause", "sip", "rang", "meaning"),
    [
        (17, 486, True, CallCause.BUSY),
        (1, 404, False, CallCause.INVALID),
        (21, 603, True, CallCause.REJECTED),
        (34, 503, False, CallCause.CONGESTION),
        (18, 408, False, CallCause.FAILED),
        (19, 480, True, CallCause.NO_ANSWER),
        (17, None, False, CallCause.BUSY),  # trunks without SIP
        (0, None, True, CallCause.NO_ANSWER),
        (0, None, False, CallCause.FAILED),
        (127, 408, True, CallCause.NO_ANSWER),  # what rang had a carrier that works
    ],
)
def test_a_final_cause_has_one_meaning(cause, sip, rang, meaning):
    assert cause_of(cause, sip, rang=rang) is meaning


def test_no_final_cause_means_that_somebody_answered():
    answered = {CallCause.CALLEE_HUNG_UP, CallCause.HUNG_UP, CallCause.TRANSFERRED}

    assert not answered & {*OF_CAUSE.values(), *OF_SIP.values()}


def way(name: str, *, on_trunk: int = 0, on_node: int = 0, has_agents: bool = True, **values) -> Way:
    telephony = parse_telephony(TELEPHONY_FILE)
    trunk = replace(telephony.trunks[0], name=name, **values)
    node = replace(telephony.nodes[0], name=f"node-of-{name}", max_channels=50)
    return Way(trunk, node, on_trunk, on_node, has_agents)


def names(ways, **how) -> list[str]:
    return [found.trunk.name for found in rank_ways(ways, **{"caller_id": NUMBER, **how})]


def test_the_trunk_with_the_least_load_for_its_weight_goes_first():
    assert names([way("a", on_trunk=4), way("b", on_trunk=2), way("c", on_trunk=7, weight=4)]) == [
        "c",
        "b",
        "a",
    ]


def test_full_refused_and_incoming_trunks_and_full_nodes_are_left_out():
    ways = [
        way("full", on_trunk=30, max_channels=30),
        way("refused"),
        way("incoming", weight=0),
        way("crowded", on_node=50),
        way("free"),
    ]

    assert names(ways, refused=["refused"]) == ["free"]


def test_a_number_is_shown_only_on_the_trunk_that_owns_it():
    ways = [way("other", caller_ids=("+12025550111",)), way("owner", on_trunk=9, caller_ids=(NUMBER,))]

    assert names(ways) == ["owner"]
    assert names(ways[:1]) == ["other"]  # nobody owns it: some number of the trunk is shown


def test_nodes_with_agents_go_first():
    assert names([way("far", has_agents=False), way("near", on_trunk=9)]) == ["near", "far"]


def test_a_call_that_was_given_a_way_counts_for_the_next():
    first, second = way("a"), way("b")

    after = [with_one_more(one, first) for one in (first, second)]

    assert [(one.on_trunk, one.on_node) for one in after] == [(1, 1), (0, 0)]


@pytest.mark.parametrize(("rate", "window"), [(5.0, (5, 1.0)), (0.5, (1, 2.0)), (2.5, (2, 0.8))])
def test_calls_per_second_become_a_whole_number_in_a_window(rate, window):
    assert rate_window(rate) == window


def test_a_process_is_declared_dead_only_when_it_certainly_is():
    ours = name_process()
    child = subprocess.Popen(
        [sys.executable, "-c", "import sys; print(sys.stdin.readline())"],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
    )
    with open(f"/proc/{child.pid}/stat") as file:
        birth = file.read().rpartition(")")[2].split()[19]
    machine = ours.split("|")[0]
    its = f"{machine}|{child.pid}|{birth}|token"

    assert not is_dead(ours)
    assert not is_dead(its)
    child.communicate(b"\n")
    assert is_dead(its)
    assert is_dead(f"{machine}|{os.getpid()}|1|token")  # its number belongs to us now
    assert not is_dead(f"elsewhere|{child.pid}|{birth}|token")
    assert not is_dead("nonsense")


def test_the_name_of_a_spoken_message_follows_its_text():
    assert message_files(7, "Old") != message_files(7, "New")
    assert message_files(7, "Old")[0] == "campaign-7-abandoned"
