"""The blueprint that the pages of lists, leads and imports share."""

from typing import Any

from flask import Blueprint

from telesales.compliance.rules import zones_of_key
from telesales.compliance.wording import source_name
from telesales.leads import wording

bp = Blueprint("leads", __name__, template_folder="../templates")


@bp.app_context_processor
def words() -> dict[str, Any]:
    """What templates that show a lead may ask for."""
    return {"lead_words": wording, "source_name": source_name, "zones_of_key": zones_of_key}
