"""Which of our numbers is shown."""

from hypothesis import given
from hypothesis import strategies as st

from dialer.carriers.asterisk.caller_ids import pick_caller_id
from dialer.carriers.asterisk.settings_file import parse_telephony

NUMBERS = ("+442079460100", "+442079460101", "+442079460102")
FILE = """
[[nodes]]
name = "one"
ari_url = "http://127.0.0.1:8088/ari"
ari_password_env = "A"
browser_url = "ws://127.0.0.1:8088/ws"
[[trunks]]
name = "acme"
host = "sip.acme.example"
max_channels = 3
caller_ids = ["{}", "{}", "{}"]
caller_id_daily_calls = {}
"""


def trunk_of(most: int):
    return parse_telephony(FILE.format(*NUMBERS, most)).trunks[0]


def test_the_number_of_the_campaign_is_shown():
    assert pick_caller_id(trunk_of(0), NUMBERS[1], {NUMBERS[1]: 10_000}) == NUMBERS[1]


def test_a_number_that_is_not_ours_is_never_shown():
    assert pick_caller_id(trunk_of(0), "+442079469999", {}) == NUMBERS[0]


def test_instead_of_a_number_that_rests_the_one_with_the_fewest_calls_is_shown():
    shown = {NUMBERS[0]: 5, NUMBERS[1]: 3, NUMBERS[2]: 4}

    assert pick_caller_id(trunk_of(5), NUMBERS[0], shown) == NUMBERS[1]


def test_when_every_number_rests_none_is_shown():
    assert pick_caller_id(trunk_of(5), NUMBERS[0], dict.fromkeys(NUMBERS, 5)) is None


@given(
    most=st.integers(1, 20),
    wanted=st.sampled_from([*NUMBERS, "+442079469999", ""]),
    calls=st.integers(0, 80),
)
def test_no_number_is_shown_more_often_than_it_may_be(most, wanted, calls):
    trunk, shown = trunk_of(most), dict.fromkeys(NUMBERS, 0)

    for _ in range(calls):
        number = pick_caller_id(trunk, wanted, shown)
        if number is not None:
            shown[number] += 1

    assert max(shown.values()) <= most
    assert sum(shown.values()) == min(calls, most * len(NUMBERS))


def test_a_number_of_another_client_is_not_shown_when_the_own_one_rests():
    counts = {NUMBERS[0]: 5}

    assert pick_caller_id(trunk_of(5), NUMBERS[0], counts, barred=NUMBERS[1:2]) == NUMBERS[2]
    assert pick_caller_id(trunk_of(5), NUMBERS[0], counts, barred=NUMBERS[1:]) is None
