"""Adding, editing and deactivating people."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select

from telesales.access.roles import Role
from telesales.agents.models import User
from telesales.agents.rules import may_manage
from telesales.agents.service import failures, links, sessions
from telesales.agents.service.sign_in import find_user_by_email, normal_email
from telesales.agents.signals import person_deactivated
from telesales.audit.service import record
from telesales.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError
from telesales.extensions import db


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonFacts:
    """What is typed about a person."""

    email: str
    name: str
    role: Role
    latin_name: str = ""
    team_id: int | None = None
    client_id: int | None = None
    locale: str = ""
    time_zone: str = ""
    daily_goal: int | None = None
    hired_on: date | None = None


FACTS = tuple(PersonFacts.__dataclass_fields__)


def get_person(user_id: int) -> User:
    """Return the person or raise."""
    user = db.session.get(User, user_id)
    if user is None:
        raise NotFoundError(_("This person is not here."))
    return user


def add_person(facts: PersonFacts, *, by: User | None = None) -> User:
    """Add a person; without `by` the program itself does (command line, demo)."""
    _check_may_give(facts, by)
    _check_facts(facts, user=None)
    user = User(**_columns(facts))
    db.session.add(user)
    record("person.added", user, email=user.email, name=user.name, role=user.role)
    return user


def edit_person(user: User, facts: PersonFacts, *, by: User) -> None:
    """Change what is known of a person."""
    check_may_manage(user, by)
    _check_may_give(facts, by)
    if facts.role != user.role:
        _check_may_change_role(user, by)
    _check_facts(facts, user=user)
    changes = _apply(user, _columns(facts))
    if changes:
        record("person.edited", user, changes=changes)


def deactivate_person(user: User, *, by: User) -> None:
    """Keep the person's history and let nobody sign in as them."""
    check_may_manage(user, by)
    if user.id == by.id:
        raise ConflictError(_("You cannot deactivate yourself."))
    _check_not_last_administrator(user)
    user.is_active = False
    record("person.deactivated", user)
    sessions.revoke_sessions(user)
    links.void_links(user)
    person_deactivated.send(user)


def reactivate_person(user: User, *, by: User) -> None:
    """Let a person sign in again."""
    check_may_manage(user, by)
    user.is_active = True
    record("person.reactivated", user)


def unlock_person(user: User, *, by: User) -> None:
    """End the waiting after wrong passwords."""
    check_may_manage(user, by)
    failures.forget_failures(user.email)
    record("person.unlocked", user)


def invite(user: User, *, by: User) -> str:
    """Return the token of a new sign-in link for a person."""
    check_may_manage(user, by)
    if not user.is_active:
        raise ConflictError(_("This person is deactivated. Reactivate them first."))
    return links.create_sign_in_link(user)


def sign_out_everywhere(user: User, *, by: User) -> None:
    """Sign all browsers of a person out."""
    check_may_manage(user, by)
    sessions.revoke_sessions(user)


def check_may_see(user: User, by: User) -> None:
    """Hide people of other clients from whoever works for one client."""
    if by.client_id not in (None, user.client_id):
        raise NotFoundError(_("This person is not here."))


def check_may_manage(user: User, by: User) -> None:
    """Refuse what only an administrator may do."""
    check_may_see(user, by)
    if not may_manage(Role(by.role), Role(user.role)):
        raise ForbiddenError(_("Only an administrator can change an administrator."))


def _check_may_give(facts: PersonFacts, by: User | None) -> None:
    if by is None:
        return
    if not may_manage(Role(by.role), facts.role):
        raise ForbiddenError(_("Only an administrator can make somebody an administrator."))
    if by.client_id not in (None, facts.client_id):
        raise InvalidInputError({"client_id": _("You can add people for your own client only.")})


def _check_may_change_role(user: User, by: User) -> None:
    if user.id == by.id:
        raise InvalidInputError({"role": _("You cannot change your own role; ask another administrator.")})
    _check_not_last_administrator(user)


def _check_not_last_administrator(user: User) -> None:
    if user.role != Role.ADMINISTRATOR:
        return
    others = select(func.count(User.id)).where(
        User.role == Role.ADMINISTRATOR, User.is_active, User.id != user.id
    )
    if not db.session.scalar(others):
        raise ConflictError(_("This is the last administrator. Make somebody else an administrator first."))


def _check_facts(facts: PersonFacts, *, user: User | None) -> None:
    problems: dict[str, str] = {}
    namesake = find_user_by_email(facts.email)
    if namesake is not None and namesake is not user:
        problems["email"] = _("Somebody else has this e-mail address.")
    if facts.role is Role.CLIENT and facts.client_id is None:
        problems["client_id"] = _("Choose the client whose campaigns this person may read.")
    if problems:
        raise InvalidInputError(problems)


def _columns(facts: PersonFacts) -> dict[str, Any]:
    columns = {name: getattr(facts, name) for name in FACTS}
    return columns | {"email": normal_email(facts.email)}


def _apply(user: User, columns: dict[str, Any]) -> dict[str, list[Any]]:
    changes: dict[str, list[Any]] = {}
    for name, value in columns.items():
        before = getattr(user, name)
        if before != value:
            changes[name] = [_plain(before), _plain(value)]
            setattr(user, name, value)
    return changes


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
