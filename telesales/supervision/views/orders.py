"""What a supervisor asks of one agent: the panel in the dialog of the floor page, fetched by its script."""

from collections.abc import Callable

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from telesales.access.guard import current_user, requires
from telesales.access.roles import LEADERS
from telesales.agents.models import PauseReason
from telesales.desk.wording import pause_reason_name
from telesales.errors import ConflictError, InvalidInputError
from telesales.extensions import transaction
from telesales.supervision import queries, wording
from telesales.supervision.errors import AgentElsewhereError, AgentGoneError
from telesales.supervision.forms import OrderForm
from telesales.supervision.queries import Standing
from telesales.supervision.service import orders
from telesales.supervision.service.orders import Order
from telesales.supervision.views.blueprint import bp

Give = Callable[[Standing, OrderForm], Order]


@bp.get("/agents/<int:agent_id>")
@requires(*LEADERS)
def show_agent(agent_id: int) -> ResponseReturnValue:
    """What can be asked of an agent now."""
    try:
        return _panel(queries.find_standing(agent_id), OrderForm())
    except AgentGoneError as error:
        return _nobody(wording.gone(error.agent.name))


@bp.post("/agents/<int:agent_id>/pause")
@requires(*LEADERS)
def pause(agent_id: int) -> ResponseReturnValue:
    """On a pause, after the call."""

    def give(standing: Standing, form: OrderForm) -> Order:
        reason = form.pause_reason()
        if reason is None:
            raise InvalidInputError(form.errors)
        return orders.send_on_pause(current_user(), standing, reason, form.note)

    return _give(agent_id, give)


@bp.post("/agents/<int:agent_id>/sign-off")
@requires(*LEADERS)
def sign_off(agent_id: int) -> ResponseReturnValue:
    """Off the floor, after the call unless "now" is confirmed."""
    return _give(
        agent_id,
        lambda standing, form: orders.send_off(current_user(), standing, form.note, now=form.now),
    )


@bp.post("/agents/<int:agent_id>/move")
@requires(*LEADERS)
def move(agent_id: int) -> ResponseReturnValue:
    """To another campaign, after the call."""
    return _give(agent_id, lambda standing, form: orders.move(current_user(), standing, form.to, form.note))


@bp.post("/agents/<int:agent_id>/take-back")
@requires(*LEADERS)
def take_back(agent_id: int) -> ResponseReturnValue:
    """What was ordered for after the call."""
    return _give(agent_id, lambda standing, _form: orders.take_back(current_user(), standing))


def _give(agent_id: int, give: Give) -> ResponseReturnValue:
    """Give an order; what is in its way stands in the panel that comes back."""
    form = OrderForm.read(request.form)
    try:
        standing = queries.find_standing(agent_id, expected=form.campaign)
        if form.errors:
            raise InvalidInputError(form.errors)
        with transaction():
            order = give(standing, form)
    except InvalidInputError as error:
        form.errors = error.fields
        return _panel(queries.find_standing(agent_id), form), 422
    except AgentGoneError as error:
        return _nobody(wording.gone(error.agent.name)), 409
    except AgentElsewhereError as error:
        said = wording.elsewhere(error.agent.name, error.campaign.name)
        return _panel(queries.find_standing(agent_id), form, problem=said), 409
    except ConflictError:
        said = _("Nothing is ordered any more.")
        return _panel(queries.find_standing(agent_id), form, problem=said), 409
    return render_template("supervision/told.html", text=wording.told(standing, order))


def _panel(standing: Standing, form: OrderForm, problem: str = "") -> str:
    return render_template(
        "supervision/agent.html",
        standing=standing,
        targets=[(campaign.id, campaign.name) for campaign in queries.may_go_to(standing)],
        reasons=[(reason.value, pause_reason_name(reason)) for reason in PauseReason],
        form=form,
        problem=problem,
        words=wording,
    )


def _nobody(text: str) -> str:
    return render_template("supervision/nobody.html", text=text)
