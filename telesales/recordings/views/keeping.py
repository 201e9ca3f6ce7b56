"""Holding a call, letting it go, deleting it: for managers, with the reason."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from telesales.access.guard import requires
from telesales.access.roles import MANAGERS
from telesales.audit.service import record
from telesales.calls.forms import ReasonForm
from telesales.errors import NotFoundError
from telesales.extensions import db, transaction
from telesales.recordings import forgetting, queries
from telesales.recordings.errors import RecordingGoneError, RecordingHeldError, StoreAwayError
from telesales.recordings.models import Recording
from telesales.recordings.stores import StoreUnavailableError
from telesales.recordings.views.blueprint import bp
from telesales.recordings.views.pages import call_page


@bp.post("/calls/<int:attempt_id>/keeping/<what>")
@requires(*MANAGERS)
def change_keeping(attempt_id: int, what: str) -> ResponseReturnValue:
    """Do it; without a reason ask again."""
    change = {"hold": _hold, "release": _release, "delete": _delete}.get(what)
    if change is None:
        raise NotFoundError
    form = ReasonForm.read(request.form, missing=_("Say why: it is written down."))
    if form.errors:
        return call_page(attempt_id, form, what), 422
    change(attempt_id, form.reason)
    return redirect(url_for("recordings.show_call", attempt_id=attempt_id), 303)


def _hold(attempt_id: int, reason: str) -> None:
    try:
        with transaction():
            forgetting.hold_call(_kept(attempt_id), reason)
    except RecordingGoneError:
        raise RecordingGoneError(_("The sound is being deleted already.")) from None
    flash(_("The call is held."), "good")


def _release(attempt_id: int, reason: str) -> None:
    with transaction():
        forgetting.release_call(_kept(attempt_id), reason)
    flash(_("The call is kept as long as its campaign says."), "good")


def _delete(attempt_id: int, reason: str) -> None:
    with transaction():
        kept = _kept(attempt_id)
        going = forgetting.begin_deleting(kept, reason)
        if len(going) < len(kept):
            raise RecordingHeldError(_("This call is held. Let it go first."))
        for recording in going:
            record("recording.deletion_begun", recording, call=attempt_id, reason=reason)
        db.session.flush()
        db.session.expunge_all()
    try:
        forgetting.delete_files(going)
    except StoreUnavailableError as error:
        raise StoreAwayError(
            _("The store of recordings cannot be reached. The sound is deleted as soon as it can be.")
        ) from error
    with transaction():
        forgetting.mark_deleted(going)
    flash(_("The sound is deleted."), "good")


def _kept(attempt_id: int) -> list[Recording]:
    kept = [row for row in queries.recordings_of(attempt_id) if row.is_kept]
    if not kept:
        raise NotFoundError
    return kept
