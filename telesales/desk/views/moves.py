"""What an agent does during a call: moves through the script, fields, notes. Each carries what it was made on."""

from flask import jsonify, request
from flask.typing import ResponseReturnValue

from scripts.fields import FieldValueError
from telesales.access.guard import requires
from telesales.access.roles import Role
from telesales.calls.models import CallAttempt
from telesales.calls.service.writing import add_note
from telesales.desk import queries
from telesales.desk.service import scripting
from telesales.desk.views.blueprint import agent, bp, render_part, window
from telesales.extensions import transaction
from telesales.scripting.wording import field_problem


def _attempt(attempt_id: int) -> CallAttempt:
    return queries.get_own_attempt(agent(), attempt_id)


def _revision() -> int:
    return request.form.get("revision", -1, type=int)


@bp.post("/call/<int:attempt_id>/answer")
@requires(Role.AGENT)
def answer(attempt_id: int) -> ResponseReturnValue:
    """Follow an answer."""
    choice = request.form.get("choice", "")
    with transaction():
        scripting.answer_step(agent(), _attempt(attempt_id), choice, revision=_revision(), window=window())
    return _script(attempt_id)


@bp.post("/call/<int:attempt_id>/back")
@requires(Role.AGENT)
def back(attempt_id: int) -> ResponseReturnValue:
    """One step back."""
    with transaction():
        scripting.go_back(agent(), _attempt(attempt_id), revision=_revision(), window=window())
    return _script(attempt_id)


@bp.post("/call/<int:attempt_id>/visit")
@requires(Role.AGENT)
def visit(attempt_id: int) -> ResponseReturnValue:
    """Aside to a step that is missing."""
    step = request.form.get("step", "")
    with transaction():
        scripting.visit_step(agent(), _attempt(attempt_id), step, revision=_revision(), window=window())
    return _script(attempt_id)


def _script(attempt_id: int) -> ResponseReturnValue:
    return render_part("script", queries.call_view(agent(), attempt_id))


@bp.post("/call/<int:attempt_id>/field")
@requires(Role.AGENT)
def write_field(attempt_id: int) -> ResponseReturnValue:
    """Keep a field as it was entered."""
    name, value = request.form.get("field", ""), request.form.get("value", "")
    try:
        with transaction():
            kept = scripting.write_field(agent(), _attempt(attempt_id), name, value, window=window())
    except FieldValueError as error:
        return jsonify(field=name, error=field_problem(error.problem)), 422
    return jsonify(field=name, value=kept)


@bp.post("/call/<int:attempt_id>/note")
@requires(Role.AGENT)
def write_note(attempt_id: int) -> ResponseReturnValue:
    """Keep a note about the lead."""
    text = request.form.get("text", "").strip()[:2_000]
    if text:
        with transaction():
            add_note(_attempt(attempt_id), agent(), text)
    return render_part("notes", queries.call_view(agent(), attempt_id))
