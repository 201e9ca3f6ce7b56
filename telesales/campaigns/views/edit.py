"""The forms of a campaign."""

from dataclasses import replace
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from telesales.access.guard import current_user, requires
from telesales.access.roles import MANAGERS
from telesales.campaigns import choices, labels, notices, queries
from telesales.campaigns.forms import detection, floor, inbound, profile, recording
from telesales.campaigns.forms.campaign import CampaignForm
from telesales.campaigns.forms.new import NewCampaignForm
from telesales.campaigns.models import Campaign
from telesales.campaigns.recording import can_record
from telesales.campaigns.service import editing
from telesales.campaigns.states import CampaignState
from telesales.campaigns.values import CampaignValues, merge
from telesales.campaigns.views.blueprint import bp
from telesales.centre import service as centre
from telesales.errors import ConflictError, InvalidInputError
from telesales.extensions import db, transaction
from telesales.money import CURRENCIES


@bp.get("/new")
@requires(*MANAGERS)
def new_campaign() -> ResponseReturnValue:
    """Ask what a campaign begins with."""
    return _new_page(NewCampaignForm.show(centre.settings().currency))


@bp.post("/new")
@requires(*MANAGERS)
def create_campaign() -> ResponseReturnValue:
    """Make the draft and open its form."""
    form = NewCampaignForm.read(request.form)
    if form.is_complete(may_add_client=current_user().client_id is None):
        try:
            with transaction():
                campaign_id = form.create().id
        except InvalidInputError as error:
            form.errors |= error.fields
        else:
            flash(_("The draft is kept. Fill in what is missing, then start it."), "good")
            return redirect(url_for("campaigns.edit_campaign", campaign_id=campaign_id), 303)
    return _new_page(form), 422


def _new_page(form: NewCampaignForm) -> str:
    person = current_user()
    clients = [
        (client.id, client.name) for client in centre.list_clients() if person.client_id in (None, client.id)
    ]
    return render_template(
        "campaigns/new_campaign.html",
        form=form,
        clients=clients,
        may_add_client=person.client_id is None,
        currencies=[(code, code) for code in CURRENCIES],
    )


@bp.get("/<int:campaign_id>/edit")
@requires(*MANAGERS)
def edit_campaign(campaign_id: int) -> ResponseReturnValue:
    """The whole form."""
    campaign = _editable(campaign_id)
    form = CampaignForm.show(editing.values_of(campaign), any_hour=campaign.client.is_demo)
    return _edit_page(campaign, form)


@bp.post("/<int:campaign_id>/edit")
@requires(*MANAGERS)
def save_campaign(campaign_id: int) -> ResponseReturnValue:
    """Keep it; when somebody else was faster, show both and lose nothing."""
    campaign = _editable(campaign_id)
    version = request.form.get("version", campaign.version, type=int)
    base = editing.values_at(campaign, version)
    can_leave = detection.can_leave(campaign.id)
    form = CampaignForm.read(request.form, base, any_hour=campaign.client.is_demo, can_leave=can_leave)
    typed = form.parse()
    if typed is None:
        return _edit_page(campaign, form, version=version), 422
    db.session.rollback()
    try:
        with transaction():
            editing.edit_campaign(campaign_id, typed, base_version=version)
    except editing.StaleEditError:
        return _stale_page(campaign_id, base=base, typed=typed, version=version)
    except InvalidInputError as error:
        form.errors = error.fields
        return _edit_page(queries.get_campaign(campaign_id), form, version=version), 422
    flash(_("The campaign is kept."), "good")
    return redirect(url_for("campaigns.show_campaign", campaign_id=campaign_id), 303)


def _editable(campaign_id: int) -> Campaign:
    campaign = queries.get_campaign(campaign_id)
    if campaign.state == CampaignState.FINISHED:
        raise ConflictError(_("This campaign is finished and cannot be changed."))
    return campaign


def _stale_page(
    campaign_id: int, *, base: CampaignValues, typed: CampaignValues, version: int
) -> ResponseReturnValue:
    """What was typed, with what the other person changed taken over, and the differences named."""
    campaign = queries.get_campaign(campaign_id)
    current = editing.values_of(campaign)
    merged = merge(base, typed=typed, current=current)
    products = _with_new_ids(merged.values, current)
    form = CampaignForm.show(products, any_hour=campaign.client.is_demo)
    for name in merged.both:
        form.errors[labels.form_field(name)] = _(
            "%(field)s: somebody else changed it as well. What you typed is kept; look at it before you save.",
            field=labels.field_label(name),
        )
    edits = editing.edits_since(campaign, version)
    return _edit_page(campaign, form, edits=edits), 409


def _with_new_ids(values: CampaignValues, current: CampaignValues) -> CampaignValues:
    """Products that somebody else has added meanwhile are the same products here."""
    ids = {product.name.casefold(): product.id for product in current.products}
    products = tuple(
        replace(product, id=product.id or ids.get(product.name.casefold())) for product in values.products
    )
    return replace(values, products=products)


def _edit_page(campaign: Campaign, form: CampaignForm, **more: Any) -> str:
    return render_template(
        "campaigns/edit_campaign.html",
        **{
            "campaign": campaign,
            "form": form,
            "version": campaign.version,
            "edits": [],
            "notices": [notice for notice in notices.notices_of(campaign) if notice.anchor == "abandoned"],
            "labels": labels,
            "choices": choices.choices_for(campaign),
            "recording": recording,
            "inbound": inbound,
            "can_record": can_record(),
            "floor_choices": floor.floor_choices,
            "profile_names": profile.SHOWN,
            "profile_percents": profile.PERCENTS,
            "profile_default": profile.default_of,
            "profile_has_errors": any(name.startswith("profile") for name in form.errors),
            **more,
        },
    )
