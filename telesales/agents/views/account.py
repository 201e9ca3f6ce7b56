"""One's own account."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import refresh

from telesales import clock
from telesales.access.guard import current_user, requires
from telesales.access.limits import limiter
from telesales.access.roles import PEOPLE
from telesales.agents import sessions
from telesales.agents.forms import AccountForm, password_sentence
from telesales.agents.models import SignInSession, User
from telesales.agents.rules import is_link_fresh
from telesales.agents.service import account, passwords
from telesales.agents.service import sessions as session_service
from telesales.agents.views.sign_in import A_YEAR
from telesales.centre.forms import is_kept
from telesales.centre.zones import zone_choices
from telesales.errors import NotFoundError
from telesales.extensions import transaction
from telesales.i18n import LOCALES

PASSWORDS_PER_PERSON = "10 per minute"

bp = Blueprint("account", __name__, template_folder="../templates")


@bp.get("/account")
@requires(*PEOPLE)
def show_account() -> ResponseReturnValue:
    """Show one's account and signed-in browsers."""
    return _account_page(AccountForm.showing(current_user()))


@bp.post("/account")
@requires(*PEOPLE)
def change_account() -> ResponseReturnValue:
    """Keep one's own choices."""
    form = AccountForm.read(request.form)
    user = current_user()
    if not is_kept(form, lambda: _keep_account(user, form)):
        return _account_page(form), 422
    refresh()
    flash(_("Saved."), "good")
    response = redirect(url_for("account.show_account"), 303)
    age = A_YEAR if form.theme else 0
    response.set_cookie("theme", form.theme, max_age=age, samesite="Lax", secure=request.is_secure)
    return response


def _keep_account(user: User, form: AccountForm) -> None:
    account.change_account(
        user,
        name=form.name,
        latin_name=form.latin_name,
        locale=form.locale,
        time_zone=form.time_zone,
        theme=form.theme,
        letter_keys=form.letter_keys,
    )


def _account_page(form: AccountForm) -> str:
    return render_template(
        "agents/show_account.html",
        form=form,
        languages=list(LOCALES.items()),
        zones=zone_choices(),
        sessions=session_service.list_sessions(current_user().id),
        here=sessions.current_session(),
    )


@bp.get("/account/password")
@requires(*PEOPLE)
def show_password() -> ResponseReturnValue:
    """Ask for a new password."""
    return _password_page({})


@bp.post("/account/password")
@requires(*PEOPLE)
@limiter.limit(PASSWORDS_PER_PERSON, key_func=lambda: str(current_user().id))
def set_password() -> ResponseReturnValue:
    """Keep a new password."""
    user, here = current_user(), sessions.current_session()
    password = request.form.get("password", "")
    errors = _password_errors(user, password, asks_current=_asks_current(user, here))
    if errors:
        return _password_page(errors), 422
    with transaction():
        account.set_password(user, password, here=here)
    flash(_("Your password is set. Other browsers are signed out."), "good")
    return redirect(url_for("home.show_home" if request.form.get("first") else "account.show_account"), 303)


def _password_errors(user: User, password: str, *, asks_current: bool) -> dict[str, str]:
    errors = {}
    if asks_current and not passwords.is_password(user.password_hash, request.form.get("current", "")):
        errors["current"] = _("This is not your password.")
    problem = passwords.problem_of(password, user)
    if problem:
        errors["password"] = password_sentence(problem)
    return errors


def _asks_current(user: User, here: SignInSession | None) -> bool:
    """Whoever has just come by a link may have forgotten the password."""
    by_link = here is not None and here.opened_by == "link" and is_link_fresh(clock.now() - here.created_at)
    return bool(user.password_hash) and not by_link


def _password_page(errors: dict[str, str]) -> str:
    user = current_user()
    return render_template(
        "agents/show_password.html",
        errors=errors,
        first=request.values.get("first", ""),
        asks_current=_asks_current(user, sessions.current_session()),
    )


@bp.post("/account/sessions/<int:session_id>/revoke")
@requires(*PEOPLE)
def revoke_own_session(session_id: int) -> ResponseReturnValue:
    """Sign one of one's browsers out."""
    with transaction():
        session_service.revoke_session(find_session_of(current_user(), session_id))
    flash(_("That browser is signed out."), "good")
    return redirect(url_for("account.show_account"), 303)


@bp.post("/account/sessions/revoke-others")
@requires(*PEOPLE)
def revoke_other_sessions() -> ResponseReturnValue:
    """Sign all but this browser out."""
    with transaction():
        session_service.revoke_sessions(current_user(), but=sessions.current_session())
    flash(_("All other browsers are signed out."), "good")
    return redirect(url_for("account.show_account"), 303)


def find_session_of(user: User, session_id: int) -> SignInSession:
    """Return the person's living session or raise."""
    for session in session_service.list_sessions(user.id):
        if session.id == session_id:
            return session
    raise NotFoundError(_("That browser is not signed in any more."))
