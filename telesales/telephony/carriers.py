"""The telephone side of carriers, and where browsers find Asterisk."""

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flask import current_app

from dialer.carriers import make_telephone
from dialer.carriers.asterisk.message_book import has_message
from dialer.carriers.asterisk.messages import voicemail_files
from dialer.carriers.asterisk.settings import (
    Node,
    SecretMissingError,
    Telephony,
    TelephonySettingsError,
    secret_of,
)
from dialer.carriers.asterisk.settings_file import read_telephony
from dialer.carriers.asterisk.turn import turn_login
from dialer.ports import CallNotOursError, CarrierUnavailableError, Telephone
from telesales import clock
from telesales.extensions import redis_client
from telesales.telephony.errors import CallOverError, TelephoneAwayError

TURN_LIFE = timedelta(hours=1)  # a page reads them anew every few minutes; what is relayed already goes on
ASTERISK = "asterisk"  # the carrier whose agents talk in their browser
log = logging.getLogger(__name__)


def telephone_of(carrier: str) -> Telephone:
    """The telephone of a campaign's carrier."""
    return make_telephone(carrier, redis_client())


@contextmanager
def said_plainly() -> Iterator[None]:
    """Turn what a carrier refuses into errors that a person can be told."""
    try:
        yield
    except CallNotOursError:
        raise CallOverError from None
    except CarrierUnavailableError as error:
        raise TelephoneAwayError from error


def browser_origins() -> tuple[str, ...]:
    """Where browsers may reach a node, as `wss://host:port`."""
    parts = [urlsplit(node.browser_url) for node in _nodes()]
    return tuple(dict.fromkeys(f"{part.scheme}://{part.netloc}" for part in parts))


def ice_servers(address: str, user_id: int) -> list[dict[str, Any]]:
    """STUN and TURN servers for a person's browser that registers at this address, as browsers take them."""
    telephony = find_telephony()
    if telephony is None:
        return []
    stun = next((node.ice_servers for node in telephony.nodes if node.browser_url == address), ())
    found: list[dict[str, Any]] = [{"urls": [url]} for url in stun]
    if telephony.turn is not None:
        try:
            secret = secret_of(telephony.turn.secret_env, os.environ)
        except SecretMissingError as error:
            log.error("no TURN server for browsers: %s", error)
            return found
        login = turn_login(secret, f"person-{user_id}", (clock.now() + TURN_LIFE).timestamp())
        found.append({"urls": list(telephony.turn.urls), **asdict(login)})
    return found


def sip_server(address: str) -> str:
    """Where a telephone that is no browser registers at the node of this address, as host:port."""
    telephony = find_telephony()
    for node in telephony.nodes if telephony else ():
        if node.browser_url == address:
            return f"{urlsplit(address).hostname}:{node.network.sip_port}"
    return ""


def has_voicemail(carrier: str, campaign_id: int) -> bool:
    """True when there is a message that can be left on machines which this campaign reaches."""
    telephony = find_telephony()
    if carrier != ASTERISK or telephony is None:
        return False
    return has_message(redis_client(), telephony.sounds_folder, voicemail_files(campaign_id))


def own_numbers() -> frozenset[str]:
    """Every number that is ours on some trunk."""
    telephony = find_telephony()
    return telephony.caller_ids if telephony else frozenset()


def _nodes() -> tuple[Node, ...]:
    telephony = find_telephony()
    return telephony.nodes if telephony else ()


def find_telephony() -> Telephony | None:
    """What the operator's file says. A file with mistakes is the operator's to repair: pages go on without telephones."""
    named = current_app.config["TELESALES"].telephony_file
    if not named:
        return None
    path = Path(named)
    try:
        return _read(path, path.stat().st_mtime_ns)
    except (OSError, TelephonySettingsError) as error:
        log.error("no telephones: %s", error)
        return None


@lru_cache(maxsize=4)
def _read(path: Path, _changed_at: int) -> Telephony:
    return read_telephony(path)
