"""Signing in and out, and the language before that."""

from datetime import datetime

from flask import redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask.wrappers import Response

from telesales import clock
from telesales.access.guard import find_current_user, public
from telesales.access.limits import limiter
from telesales.access.roles import Role
from telesales.agents import sessions
from telesales.agents.forms import local_path
from telesales.agents.models import User
from telesales.agents.service import account, links, people, sign_in
from telesales.agents.service.sign_in import Accepted, Refused
from telesales.agents.service.tokens import hash_of
from telesales.agents.views.blueprint import bp
from telesales.centre import service as centre
from telesales.extensions import db, read_only, transaction
from telesales.i18n import LOCALES

FAILURES_PER_ADDRESS = "30 per minute; 200 per hour"
FAILURES_PER_ACCOUNT = "10 per minute"
LINKS_PER_ADDRESS = "30 per minute"
SIGNED_IN = 303
A_YEAR = 365 * 24 * 3600


def _has_failed(response: Response) -> bool:
    return response.status_code != SIGNED_IN


def _account_key() -> str:
    return hash_of(sign_in.normal_email(request.form.get("email", "")))


@bp.get("/sign-in", endpoint="sign_in")
@public("nobody is signed in yet")
def show_sign_in() -> ResponseReturnValue:
    """Ask for e-mail and password."""
    if find_current_user():
        return redirect(local_path(request.args.get("next")))
    return render_template("agents/sign_in.html", email="", next=request.args.get("next", ""))


@bp.post("/sign-in")
@public("nobody is signed in yet")
@limiter.limit(FAILURES_PER_ADDRESS, deduct_when=_has_failed)
@limiter.limit(FAILURES_PER_ACCOUNT, key_func=_account_key, deduct_when=_has_failed)
def enter() -> ResponseReturnValue:
    """Check e-mail and password."""
    email = request.form.get("email", "")
    answer = _check(email, request.form.get("password", ""))
    if isinstance(answer, Refused):
        return _refuse(email, answer)
    with transaction():
        user = people.get_person(answer.user_id)
        if answer.new_hash:
            user.password_hash = answer.new_hash
        sessions.start_session(user, by="password")
    return _welcome(user, local_path(request.form.get("next")))


def _check(email: str, password: str) -> Accepted | Refused:
    # The request may already hold SQLite's write lock; a password takes too long for that.
    db.session.rollback()
    with read_only():
        answer = sign_in.check_sign_in(email, password)
        db.session.rollback()
    return answer


def _refuse(email: str, answer: Refused) -> ResponseReturnValue:
    if answer.until and answer.has_just_begun_to_wait:
        with transaction():
            sign_in.record_pause(email, answer.until)
    page = render_template(
        "agents/sign_in.html",
        email=email,
        next=request.form.get("next", ""),
        refused=True,
        until=answer.until,
        wait_minutes=_minutes_until(answer.until) if answer.until else 0,
    )
    return page, 429 if answer.until else 422


def _minutes_until(at: datetime) -> int:
    return max(1, -int(-(at - clock.now()).total_seconds() // 60))


@bp.get("/sign-in/<token>")
@public("the link is the permission")
def show_link(token: str) -> ResponseReturnValue:
    """Show a button; opening the address alone does not spend the link, as mail scanners open it."""
    if links.find_link(token) is None:
        return render_template("agents/link_spent.html"), 410
    return render_template("agents/enter_by_link.html", token=token)


@bp.post("/sign-in/<token>")
@public("the link is the permission")
@limiter.limit(LINKS_PER_ADDRESS, deduct_when=_has_failed)
def enter_by_link(token: str) -> ResponseReturnValue:
    """Spend the link."""
    try:
        with transaction():
            user = links.use_link(token)
            sessions.start_session(user, by="link")
    except links.LinkSpentError:
        return render_template("agents/link_spent.html"), 410
    return _welcome(user, _first_page(user))


def _first_page(user: User) -> str:
    is_setting_up = user.role == Role.ADMINISTRATOR and centre.settings().set_up_at is None
    if user.password_hash or user.is_demo or is_setting_up:
        return "/"
    return url_for("account.show_password", first="1")


def _welcome(user: User, target: str) -> ResponseReturnValue:
    response = redirect(target, SIGNED_IN)
    if user.theme:
        response.set_cookie("theme", user.theme, max_age=A_YEAR, samesite="Lax", secure=request.is_secure)
    return response


@bp.post("/sign-out")
@public("whoever is not signed in has nothing to lose")
def leave() -> ResponseReturnValue:
    """Sign this browser out."""
    with transaction():
        sessions.end_session()
    return redirect(url_for("agents.sign_in"), 303)


@bp.post("/language")
@public("people choose their language before they sign in")
def choose_language() -> ResponseReturnValue:
    """Keep the language: with the person, or with the browser while nobody is signed in."""
    language = request.form.get("language", "")
    if language in LOCALES:
        session["locale"] = language
        user = find_current_user()
        if user:
            with transaction():
                account.choose_language(people.get_person(user.id), language)
    return redirect(local_path(request.form.get("next")), 303)
