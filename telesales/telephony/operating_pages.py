"""The operator's page: nodes, trunks and their health."""

from pathlib import Path

from flask import Blueprint, current_app, render_template
from flask.typing import ResponseReturnValue

from dialer.carriers.asterisk.settings import TelephonySettingsError
from dialer.carriers.asterisk.settings_file import read_telephony
from telesales import clock
from telesales.access.guard import requires
from telesales.access.roles import Role
from telesales.extensions import redis_client
from telesales.telephony.operating import take_picture

bp = Blueprint("operating", __name__, template_folder="templates", url_prefix="/telephones")


@bp.get("/")
@requires(Role.ADMINISTRATOR)
def show_telephones() -> ResponseReturnValue:
    """Show what the telephone file describes and how it is; or how to get a telephone."""
    named = current_app.config["TELESALES"].telephony_file
    try:
        telephony = read_telephony(Path(named)) if named else None
    except TelephonySettingsError as error:
        return render_template("operating/show_telephones.html", picture=None, mistakes=error.mistakes)
    picture = take_picture(telephony, redis_client(), clock.now().timestamp()) if telephony else None
    return render_template("operating/show_telephones.html", picture=picture, mistakes=[])
