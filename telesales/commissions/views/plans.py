"""The plan of a campaign: its sentences, examples and versions, and the editor."""

from collections.abc import Sequence
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from telesales.access.guard import current_user, requires
from telesales.access.roles import LEADERS, MANAGERS
from telesales.agents.models import User
from telesales.campaigns.models import Campaign
from telesales.campaigns.queries import get_campaign, products_of
from telesales.commissions import queries
from telesales.commissions.forms import PlanForm, form_of, new_form
from telesales.commissions.models import PlanVersion
from telesales.commissions.rules.outlook import Example, examples_of
from telesales.commissions.rules.reckoning import version_on
from telesales.commissions.rules.terms import Terms, load_terms
from telesales.commissions.service import accrual
from telesales.commissions.service.plans import NewVersion, earliest_start, publish_version, today_of_centre
from telesales.commissions.views.blueprint import bp
from telesales.errors import InvalidInputError
from telesales.extensions import db, transaction
from telesales.money import CURRENCIES, digits_of

TYPICAL_SALE = 100  # whole units, where a campaign has no product yet


@bp.get("/campaigns/<int:campaign_id>/plan")
@requires(*LEADERS)
def show_plan(campaign_id: int) -> ResponseReturnValue:
    """The plan as it is, and the next version to edit."""
    campaign = get_campaign(campaign_id)
    return _page(campaign, _next_form(campaign))


@bp.post("/campaigns/<int:campaign_id>/plan")
@requires(*MANAGERS)
def publish_plan(campaign_id: int) -> ResponseReturnValue:
    """Publish what was typed; other buttons change the form, or only look at the examples."""
    campaign = get_campaign(campaign_id)
    form = PlanForm.read(request.form)
    do = request.form.get("do", "publish")
    if do != "publish":
        form.change(do)
        return _page(campaign, form)
    terms = form.check()
    if terms is None or form.starts_on is None:
        return _page(campaign, form), 422
    try:
        with transaction():
            publish_version(campaign, NewVersion(terms, form.currency, form.starts_on, form.seen_version))
    except InvalidInputError as error:
        form.errors = error.fields
        form.based_on = _newest(queries.list_versions(campaign_id))
        return _page(get_campaign(campaign_id), form), 422
    flash(_("The version is published. Every sale from its first day on is paid by it."), "good")
    return redirect(url_for("commissions.show_plan", campaign_id=campaign_id), 303)


def _next_form(campaign: Campaign) -> PlanForm:
    start = earliest_start(campaign.id) or today_of_centre()
    versions = queries.list_versions(campaign.id)
    form = (
        form_of(load_terms(versions[0].terms), versions[0].currency, start)
        if versions
        else new_form(campaign.currency, start)
    )
    form.based_on = _newest(versions)
    return form


def _newest(versions: Sequence[PlanVersion]) -> str:
    return str(versions[0].version if versions else 0)


def _page(campaign: Campaign, form: PlanForm) -> str:
    versions = queries.list_versions(campaign.id)
    return render_template(
        "commissions/show_plan.html",
        campaign=campaign,
        form=form,
        may_edit=current_user().role in MANAGERS,
        versions=versions,
        authors=_authors(versions),
        in_force=_version_in_force(campaign),
        earliest=earliest_start(campaign.id),
        currencies=[(code, code) for code in CURRENCIES],
        digits=digits_of,
        **_examples(campaign, form),
    )


def _version_in_force(campaign: Campaign) -> int | None:
    plan = queries.find_plan(campaign.id)
    version = version_on(accrual.terms_of(plan.id), today_of_centre()) if plan else None
    return version.version if version else None


def _authors(versions: Sequence[PlanVersion]) -> dict[int, str]:
    ids = {version.created_by_id for version in versions if version.created_by_id}
    return {user_id: db.session.get_one(User, user_id).name for user_id in ids}


def _examples(campaign: Campaign, form: PlanForm) -> dict[str, Any]:
    """What the typed terms pay for a typical sale; nothing while they cannot be read."""
    typed = PlanForm(form.currency, form.effective_from, form.parts)
    terms: Terms | None = typed.check()
    examples: list[Example] = examples_of(terms, _typical_sale(campaign, form.currency)) if terms else []
    return {"terms": terms, "examples": examples}


def _typical_sale(campaign: Campaign, currency: str) -> int:
    products = products_of(campaign.id)
    if products and currency == campaign.currency:
        return products[0].price_minor
    return int(TYPICAL_SALE * 10 ** digits_of(currency))
