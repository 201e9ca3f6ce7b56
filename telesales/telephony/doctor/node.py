"""Is the node there, is it ours, is it fit for the gateway?"""

import re
from collections.abc import AsyncIterator, Callable
from urllib.parse import urlsplit

from dialer.carriers.asterisk.ari import AriClient, AriLostError, AriRefusedError
from dialer.carriers.asterisk.config.modules import MODULES
from dialer.carriers.asterisk.settings import Node
from telesales.telephony.doctor.ari import Answer, Caller
from telesales.telephony.doctor.findings import Finding, bad, doubt, good
from telesales.telephony.doctor.surroundings import is_inside

WRITE_AGAIN = "write its configuration again (flask --app wsgi telephony config) and restart Asterisk"
OLDEST = {20: 15, 21: 10, 22: 5}  # first versions with requests over the event socket
MOST_SECONDS_APART = 2.0
PROBE = "telesales-doctor"


async def examine_node(node: Node, caller: Caller, now: Callable[[], float]) -> AsyncIterator[Finding]:
    """From the door inwards; nothing further is looked at behind a closed door."""
    subject = f"node {node.name}"
    answer = await caller.ask("GET", "asterisk/info")
    if not answer.is_ok:
        yield _closed_door(subject, node, answer)
        return
    yield _version(subject, str(answer.body["system"]["version"]))
    yield _clock(subject, answer.clock - now())
    yield await _socket(subject, node, caller)
    yield await _modules(subject, caller)
    yield await _push(subject, caller)
    for finding in _doors(subject, node):
        yield finding


def _closed_door(subject: str, node: Node, answer: Answer) -> Finding:
    if answer.status == 401:
        return bad(
            subject,
            f"Asterisk does not accept the password in {node.ari_password_env} for the user {node.ari_user!r}",
            f"set {node.ari_password_env} to the value with which the configuration was written, or {WRITE_AGAIN}",
        )
    if answer.status == 403:
        return bad(
            subject,
            "Asterisk refuses requests from this machine",
            f"name the address of this machine in network.ari_clients of the telephony file, then {WRITE_AGAIN}",
        )
    if answer.status:
        return bad(
            subject,
            f"{node.ari_url} answers with {answer.status}",
            "check ari_url: it ends with /ari. If it is right, wait until Asterisk has started",
        )
    host = urlsplit(node.ari_url).hostname
    return bad(
        subject,
        f"nobody answers at {node.ari_url} ({answer.error})",
        f"start Asterisk on {host}, or correct ari_url. On another host, network.http_address decides where ARI listens",
    )


def _version(subject: str, version: str) -> Finding:
    found = re.match(r"(\d+)\.(\d+)", version)
    major, minor = (int(found.group(1)), int(found.group(2))) if found else (0, 0)
    if major > max(OLDEST) or minor >= OLDEST.get(major, 10_000):
        return good(subject, f"Asterisk {version} answers")
    return bad(
        subject,
        f"Asterisk {version} is too old",
        "install Asterisk 22.5 or newer (deploy/asterisk/Dockerfile does)",
    )


def _clock(subject: str, ahead: float) -> Finding:
    if abs(ahead) <= MOST_SECONDS_APART:
        return good(subject, "its clock agrees with ours")
    return bad(
        subject,
        f"its clock is {abs(ahead):.0f} s {'ahead of' if ahead > 0 else 'behind'} ours",
        "let both machines keep time by NTP (apt install chrony): calling hours and the two seconds are measured by it",
    )


async def _socket(subject: str, node: Node, caller: Caller) -> Finding:
    ari = AriClient(node.ari_url, node.ari_user, caller.password, app=PROBE, hear=lambda _event: None)
    try:
        await ari.open()
        await ari.ask("GET", "asterisk/ping")
    except (AriLostError, AriRefusedError) as error:
        return bad(
            subject,
            f"events cannot be heard over its WebSocket ({error})",
            "let no proxy stand between Telesales and ARI that does not pass WebSockets on",
        )
    finally:
        await ari.close()
    return good(subject, "events and requests go over one WebSocket")


async def _modules(subject: str, caller: Caller) -> Finding:
    answer = await caller.ask("GET", "asterisk/modules")
    running = {
        str(module["name"]).removesuffix(".so")
        for module in answer.body or ()
        if module.get("status", "").lower() == "running"
    }
    missing = [module for module in MODULES if module not in running]
    if not missing:
        return good(subject, f"all {len(MODULES)} modules run")
    return bad(
        subject,
        f"modules do not run: {', '.join(missing[:8])}{' …' if len(missing) > 8 else ''}",
        f"install them (Debian: asterisk-modules), {WRITE_AGAIN}",
    )


async def _push(subject: str, caller: Caller) -> Finding:
    path = f"asterisk/config/dynamic/res_pjsip/aor/{PROBE}"
    pushed = await caller.ask("PUT", path, {"fields": [{"attribute": "max_contacts", "value": "1"}]})
    if not pushed.is_ok:
        return bad(subject, "telephones of agents cannot be made", f"sorcery.conf is not ours: {WRITE_AGAIN}")
    await caller.ask("DELETE", path)
    return good(subject, "telephones of agents can be made and taken back")


def _doors(subject: str, node: Node) -> list[Finding]:
    """ARI is for neighbours: what the file says about who can reach it."""
    findings = []
    parts = urlsplit(node.ari_url)
    if parts.scheme == "http" and not _is_private(parts.hostname or ""):
        findings.append(
            doubt(
                subject,
                f"the password of ARI travels unprotected to {parts.hostname}",
                "use a private network or https for ari_url",
            )
        )
    if any(network.endswith("/0") for network in node.network.ari_clients):
        findings.append(
            doubt(
                subject,
                "everybody may try passwords at ARI",
                "name only the machines of Telesales in network.ari_clients",
            )
        )
    return findings


def _is_private(host: str) -> bool:
    try:
        return is_inside(host)
    except ValueError:
        return host == "localhost" or "." not in host
