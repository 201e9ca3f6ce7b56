"""Pausing a recording: for the desk's button and for programs. All JSON."""

from datetime import timedelta
from typing import Any

from flask import jsonify
from flask.typing import ResponseReturnValue

from telesales import clock
from telesales.access.guard import current_user, requires
from telesales.access.roles import Role
from telesales.extensions import transaction
from telesales.recordings import pausing
from telesales.recordings.errors import CarrierAwayError, NotInCallError
from telesales.recordings.views.blueprint import bp


@bp.post("/calls/<int:attempt_id>/pause")
@requires(Role.AGENT)
def pause(attempt_id: int) -> ResponseReturnValue:
    """Record silence for a while: for the agent who has the call."""
    user: Any = current_user()
    with transaction():
        wish = pausing.pause_recording(user, attempt_id)
    _carry_out(wish)
    again_at = clock.now() + timedelta(seconds=wish.seconds)
    return jsonify(state="paused", seconds=wish.seconds, again_at=again_at.isoformat())


@bp.post("/calls/<int:attempt_id>/resume")
@requires(Role.AGENT)
def resume(attempt_id: int) -> ResponseReturnValue:
    """Record again."""
    user: Any = current_user()
    with transaction():
        wish = pausing.resume_recording(user, attempt_id)
    if wish is not None:
        _carry_out(wish)
    return jsonify(state="on")


def _carry_out(wish: pausing.Wish) -> None:
    try:
        pausing.carry_out(wish)
    except (NotInCallError, CarrierAwayError):
        with transaction():
            pausing.note_failure(wish)
        raise
