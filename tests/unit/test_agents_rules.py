from datetime import UTC, datetime, timedelta

import pytest

from telesales.access.roles import PEOPLE, Role
from telesales.agents.rules import (
    PasswordProblem,
    device_of,
    is_session_alive,
    lock_after,
    manageable_roles,
    may_manage,
    password_problem,
)

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
ABOUT = ("li.wang", "王丽", "Wang Lihua")
COMMON = frozenset({"passwordpassword", "qwertyuiopasdf"})


@pytest.mark.parametrize(("failures", "minutes"), [(5, 1), (6, 5), (7, 15), (8, 30), (9, 60), (50, 60)])
def test_sign_in_waits_longer_after_each_failure(failures, minutes):
    assert lock_after(failures) == timedelta(minutes=minutes)


def test_four_failures_do_not_make_anybody_wait():
    assert lock_after(4) is None


@pytest.mark.parametrize(
    ("idle", "left", "alive"),
    [
        (timedelta(hours=11, minutes=59), timedelta(seconds=1), True),
        (timedelta(hours=12), timedelta(days=1), False),
        (timedelta(0), timedelta(0), False),
    ],
)
def test_session_ends_after_twelve_idle_hours_or_at_its_end(idle, left, alive):
    assert is_session_alive(now=NOW, last_seen_at=NOW - idle, expires_at=NOW + left) is alive


@pytest.mark.parametrize(
    ("password", "problem"),
    [
        ("short words", PasswordProblem.TOO_SHORT),
        ("x" * 201, PasswordProblem.TOO_LONG),
        ("aaaabbbbccccdddd", PasswordProblem.TOO_PLAIN),
        ("PasswordPassword", PasswordProblem.TOO_COMMON),
        ("qwertyuiopasdf2026!", PasswordProblem.TOO_COMMON),
        ("hello lihua 1998", PasswordProblem.NAMES_THE_PERSON),
        ("seven green lamps", None),
        ("三只绿色的灯照着河边的路啊", None),
    ],
)
def test_password_is_checked_for_length_commonness_and_the_persons_names(password, problem):
    assert password_problem(password, about_person=ABOUT, common=COMMON) == problem


def test_full_width_letters_do_not_hide_a_common_password():
    assert (
        password_problem("ｐａｓｓｗｏｒｄｐａｓｓｗｏｒｄ", about_person=(), common=COMMON)
        == PasswordProblem.TOO_COMMON
    )


def test_managers_manage_everybody_but_administrators():
    assert [role for role in PEOPLE if not may_manage(Role.MANAGER, role)] == [Role.ADMINISTRATOR]


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.REVIEWER, Role.AGENT, Role.CLIENT, Role.SCREEN])
def test_other_roles_manage_nobody(role):
    assert manageable_roles(role) == ()


def test_nobody_can_be_made_a_screen():
    assert not may_manage(Role.ADMINISTRATOR, Role.SCREEN)


def test_devices_are_named_as_people_call_them():
    agent = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/120 Safari/537.36 Edg/120.0"

    assert device_of(agent) == ("Edge", "Windows")
    assert device_of("") == ("", "")
