"""What people change about themselves."""

from telesales.agents.models import SignInSession, User
from telesales.agents.service import links, passwords, sessions
from telesales.audit.service import record


def change_account(
    user: User, *, name: str, latin_name: str, locale: str, time_zone: str, theme: str, letter_keys: bool
) -> None:
    """Keep the person's own choices."""
    wanted: dict[str, str | bool] = {
        "name": name,
        "latin_name": latin_name,
        "locale": locale,
        "time_zone": time_zone,
        "theme": theme,
        "letter_keys": letter_keys,
    }
    changes = {
        key: [getattr(user, key), value] for key, value in wanted.items() if getattr(user, key) != value
    }
    for key, value in wanted.items():
        setattr(user, key, value)
    if changes:
        record("account.changed", user, changes=changes)


def choose_language(user: User, locale: str) -> None:
    """Keep the person's language."""
    if user.locale != locale:
        record("account.changed", user, changes={"locale": [user.locale, locale]})
        user.locale = locale


def set_password(user: User, password: str, *, here: SignInSession | None) -> None:
    """Keep a new password and sign every other browser out."""
    user.password_hash = passwords.hash_password(password)
    record("account.password_set", user)
    sessions.revoke_sessions(user, but=here)
    links.void_links(user)
