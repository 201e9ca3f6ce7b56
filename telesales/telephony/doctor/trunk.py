"""Does Asterisk know the trunk, does the carrier answer, is it configured as the file says?"""

from collections.abc import AsyncIterator, Mapping
from typing import Any

from dialer.carriers.asterisk.registrations import Registration, metrics_url, read_registrations
from dialer.carriers.asterisk.settings import INBOUND_CONTEXT, Trunk
from telesales.telephony.doctor.ari import Caller
from telesales.telephony.doctor.findings import Finding, bad, doubt, good, unseen
from telesales.telephony.doctor.node import WRITE_AGAIN

LOOK = 'asterisk -rx "pjsip show registrations"'
LOG = "grep -i registration /var/log/asterisk/messages.log"
TRY_AGAIN = 'asterisk -rx "pjsip send register *all"'


async def examine_trunk(trunk: Trunk, caller: Caller) -> AsyncIterator[Finding]:
    """One trunk."""
    subject = f"trunk {trunk.name}"
    answer = await caller.ask("GET", f"endpoints/PJSIP/{trunk.endpoint}")
    known = await caller.ask("GET", f"asterisk/config/dynamic/res_pjsip/endpoint/{trunk.endpoint}")
    if not (answer.is_ok and known.is_ok):
        yield bad(subject, f"node {trunk.node} has no endpoint {trunk.endpoint!r}", WRITE_AGAIN)
        return
    settings = _fields(known.body)
    yield await _carrier(subject, trunk, caller, str(answer.body.get("state", "")))
    if trunk.register:
        yield await _registration(subject, trunk, caller)
    yield _codecs(subject, trunk, settings)
    if settings.get("context") != INBOUND_CONTEXT:
        yield doubt(
            subject, f"people who call back reach the context {settings.get('context')!r}", WRITE_AGAIN
        )
    if settings.get("direct_media") == "true":
        yield bad(
            subject, "sound may go past Asterisk (direct_media)", f"recordings would be empty: {WRITE_AGAIN}"
        )


async def _carrier(subject: str, trunk: Trunk, caller: Caller, state: str) -> Finding:
    where = f"{trunk.host}:{trunk.port} over {trunk.transport}"
    contact = _fields(
        (await caller.ask("GET", f"asterisk/config/dynamic/res_pjsip/aor/{trunk.endpoint}")).body
    )
    if trunk.host not in contact.get("contact", ""):
        return bad(subject, f"Asterisk has another address than {where} for it", WRITE_AGAIN)
    if not trunk.check_seconds:
        return doubt(
            subject,
            f"nobody asks whether the carrier is at {where} (check_seconds = 0)",
            "place a call to your own number: it is the only way to know",
        )
    if state == "online":
        return good(subject, f"the carrier answers at {where}")
    return bad(
        subject,
        f"the carrier does not answer at {where}",
        "check host, port and transport with the carrier, that it knows your address, and that the firewall lets SIP out "
        "and in. A carrier that answers calls and never OPTIONS: check_seconds = 0",
    )


async def _registration(subject: str, trunk: Trunk, caller: Caller) -> Finding:
    answer = await caller.ask_at("GET", metrics_url(caller.node))
    if not answer.is_ok:
        return unseen(
            subject,
            "this node does not tell whether its registration succeeded",
            f"look on the node: {LOOK}. To see it here, {WRITE_AGAIN}",
        )
    match read_registrations(answer.text, [trunk])[trunk.name]:
        case Registration.REGISTERED:
            return good(subject, f"registered with the carrier as {trunk.user}")
        case Registration.FAILED:
            return bad(
                subject,
                f"the registration of {trunk.user} failed: the carrier refused it, or did not answer in time",
                f"the node's log says which: {LOG}. Refused: check user and the value of {trunk.password_env} with the carrier, "
                "and that it knows your address. No answer: host, port, transport and the firewall. "
                f"Asterisk tries again by itself, at once with: {TRY_AGAIN}",
            )
        case Registration.UNANSWERED:
            return bad(
                subject,
                f"the carrier has not answered the registration of {trunk.user}",
                "half a minute after a start look again; then check host, port, transport and the firewall with the carrier. "
                f"On the node: {LOOK}",
            )


def _codecs(subject: str, trunk: Trunk, settings: Mapping[str, str]) -> Finding:
    allowed = settings.get("allow", "").strip("()").split("|")
    missing = [codec for codec in trunk.codecs if codec not in allowed]
    if missing:
        return bad(subject, f"Asterisk does not offer {', '.join(missing)} to the carrier", WRITE_AGAIN)
    if not {"ulaw", "alaw"} & set(trunk.codecs):
        return doubt(
            subject,
            f"only {', '.join(trunk.codecs)} is offered",
            'add "alaw" or "ulaw", which every carrier has; others cost Asterisk work on every call',
        )
    return good(subject, f"codecs {', '.join(trunk.codecs)}")


def _fields(body: Any) -> dict[str, str]:
    return {str(field["attribute"]): str(field["value"]) for field in body or ()}
