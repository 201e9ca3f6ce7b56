"""Pages of messages: the general ones, and those of a campaign."""

from io import BytesIO
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from telesales.access.guard import current_user, requires
from telesales.access.limits import limiter
from telesales.access.roles import MANAGERS
from telesales.campaigns.models import Campaign
from telesales.campaigns.queries import get_campaign, list_campaigns
from telesales.campaigns.states import CampaignState
from telesales.errors import ForbiddenError, NotFoundError
from telesales.extensions import db, transaction
from telesales.messages import publishing, queries, service, wording
from telesales.messages.heard import is_silent
from telesales.messages.rules import MOST_SECONDS, MessageKind, SoundProblem, SoundRefusedError
from telesales.messages.slots import field_of, slots_of
from telesales.messages.taking import TakenSound, take_sound

bp = Blueprint("messages", __name__, template_folder="templates")
UPLOADS_PER_PERSON = "30 per minute"
UNFINISHED = tuple(state for state in CampaignState if state is not CampaignState.FINISHED)


@bp.app_context_processor
def words() -> dict[str, Any]:
    """What templates that show a message may ask for."""
    return {"message_words": wording}


@bp.get("/messages")
@requires(*MANAGERS)
def show_messages() -> ResponseReturnValue:
    """The general messages, and the campaigns that have their own."""
    return _page(None)


@bp.get("/campaigns/<int:campaign_id>/messages")
@requires(*MANAGERS)
def show_campaign_messages(campaign_id: int) -> ResponseReturnValue:
    """The messages of a campaign."""
    return _page(get_campaign(campaign_id))


@bp.post("/messages/<kind>")
@requires(*MANAGERS)
@limiter.limit(UPLOADS_PER_PERSON, key_func=lambda: str(current_user().id))
def upload_message(kind: str) -> ResponseReturnValue:
    """Take a general message."""
    _check_may_change_general()
    return _upload(_kind(kind), None)


@bp.post("/campaigns/<int:campaign_id>/messages/<kind>")
@requires(*MANAGERS)
@limiter.limit(UPLOADS_PER_PERSON, key_func=lambda: str(current_user().id))
def upload_campaign_message(campaign_id: int, kind: str) -> ResponseReturnValue:
    """Take a message of a campaign."""
    return _upload(_kind(kind), get_campaign(campaign_id))


@bp.post("/messages/<kind>/remove")
@requires(*MANAGERS)
def remove_message(kind: str) -> ResponseReturnValue:
    """From now on only campaigns with their own message have one."""
    _check_may_change_general()
    return _remove(_kind(kind), None)


@bp.post("/campaigns/<int:campaign_id>/messages/<kind>/remove")
@requires(*MANAGERS)
def remove_campaign_message(campaign_id: int, kind: str) -> ResponseReturnValue:
    """From now on the general message is heard in this campaign."""
    return _remove(_kind(kind), get_campaign(campaign_id))


@bp.get("/messages/sounds/<int:message_id>.wav")
@requires(*MANAGERS)
def send_sound(message_id: int) -> ResponseReturnValue:
    """The sound of one version of a general message."""
    return _send(queries.get_sound(message_id, None))


@bp.get("/campaigns/<int:campaign_id>/messages/sounds/<int:message_id>.wav")
@requires(*MANAGERS)
def send_campaign_sound(campaign_id: int, message_id: int) -> ResponseReturnValue:
    """The sound of one version of a campaign's message."""
    return _send(queries.get_sound(message_id, get_campaign(campaign_id).id))


def _send(wav: bytes) -> ResponseReturnValue:
    """Players ask for parts; a version never changes."""
    return send_file(BytesIO(wav), mimetype="audio/wav", max_age=0)


def _upload(kind: MessageKind, campaign: Campaign | None) -> ResponseReturnValue:
    campaign_id = campaign.id if campaign else None
    db.session.rollback()  # converting takes a moment: others may write meanwhile
    try:
        sound, file_name = _take(kind)
    except SoundRefusedError as error:
        return _page(campaign, {field_of(kind): wording.problem_text(error.problem)}), 422
    with transaction():
        campaign = get_campaign(campaign_id) if campaign_id else None
        service.keep_message(kind, sound, file_name=file_name, campaign=campaign)
    return _done(_("The message is kept. Calls play it from now on."), campaign_id)


def _take(kind: MessageKind) -> tuple[TakenSound, str]:
    sent = request.files.get(field_of(kind))
    if sent is None or not sent.filename:
        raise SoundRefusedError(SoundProblem.MISSING)
    return take_sound(sent.stream), sent.filename


def _remove(kind: MessageKind, campaign: Campaign | None) -> ResponseReturnValue:
    campaign_id = campaign.id if campaign else None
    with transaction():
        service.remove_message(kind, campaign=campaign)
    return _done(_("The message is removed."), campaign_id)


def _done(text: str, campaign_id: int | None) -> ResponseReturnValue:
    if publishing.bring_messages():
        flash(text, "good")
    else:
        flash(_("It is kept, and heard as soon as the telephones can be reached."), "warning")
    if campaign_id is None:
        return redirect(url_for("messages.show_messages"), 303)
    return redirect(url_for("messages.show_campaign_messages", campaign_id=campaign_id), 303)


def _page(campaign: Campaign | None, errors: dict[str, str] | None = None) -> str:
    return render_template(
        "messages/show_messages.html",
        campaign=campaign,
        slots=slots_of(campaign),
        errors=errors or {},
        may_change=campaign is not None or current_user().client_id is None,
        most_seconds=round(MOST_SECONDS),
        is_silent=campaign is not None and is_silent(campaign),
        **({} if campaign else _campaigns()),
    )


def _campaigns() -> dict[str, Any]:
    own = queries.campaigns_with_messages()
    campaigns = list_campaigns(UNFINISHED)
    return {
        "campaigns": [
            (
                campaign,
                [kind for kind in MessageKind if kind in own.get(campaign.id, ())],
                is_silent(campaign),
            )
            for campaign in campaigns
        ]
    }


def _kind(text: str) -> MessageKind:
    if text not in set(MessageKind):
        raise NotFoundError
    return MessageKind(text)


def _check_may_change_general() -> None:
    """The general messages are heard by people of every client."""
    if current_user().client_id is not None:
        raise ForbiddenError
