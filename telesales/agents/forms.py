"""What a browser may send about people and teams."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from flask_babel import gettext as _

from telesales.access.roles import PEOPLE, Role
from telesales.agents.models import User
from telesales.agents.rules import PASSWORD_LENGTH, PASSWORD_LENGTH_LIMIT, PasswordProblem
from telesales.agents.service.people import FACTS, PersonFacts
from telesales.centre.zones import is_time_zone
from telesales.i18n import LOCALES

NAME_LENGTH = 80
EMAIL_LENGTH = 254
GOAL_LIMIT = 1000
THEMES = ("", "light", "dark")


def local_path(target: str | None, default: str = "/") -> str:
    """Return an address inside this program; anything else becomes the default."""
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")):
        return default
    parts = urlsplit(target)
    is_clean = not parts.scheme and not parts.netloc and target.isprintable() and "\\" not in target
    return target if is_clean else default


def whole_number(text: str | None) -> int | None:
    """Return the number in a field or an address; None when there is none."""
    text = (text or "").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def password_sentence(problem: PasswordProblem) -> str:
    """Say why a password is refused, and what would be better."""
    sentences: dict[PasswordProblem, str] = {
        PasswordProblem.TOO_SHORT: _("Use at least %(least)s characters; a few words are easier than signs.", least=PASSWORD_LENGTH),
        PasswordProblem.TOO_LONG: _("Use at most %(most)s characters.", most=PASSWORD_LENGTH_LIMIT),
        PasswordProblem.TOO_PLAIN: _("Use more different characters."),
        PasswordProblem.TOO_COMMON: _("Many people use this password, so it is tried first. Choose another."),
        PasswordProblem.NAMES_THE_PERSON: _("Leave your name and your e-mail address out of it."),
    }  # fmt: skip
    return sentences[problem]


@dataclass
class PersonForm:
    """A person as typed."""

    email: str = ""
    name: str = ""
    latin_name: str = ""
    role: str = Role.AGENT
    team_id: str = ""
    client_id: str = ""
    locale: str = ""
    time_zone: str = ""
    daily_goal: str = ""
    hired_on: str = ""
    errors: dict[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, form: Mapping[str, str]) -> "PersonForm":
        """Read and check."""
        read = cls(**_texts(form, FACTS))
        read.errors = {**read._problems_with_names(), **read._problems_with_choices()}
        return read

    @classmethod
    def showing(cls, user: User) -> "PersonForm":
        """Fill with what is kept."""
        kept: dict[str, Any] = {name: _text_of(getattr(user, name)) for name in FACTS}
        return cls(**kept)

    def facts(self) -> PersonFacts:
        """Return what the service takes; only after a check without errors."""
        return PersonFacts(
            email=self.email,
            name=self.name,
            role=Role(self.role),
            latin_name=self.latin_name,
            team_id=whole_number(self.team_id),
            client_id=whole_number(self.client_id),
            locale=self.locale,
            time_zone=self.time_zone,
            daily_goal=whole_number(self.daily_goal),
            hired_on=date.fromisoformat(self.hired_on) if self.hired_on else None,
        )

    def _problems_with_names(self) -> dict[str, str]:
        problems = name_problems(self.name, self.latin_name)
        local, _at, domain = self.email.partition("@")
        if not local or "." not in domain.strip(".") or len(self.email) > EMAIL_LENGTH or " " in self.email:
            problems["email"] = _("Write an e-mail address such as li.na@example.com.")
        return problems

    def _problems_with_choices(self) -> dict[str, str]:
        problems = {}
        if self.role not in PEOPLE:
            problems["role"] = _("Choose a role.")
        if self.daily_goal and not 0 < (whole_number(self.daily_goal) or 0) <= GOAL_LIMIT:
            problems["daily_goal"] = _(
                "Write a whole number between 1 and %(most)s, or leave it empty.", most=GOAL_LIMIT
            )
        if self.hired_on and not is_date(self.hired_on):
            problems["hired_on"] = _("Write a date such as 2026-11-21.")
        return problems | place_problems(self.locale, self.time_zone)


@dataclass
class AccountForm:
    """One's own account as typed."""

    name: str = ""
    latin_name: str = ""
    locale: str = ""
    time_zone: str = ""
    theme: str = ""
    letter_keys: bool = True
    errors: dict[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, form: Mapping[str, str]) -> "AccountForm":
        """Read and check."""
        read = cls(**_texts(form, ("name", "latin_name", "locale", "time_zone", "theme")))
        read.letter_keys = "letter_keys" in form
        read.errors = name_problems(read.name, read.latin_name) | place_problems(read.locale, read.time_zone)
        if read.theme not in THEMES:
            read.errors["theme"] = _("Choose one.")
        return read

    @classmethod
    def showing(cls, user: User) -> "AccountForm":
        """Fill with what is kept."""
        return cls(user.name, user.latin_name, user.locale, user.time_zone, user.theme, user.letter_keys)


@dataclass
class TeamForm:
    """A team as typed."""

    name: str = ""
    supervisor_id: str = ""
    errors: dict[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, form: Mapping[str, str]) -> "TeamForm":
        """Read and check."""
        read = cls(**_texts(form, ("name", "supervisor_id")))
        if not 1 <= len(read.name) <= NAME_LENGTH:
            read.errors["name"] = _("Write a name of at most %(most)s characters.", most=NAME_LENGTH)
        return read


def name_problems(name: str, latin_name: str) -> dict[str, str]:
    """Check a person's two names."""
    problems = {}
    if not 1 <= len(name) <= NAME_LENGTH:
        problems["name"] = _("Write a name of at most %(most)s characters.", most=NAME_LENGTH)
    if len(latin_name) > NAME_LENGTH:
        problems["latin_name"] = _("Write at most %(most)s characters.", most=NAME_LENGTH)
    return problems


def place_problems(locale: str, time_zone: str) -> dict[str, str]:
    """Check language and time zone; both may be left to the centre."""
    problems = {}
    if locale and locale not in LOCALES:
        problems["locale"] = _("Choose a language.")
    if time_zone and not is_time_zone(time_zone):
        problems["time_zone"] = _("Choose a time zone such as Europe/Berlin.")
    return problems


def is_date(text: str) -> bool:
    """Tell whether the text is a date in ISO form."""
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _texts(form: Mapping[str, str], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: form.get(name, "").strip() for name in names}


def _text_of(value: object) -> str:
    return "" if value is None else str(value)
