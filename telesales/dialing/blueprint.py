"""The blueprint that the pages of the floor share."""

from flask import Blueprint

bp = Blueprint("dialing", __name__, template_folder="templates", url_prefix="/floor")
