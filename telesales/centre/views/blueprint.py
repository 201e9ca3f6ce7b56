"""The blueprint that the pages of the centre share."""

from flask import Blueprint

from telesales.access.guard import current_user
from telesales.errors import ForbiddenError

bp = Blueprint("centre", __name__, template_folder="../templates")


def check_whole_centre() -> None:
    """Refuse people who see one client only: the page is about the whole centre."""
    if current_user().client_id is not None:
        raise ForbiddenError
