"""Saving what a call came to."""

from flask import request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from telesales.access.guard import requires
from telesales.access.roles import Role
from telesales.calls import wording as call_wording
from telesales.calls.errors import CallbackRefusedError
from telesales.desk import queries
from telesales.desk.errors import SaleCancelledError, SaleGapsError, SaleSavedError
from telesales.desk.forms import OutcomeForm
from telesales.desk.queries import CallView
from telesales.desk.service.outcomes import Outcome, finish_call
from telesales.desk.views.blueprint import agent, bp, render_part, window
from telesales.extensions import transaction
from telesales.push.publish import publish
from telesales.push.topics import desk as desk_topic


@bp.post("/call/<int:attempt_id>/finish")
@requires(Role.AGENT)
def finish(attempt_id: int) -> ResponseReturnValue:
    """Save the outcome; on a mistake the panel comes back with everything that was typed."""
    call = queries.call_view(agent(), attempt_id)
    form = OutcomeForm.read(request.form)
    outcome = form.outcome(currency=call.campaign.currency, zone=call.zone)
    if outcome is None or not _is_saved(call, form, outcome):
        return render_part("outcome", queries.call_view(agent(), attempt_id), form=form), 422
    publish(desk_topic(agent().id), "outcome", {"attempt_id": attempt_id, "window": window()})
    return render_part("outcome", queries.call_view(agent(), attempt_id))


def _is_saved(call: CallView, form: OutcomeForm, outcome: Outcome) -> bool:
    try:
        with transaction():
            finish_call(agent(), call.attempt, outcome)
    except CallbackRefusedError as error:
        form.errors["day"] = call_wording.callback_problem(error.problem)
    except SaleGapsError:
        form.errors["gaps"] = _("This is missing before it is a sale:")
    except SaleSavedError:
        form.errors["code"] = _("A sale was saved in this call. A supervisor can cancel it.")
    except SaleCancelledError:
        form.errors["code"] = _(
            "The sale of this call was cancelled. Save it once more if it was sold after all."
        )
    return not form.errors
