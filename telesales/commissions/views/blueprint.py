"""The blueprint that the pages share."""

from flask import Blueprint

from telesales.commissions import explaining, wording
from telesales.commissions.rules.terms import load_terms

bp = Blueprint("commissions", __name__, template_folder="../templates")


@bp.context_processor
def words() -> dict[str, object]:
    """Give this domain's templates their words."""
    return {"words": wording, "explaining": explaining, "load_terms": load_terms}
