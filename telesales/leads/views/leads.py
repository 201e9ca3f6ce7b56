"""Pages of single leads."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from telesales import clock
from telesales.access.guard import requires
from telesales.access.roles import LEADERS, MANAGERS
from telesales.compliance.service import find_do_not_call
from telesales.errors import InvalidInputError
from telesales.extensions import db, transaction
from telesales.i18n import sentences
from telesales.leads import queries, service
from telesales.leads.forms.leads import LeadForm
from telesales.leads.models import Lead, LeadList
from telesales.leads.views.blueprint import bp


@bp.get("/leads/<int:lead_id>")
@requires(*LEADERS)
def show_lead(lead_id: int) -> ResponseReturnValue:
    """Everything about one lead; its calls come from the calls domain by URL."""
    lead = queries.get_lead(lead_id)
    return render_template(
        "leads/show_lead.html",
        lead=lead,
        now=clock.now(),
        forbidden=find_do_not_call(lead.number, client_id=lead.client_id, campaign_id=None),
    )


@bp.get("/lists/<int:list_id>/leads/new")
@requires(*MANAGERS)
def new_lead(list_id: int) -> ResponseReturnValue:
    """An empty form."""
    return _page(LeadForm.show(), queries.get_list(list_id))


@bp.post("/lists/<int:list_id>/leads/new")
@requires(*MANAGERS)
def add_lead(list_id: int) -> ResponseReturnValue:
    """Add a lead; the form comes back empty for the next one when that was asked for."""
    lead_list = queries.get_list(list_id)
    form = LeadForm.read(request.form, region=lead_list.region)
    if not form.errors:
        try:
            with transaction():
                lead_id = service.add_lead(lead_list, **form.values).id
        except InvalidInputError as error:
            form.errors = error.fields
            lead_list = queries.get_list(list_id)
        else:
            flash(_("The lead is in the list."), "good")
            if request.form.get("then") == "another":
                return redirect(url_for("leads.new_lead", list_id=list_id), 303)
            return redirect(url_for("leads.show_lead", lead_id=lead_id), 303)
    return _page(form, lead_list), 422


@bp.get("/leads/<int:lead_id>/edit")
@requires(*MANAGERS)
def edit_lead(lead_id: int) -> ResponseReturnValue:
    """The form with the lead's values."""
    lead = queries.get_lead(lead_id)
    return _page(LeadForm.show(lead), lead.lead_list, lead)


@bp.post("/leads/<int:lead_id>/edit")
@requires(*MANAGERS)
def save_lead(lead_id: int) -> ResponseReturnValue:
    """Keep a lead's values."""
    lead = queries.get_lead(lead_id)
    form = LeadForm.read(request.form, region=lead.lead_list.region)
    if not form.errors:
        try:
            with transaction():
                service.edit_lead(lead, form.values)
        except InvalidInputError as error:
            db.session.rollback()
            form.errors = error.fields
            lead = queries.get_lead(lead_id)
        else:
            flash(_("The lead is kept."), "good")
            return redirect(url_for("leads.show_lead", lead_id=lead_id), 303)
    return _page(form, lead.lead_list, lead), 422


def _page(form: LeadForm, lead_list: LeadList, lead: Lead | None = None) -> str:
    return render_template("leads/edit_lead.html", form=form, lead_list=lead_list, lead=lead)


@bp.post("/leads/<int:lead_id>/reopen")
@requires(*MANAGERS)
def reopen_lead(lead_id: int) -> ResponseReturnValue:
    """Let a lead that is done be called again."""
    lead = queries.get_lead(lead_id)
    try:
        with transaction():
            service.reopen_lead(lead)
    except InvalidInputError as error:
        flash(sentences(error.fields.values()), "bad")
    else:
        flash(_("The lead may be called again."), "good")
    return redirect(url_for("leads.show_lead", lead_id=lead_id), 303)
