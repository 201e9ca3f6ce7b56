"""The first page, and the first questions."""

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _

from telesales.access.guard import current_user, requires
from telesales.access.roles import PEOPLE, Role
from telesales.centre import service
from telesales.centre.forms import CentreForm, is_kept
from telesales.centre.signals import demo_wanted
from telesales.centre.views.doors import doors_for, next_steps_for
from telesales.centre.zones import zone_choices
from telesales.i18n import LOCALES
from telesales.money import CURRENCIES

DESK = "desk.show_desk"

bp = Blueprint("home", __name__, template_folder="../templates")


@bp.get("/")
@requires(*PEOPLE)
def show_home() -> ResponseReturnValue:
    """Show what matters next."""
    user = current_user()
    if user.role == Role.ADMINISTRATOR and service.settings().set_up_at is None:
        return redirect(url_for("home.show_first_minutes"))
    if user.role == Role.AGENT and DESK in current_app.view_functions:
        return redirect(url_for(DESK))
    role = Role(user.role)
    return render_template(
        "centre/show_home.html",
        doors=doors_for(role),
        steps=next_steps_for(role),
        client_name=service.get_client(user.client_id).name if user.client_id is not None else "",
    )


@bp.get("/first-minutes")
@requires(Role.ADMINISTRATOR)
def show_first_minutes() -> ResponseReturnValue:
    """Ask the three questions."""
    form = CentreForm.showing(service.settings())
    if service.settings().set_up_at is None:
        form.name, form.locale = "", str(get_locale() or "en")
    return _first_minutes(form)


@bp.post("/first-minutes")
@requires(Role.ADMINISTRATOR)
def answer_first_minutes() -> ResponseReturnValue:
    """Keep the answers and open the house."""
    form = CentreForm.read(request.form)
    if not is_kept(form, lambda: _set_up(form)):
        return _first_minutes(form), 422
    flash(_("%(name)s is ready.", name=form.name), "good")
    return redirect(url_for("home.show_home"), 303)


@bp.get("/how-it-works")
@requires(*PEOPLE)
def read_how_it_works() -> ResponseReturnValue:
    """Tell the way of a lead from the file to the whiteboard."""
    return render_template("centre/read_how_it_works.html")


def _set_up(form: CentreForm) -> None:
    service.set_up(form.facts())
    if form.floor == "demo":
        demo_wanted.send(service)


def _first_minutes(form: CentreForm) -> str:
    return render_template(
        "centre/show_first_minutes.html",
        form=form,
        languages=list(LOCALES.items()),
        zones=zone_choices(),
        currencies=[(code, code) for code in CURRENCIES],
        has_demo=bool(demo_wanted.receivers),
    )
