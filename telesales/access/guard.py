"""Every route says who may use it; what says nothing is refused."""

import functools
from collections.abc import Callable
from typing import Any, ParamSpec, Protocol, TypeVar

from flask import Flask, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from telesales.access.roles import Role
from telesales.errors import ForbiddenError, TelesalesError

P = ParamSpec("P")
R = TypeVar("R")


class Person(Protocol):
    """What access needs to know of a signed-in person (`agents.models.User`)."""

    id: Any
    name: Any
    role: Any
    client_id: Any
    locale: Any
    time_zone: Any
    theme: Any
    letter_keys: Any


class SignInRequiredError(TelesalesError):
    """Nobody is signed in."""

    status = 401
    code = "sign-in-required"


def requires(*roles: Role) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Let only these roles use the view. Stands directly under the route."""
    if not roles:
        raise ValueError("name at least one role")
    return functools.partial(_declare, access=frozenset(roles))


def public(why: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Let everybody use the view; `why` is for the reader."""
    if not why:
        raise ValueError("say why")
    return functools.partial(_declare, access=frozenset())


def _declare(view: Callable[P, R], *, access: frozenset[Role]) -> Callable[P, R]:
    view.telesales_access = access  # type: ignore[attr-defined]
    return view


def access_of(app: Flask, endpoint: str) -> frozenset[Role] | None:
    """Roles of an endpoint; empty: public; None: nothing was declared."""
    return getattr(app.view_functions[endpoint], "telesales_access", None)


def find_current_user() -> Person | None:
    """Return the signed-in person, if any."""
    user: Person | None = g.get("user")
    return user


def current_user() -> Any:
    """Return the signed-in person (`agents.models.User`); raises when nobody is."""
    user = find_current_user()
    if user is None:
        raise SignInRequiredError
    return user


def check_access(app: Flask) -> ResponseReturnValue | None:
    """Run before each request; the person is in `g.user` by then."""
    if request.endpoint is None:
        return None  # 404 or 405 follows
    allowed = frozenset[Role]() if request.endpoint == "static" else access_of(app, request.endpoint)
    if allowed is None:
        raise ForbiddenError("The route does not say who may use it.", code="access-undeclared")
    if not allowed:
        return None
    user = find_current_user()
    if user is None:
        return _ask_to_sign_in()
    if user.role not in allowed:
        raise ForbiddenError
    return None


def _ask_to_sign_in() -> ResponseReturnValue:
    wants_page = request.method == "GET" and request.accept_mimetypes.accept_html
    if not wants_page or request.headers.get("HX-Request"):
        raise SignInRequiredError
    return redirect(url_for("agents.sign_in", next=request.full_path.rstrip("?")))
