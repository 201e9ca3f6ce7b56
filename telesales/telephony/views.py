"""The telephone of the person at the page: credentials, state, and what an agent does during a call. All JSON."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from flask import Blueprint, current_app, jsonify, request
from flask.typing import ResponseReturnValue

from dialer.carriers.asterisk.agents_book import phone_endpoint
from dialer.ports import Line
from telesales.access.guard import current_user, requires
from telesales.access.limits import limiter
from telesales.access.roles import Role
from telesales.agents.models import User
from telesales.calls import floor
from telesales.campaigns.queries import get_campaign
from telesales.errors import InvalidInputError, NotFoundError
from telesales.extensions import transaction
from telesales.push.publish import publish
from telesales.push.topics import desk as desk_topic
from telesales.telephony import credentials, talking, wording
from telesales.telephony.carriers import ASTERISK, ice_servers, sip_server
from telesales.telephony.destinations import DestinationError
from telesales.telephony.errors import CallOverError, NoTelephoneError, TelephoneAwayError
from telesales.telephony.talking import Wish

bp = Blueprint("telephone", __name__, url_prefix="/telephone")
DONE = ("", 204)
OPENED_PER_PERSON = "30 per minute"  # a page opens its telephone once, and again every few minutes
SPEAKERS = (Role.AGENT, Role.SUPERVISOR, Role.MANAGER, Role.ADMINISTRATOR)


@bp.get("")
@requires(*SPEAKERS)
def show_state() -> ResponseReturnValue:
    """Where the telephone registers, and what it does with the call."""
    user = _person()
    line = credentials.find_line(user)
    here = floor.agent_state(user.id) or {}
    attempt_id = here.get("attempt_id")
    talk = talking.find_own_talk(user, attempt_id) if attempt_id else None
    return jsonify(
        line=None if line is None else _shown(line),
        talk=None if talk is None else asdict(talk),
    )


def _shown(line: Line) -> dict[str, Any]:
    more = {"ice_servers": ice_servers(line.address, line.agent_id), "sip_server": sip_server(line.address)}
    return {**asdict(line), **more}


@bp.post("/open")
@requires(*SPEAKERS)
@limiter.limit(OPENED_PER_PERSON, key_func=lambda: str(current_user().id))
def open_line() -> ResponseReturnValue:
    """Make credentials for the telephone of this page; asked again, renew them."""
    user = _person()
    _check_may_speak(user)
    made = credentials.open_line(user, window=_window(), take=request.form.get("take") == "1")
    if made.is_taken:
        publish(desk_topic(user.id), "telephone", {"window": _window()})
    return jsonify(password=made.password, seconds=made.seconds)


@bp.post("/own")
@requires(*SPEAKERS)
@limiter.limit(OPENED_PER_PERSON, key_func=lambda: str(current_user().id))
def open_own_phone() -> ResponseReturnValue:
    """Make credentials for a SIP telephone beside the browser."""
    user = _person()
    _check_may_speak(user)
    made = credentials.open_own_phone(user)
    publish(desk_topic(user.id), "telephone", {"window": _window()})
    return jsonify(password=made.password, seconds=made.seconds, user=phone_endpoint(user.id))


@bp.post("/close")
@requires(*SPEAKERS)
def close_line() -> ResponseReturnValue:
    """The page wants no telephone any more."""
    credentials.close_line(_person())
    return DONE


@bp.post("/call/<int:attempt_id>/<verb>")
@requires(Role.AGENT)
def act(attempt_id: int, verb: str) -> ResponseReturnValue:
    """Do what needs nothing but the call."""
    if verb not in set(talking.Verb):
        raise NotFoundError
    return _do(lambda: talking.act(_person(), attempt_id, talking.Verb(verb)))


@bp.post("/call/<int:attempt_id>/digits")
@requires(Role.AGENT)
def send_digits(attempt_id: int) -> ResponseReturnValue:
    """Send tones."""
    try:
        return _do(lambda: talking.send_digits(_person(), attempt_id, request.form.get("digits", "")))
    except talking.DigitsError:
        raise InvalidInputError({"digits": wording.digits_problem()}) from None


@bp.post("/call/<int:attempt_id>/transfer")
@requires(Role.AGENT)
def transfer(attempt_id: int) -> ResponseReturnValue:
    """Hand the callee to a number at once."""
    return _ring(talking.transfer, attempt_id)


@bp.post("/call/<int:attempt_id>/consult")
@requires(Role.AGENT)
def consult(attempt_id: int) -> ResponseReturnValue:
    """Ring somebody for advice; the callee waits."""
    return _ring(talking.consult, attempt_id)


def _ring(verb: Callable[[User, int, str], Wish], attempt_id: int) -> ResponseReturnValue:
    try:
        return _do(lambda: verb(_person(), attempt_id, request.form.get("number", "").strip()))
    except DestinationError as error:
        raise InvalidInputError({"number": wording.destination_problem(error.problem)}) from None


def _do(write_down: Callable[[], Wish]) -> ResponseReturnValue:
    """The carrier is told once it is certain who asked."""
    with transaction():
        wish = write_down()
    try:
        talking.carry_out(wish)
    except (CallOverError, TelephoneAwayError) as error:
        with transaction():
            talking.note_failure(wish, error.code)
        raise
    return DONE


def _check_may_speak(user: User) -> None:
    """An agent speaks in a campaign with a telephone, everybody else wherever there is one."""
    if user.role != Role.AGENT:
        if ASTERISK not in current_app.config["TELESALES"].carriers:
            raise NoTelephoneError
        return
    campaign_id = floor.campaign_of(user.id)
    if campaign_id is None or get_campaign(campaign_id).carrier != ASTERISK:
        credentials.close_line(user)
        raise NoTelephoneError


def _person() -> User:
    user: Any = current_user()
    assert isinstance(user, User)  # noqa: S101 - the guard let nobody else in
    return user


def _window() -> str:
    return request.headers.get("X-Desk-Window", "")[:40]
