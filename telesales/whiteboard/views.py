"""The television's page, and looking after screens."""

from flask import Blueprint, flash, g, jsonify, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _

from telesales import clock
from telesales.access.guard import current_user, public, requires
from telesales.access.roles import LEADERS
from telesales.agents.queries import client_names, list_teams
from telesales.campaigns.queries import list_campaigns
from telesales.extensions import transaction
from telesales.i18n import LOCALES
from telesales.push import tokens, topics
from telesales.whiteboard import queries, service
from telesales.whiteboard.forms import ScreenForm
from telesales.whiteboard.models import Screen
from telesales.whiteboard.rules import link_path
from telesales.whiteboard.version import page_version

bp = Blueprint("whiteboard", __name__, template_folder="templates", url_prefix="/whiteboard")
FRESH_LINK = "screen_link"


@bp.get("/s/<token>")
@public("a television cannot sign in; whoever has the screen's link may watch, until it is taken back")
def show_screen(token: str) -> ResponseReturnValue:
    """Show the whiteboard. A link that was taken back shows a calm page that waits."""
    state = _state_of(token)
    page = render_template("whiteboard/show_screen.html", state=state, token=token)
    return page, 200 if state["board"] else 404


@bp.get("/s/<token>/board.json")
@public("the same page asks for its figures anew")
def show_board(token: str) -> ResponseReturnValue:
    """Give the figures, a fresh permission to listen, and the version of the page."""
    state = _state_of(token)
    return jsonify(state), 200 if state["board"] else 404


def _state_of(token: str) -> dict[str, object]:
    screen = queries.find_screen_by_token(token)
    if screen is not None:
        g.locale = screen.options.get("locale") or None
    return {
        "board": queries.board_of(screen, locale=str(get_locale())) if screen else None,
        "push_token": tokens.issue([topics.board(screen.id)]) if screen else "",
        "version": page_version(),
        "server_time": clock.now().isoformat(),
        "time_zone": g.centre_zone,
    }


@bp.get("/")
@requires(*LEADERS)
def list_screens() -> ResponseReturnValue:
    """Show the screens; a link that was just made is shown once."""
    fresh = session.pop(FRESH_LINK, None)
    return render_template(
        "whiteboard/list_screens.html",
        screens=queries.list_screens(current_user().client_id),
        fresh=fresh and {"name": fresh[0], "url": request.url_root.rstrip("/") + link_path(fresh[1])},
        clients=client_names(),
        campaigns={campaign.id: campaign.name for campaign in list_campaigns()},
        teams={team.id: team.name for team in list_teams()},
        languages=LOCALES,
    )


@bp.get("/new")
@requires(*LEADERS)
def show_new_screen() -> ResponseReturnValue:
    """Ask what a new screen should show."""
    return _form_page(ScreenForm(client_id=str(current_user().client_id or "")))


@bp.post("/new")
@requires(*LEADERS)
def create_screen() -> ResponseReturnValue:
    """Add it and show its link once."""
    form = ScreenForm.read(request.form)
    clients, campaigns, teams = _choices()
    if not form.check(clients=_keys(clients), campaigns=_keys(campaigns), teams=_keys(teams)):
        return _form_page(form), 422
    with transaction():
        screen, token = service.create_screen(form.facts())
        return _show_link_once(screen, token)


@bp.post("/<int:screen_id>/link")
@requires(*LEADERS)
def renew_link(screen_id: int) -> ResponseReturnValue:
    """Make a new link; the old one stops."""
    with transaction():
        screen = queries.get_screen(screen_id, current_user().client_id)
        return _show_link_once(screen, service.renew_link(screen))


@bp.post("/<int:screen_id>/revoke")
@requires(*LEADERS)
def revoke_screen(screen_id: int) -> ResponseReturnValue:
    """Take the link back."""
    with transaction():
        screen = queries.get_screen(screen_id, current_user().client_id)
        service.revoke_screen(screen)
    flash(_("The link of “%(name)s” does not work any more.", name=screen.name), "good")
    return redirect(url_for("whiteboard.list_screens"), 303)


def _show_link_once(screen: Screen, token: str) -> ResponseReturnValue:
    session[FRESH_LINK] = [screen.name, token]
    return redirect(url_for("whiteboard.list_screens"), 303)


def _form_page(form: ScreenForm) -> str:
    clients, campaigns, teams = _choices()
    return render_template(
        "whiteboard/new_screen.html",
        form=form,
        clients=clients,
        campaigns=campaigns,
        teams=teams,
        languages=list(LOCALES.items()),
    )


Choices = list[tuple[str, str]]


def _choices() -> tuple[Choices, Choices, Choices]:
    own = current_user().client_id
    clients = [(str(key), name) for key, name in client_names().items() if own in (None, key)]
    if own is None:
        clients.insert(0, ("", _("The whole centre")))
    campaigns = [(str(campaign.id), campaign.name) for campaign in list_campaigns()]
    return clients, campaigns, [(str(team.id), team.name) for team in list_teams()]


def _keys(choices: Choices) -> set[str]:
    return {key for key, _name in choices}
