"""Orders in the reader's language."""

from flask_babel import gettext as _

from dialer.ports import SuperviseMode
from telesales.desk.wording import pause_reason_name
from telesales.supervision.kinds import OrderKind
from telesales.supervision.queries import Listener, Notice, Standing
from telesales.supervision.service.orders import Order


def told(standing: Standing, order: Order) -> str:
    """What a supervisor hears after giving an order."""
    name = standing.agent.name
    at_once = {
        OrderKind.PAUSE: _("%(name)s is paused.", name=name),
        OrderKind.SIGN_OFF: _("%(name)s is signed off.", name=name),
        OrderKind.MOVE: _("%(name)s changes the campaign.", name=name),
        OrderKind.TAKEN_BACK: _("%(name)s goes on as before.", name=name),
    }
    later = {
        OrderKind.PAUSE: _("%(name)s is paused after this call.", name=name),
        OrderKind.SIGN_OFF: _("%(name)s is signed off after this call.", name=name),
        OrderKind.MOVE: _("%(name)s changes the campaign after this call.", name=name),
    }
    text: str = later[order.kind] if order.after_call and order.kind in later else at_once[order.kind]
    if order.replaces:
        text += " " + _("It replaces what %(name)s had ordered.", name=order.replaces)
    return text


def notice(found: Notice) -> str:
    """What an agent reads: who ordered what."""
    by, to = found.by, found.to_name
    texts: dict[OrderKind, str]
    if found.is_waiting:
        texts = {
            OrderKind.PAUSE: _("%(name)s asks you for a pause after this call.", name=by),
            OrderKind.SIGN_OFF: _("%(name)s signs you off after this call.", name=by),
            OrderKind.MOVE: _("%(name)s moves you to %(to)s after this call.", name=by, to=to),
        }
    else:
        texts = {
            OrderKind.PAUSE: _("%(name)s has sent you on a pause.", name=by),
            OrderKind.SIGN_OFF: _("%(name)s has signed you off.", name=by),
            OrderKind.MOVE: _("%(name)s has moved you to %(to)s.", name=by, to=to),
        }
    return texts[found.kind]


def reasons(found: Notice) -> str:
    """Why, as far as it was said."""
    parts = [pause_reason_name(found.reason) if found.reason else "", found.note]
    return " · ".join(part for part in parts if part)


def ordered(standing: Standing) -> str:
    """The order that waits for the end of the agent's call."""
    live, by = standing.live, standing.ordered_by
    text: str
    if live.moves_to:
        text = _("%(name)s has ordered another campaign after this call.", name=by)
    elif live.leaves_after_call:
        text = _("%(name)s has ordered the sign-off after this call.", name=by)
    else:
        text = _("%(name)s has ordered a pause after this call.", name=by)
    return text


def elsewhere(name: str, campaign: str) -> str:
    """The page was older than the floor."""
    text: str = _(
        "%(name)s works on %(campaign)s now. Look again, then decide.", name=name, campaign=campaign
    )
    return text


def gone(name: str) -> str:
    """Nobody is there who could be told."""
    text: str = _("%(name)s is on no floor any more.", name=name)
    return text


def no_call(name: str) -> str:
    """There is nothing to hear any more."""
    text: str = _("%(name)s is not in a call any more.", name=name)
    return text


def mode_name(mode: SuperviseMode) -> str:
    """A way to take part in a call, as a button says it."""
    names: dict[str, str] = {
        SuperviseMode.LISTEN: _("Listen"),
        SuperviseMode.WHISPER: _("Whisper"),
        SuperviseMode.BARGE: _("Barge in"),
    }
    return names.get(mode, mode)


def takes_part(mode: SuperviseMode, name: str) -> str:
    """What the supervisor does now."""
    texts: dict[str, str] = {
        SuperviseMode.LISTEN: _("You listen to %(name)s: nobody hears you.", name=name),
        SuperviseMode.WHISPER: _("You whisper to %(name)s: the callee does not hear you.", name=name),
        SuperviseMode.BARGE: _("You are in the call of %(name)s: everybody hears you.", name=name),
    }
    return texts[mode]


def listens(listener: Listener) -> str:
    """What the agent reads."""
    texts: dict[str, str] = {
        SuperviseMode.LISTEN: _("%(name)s listens.", name=listener.name),
        SuperviseMode.WHISPER: _("%(name)s whispers: only you hear it.", name=listener.name),
        SuperviseMode.BARGE: _("%(name)s is in the call: everybody hears it.", name=listener.name),
    }
    return texts[listener.mode]
