"""Settings of the centre, and its clients."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from telesales.access.guard import requires
from telesales.access.roles import MANAGERS
from telesales.centre import service
from telesales.centre.forms import CentreForm, ClientForm, is_kept
from telesales.centre.views.blueprint import bp, check_whole_centre
from telesales.centre.zones import zone_choices
from telesales.i18n import LOCALES
from telesales.money import CURRENCIES
from telesales.tenancy.models import Client


@bp.get("/settings")
@requires(*MANAGERS)
def edit_settings() -> ResponseReturnValue:
    """Show the centre's settings."""
    check_whole_centre()
    return _settings_page(CentreForm.showing(service.settings()))


@bp.post("/settings")
@requires(*MANAGERS)
def change_settings() -> ResponseReturnValue:
    """Keep them."""
    check_whole_centre()
    form = CentreForm.read(request.form)
    if not is_kept(form, lambda: service.change_settings(form.facts())):
        return _settings_page(form), 422
    flash(_("Saved."), "good")
    return redirect(url_for("centre.edit_settings"), 303)


def _settings_page(form: CentreForm) -> str:
    return render_template(
        "centre/edit_settings.html",
        form=form,
        languages=list(LOCALES.items()),
        zones=zone_choices(),
        currencies=[(code, code) for code in CURRENCIES],
    )


@bp.get("/clients")
@requires(*MANAGERS)
def list_clients() -> ResponseReturnValue:
    """Show the companies that campaigns are run for."""
    check_whole_centre()
    return _clients_page(ClientForm())


@bp.post("/clients")
@requires(*MANAGERS)
def create_client() -> ResponseReturnValue:
    """Add one."""
    check_whole_centre()
    form = ClientForm.read(request.form)
    if not is_kept(form, lambda: service.create_client(form.name, is_demo=form.is_practice)):
        return _clients_page(form), 422
    flash(_("%(name)s is added.", name=form.name), "good")
    return redirect(url_for("centre.list_clients"), 303)


def _clients_page(form: ClientForm) -> str:
    return render_template("centre/list_clients.html", clients=service.list_clients(), form=form)


@bp.get("/clients/<int:client_id>")
@requires(*MANAGERS)
def edit_client(client_id: int) -> ResponseReturnValue:
    """Show one client."""
    check_whole_centre()
    client = service.get_client(client_id)
    return _client_page(client, ClientForm(client.name))


@bp.post("/clients/<int:client_id>")
@requires(*MANAGERS)
def rename_client(client_id: int) -> ResponseReturnValue:
    """Give it another name."""
    check_whole_centre()
    form = ClientForm.read(request.form)
    client = service.get_client(client_id)
    if not is_kept(form, lambda: service.rename_client(client, form.name)):
        return _client_page(client, form), 422
    flash(_("Saved."), "good")
    return redirect(url_for("centre.list_clients"), 303)


def _client_page(client: Client, form: ClientForm) -> str:
    return render_template("centre/edit_client.html", client=client, form=form)
