"""Pages of scripts: the shelf, and one version as it is read."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from scripts.checks import check
from scripts.merge import paragraphs
from telesales.access.guard import requires
from telesales.access.roles import LEADERS, Role
from telesales.extensions import row_id
from telesales.scripting import queries, wording

bp = Blueprint("scripting", __name__, template_folder="templates", url_prefix="/scripts")
READERS = (*LEADERS, Role.REVIEWER)


@bp.get("")
@requires(*READERS)
def list_scripts() -> ResponseReturnValue:
    """Every published script."""
    return render_template("scripting/list_scripts.html", shelf=queries.list_scripts())


@bp.get("/<int:script_id>")
@requires(*READERS)
def show_script(script_id: int) -> ResponseReturnValue:
    """One version: how it flows, what is said, what is objected, what the checks say."""
    found = queries.get_version(script_id, request.args.get("version", type=row_id))
    return render_template(
        "scripting/show_script.html",
        found=found,
        versions=queries.list_versions(script_id),
        problems=check(found.content),
        paragraphs=lambda text: paragraphs(text, wording.sample_values()),
        wording=wording,
    )
