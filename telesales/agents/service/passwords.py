"""Keeping and checking passwords (argon2id)."""

import functools
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from telesales.agents.models import User
from telesales.agents.rules import PasswordProblem, normal_password, password_problem

COMMON_PASSWORDS = Path(__file__).parent.parent / "common_passwords.txt"
# 19 MiB and two passes is the floor that OWASP names; sixteen sign-ins at once then need 300 MB.
hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


def hash_password(password: str) -> str:
    """Return what may be stored."""
    return hasher.hash(normal_password(password))


def is_password(password_hash: str, password: str) -> bool:
    """Compare; takes as long when there is nothing to compare with."""
    try:
        matches = hasher.verify(password_hash or _nobodys_hash(), normal_password(password))
    except (VerificationError, InvalidHashError):
        return False
    return matches and bool(password_hash)


def needs_rehash(password_hash: str) -> bool:
    """Tell whether the hash was made with other parameters than today's."""
    return hasher.check_needs_rehash(password_hash)


def problem_of(password: str, user: User) -> PasswordProblem | None:
    """Return why this person may not use this password."""
    about_person = (user.email.partition("@")[0], user.name, user.latin_name)
    return password_problem(password, about_person=about_person, common=_common_passwords())


@functools.cache
def _nobodys_hash() -> str:
    return hasher.hash("nobody has this password")


@functools.cache
def _common_passwords() -> frozenset[str]:
    return frozenset(COMMON_PASSWORDS.read_text(encoding="utf-8").split("\n")) - {""}
