"""The blueprint of recordings."""

from flask import Blueprint

bp = Blueprint("recordings", __name__, template_folder="../templates", url_prefix="/recordings")
