"""The blueprint that the pages share."""

from flask import Blueprint

from telesales.commissions import wording as pay_words
from telesales.standings import wording

bp = Blueprint("standings", __name__, template_folder="../templates", url_prefix="/standings")


@bp.context_processor
def words() -> dict[str, object]:
    """Give this domain's templates their words."""
    return {"words": wording, "pay_words": pay_words}
