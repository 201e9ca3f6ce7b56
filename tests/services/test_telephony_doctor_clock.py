"""Whether somebody keeps the clock of the machine."""

import pytest

from telesales.telephony.doctor.clocks import examine_clock, kernel_state
from telesales.telephony.doctor.findings import Verdict


@pytest.mark.parametrize(("state", "verdict"), [(0, Verdict.GOOD), (1, Verdict.GOOD), (5, Verdict.DOUBT)])
def test_a_clock_that_nobody_keeps_is_a_doubt(state, verdict):
    (seen,) = examine_clock(state)

    assert seen.verdict is verdict
    assert "chrony" in seen.remedy or verdict is Verdict.GOOD


def test_a_system_that_does_not_tell_is_no_doubt():
    assert list(examine_clock(None)) == []


def test_the_kernel_is_asked_and_not_told():
    assert kernel_state() == kernel_state()
