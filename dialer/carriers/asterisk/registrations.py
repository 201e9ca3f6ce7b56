"""Is a trunk signed on with its carrier? ARI does not tell; Asterisk's page of metrics does, behind the same two locks."""

import re
from collections.abc import Iterable, Mapping
from enum import StrEnum
from urllib.parse import urlsplit

from dialer.carriers.asterisk import keys
from dialer.carriers.asterisk.ari import AriRefusedError
from dialer.carriers.asterisk.config.pjsip import client_uri, server_uri
from dialer.carriers.asterisk.settings import METRICS, Node, Trunk
from dialer.carriers.asterisk.switch import Switch

LOOK_SECONDS = 10
KEEP_SECONDS = 60  # what was seen is shown as long as somebody looks

_LINE = re.compile(r"asterisk_pjsip_outbound_registration_status\{(?P<labels>[^}]*)\} (?P<value>\d)")
_LABEL = re.compile(r'(\w+)="([^"]*)"')


class Registration(StrEnum):
    """What came of signing on."""

    UNANSWERED = "unanswered"  # the carrier has not answered yet, or what it granted is over
    REGISTERED = "registered"
    FAILED = "failed"  # the carrier refused it, or did not answer in time: Asterisk tells both as "rejected"


_BY_VALUE = {"0": Registration.UNANSWERED, "1": Registration.REGISTERED, "2": Registration.FAILED}


def metrics_url(node: Node) -> str:
    """Where the node tells its metrics: beside ARI, on the same port."""
    parts = urlsplit(node.ari_url)
    return parts._replace(path=f"{parts.path.removesuffix('/ari')}/{METRICS}").geturl()


def read_registrations(text: str, trunks: Iterable[Trunk]) -> Mapping[str, Registration]:
    """How each trunk that registers is, by its name. One of which nothing is told was never answered."""
    told = {}
    for line in _LINE.finditer(text):
        labels = dict(_LABEL.findall(line["labels"]))
        told[labels.get("username"), labels.get("domain")] = _BY_VALUE.get(line["value"])
    return {
        trunk.name: told.get((client_uri(trunk), server_uri(trunk))) or Registration.UNANSWERED
        for trunk in trunks
        if trunk.register
    }


class RegistrationWatch:
    """Looks at the registrations of one node now and then, for pages to show."""

    def __init__(self, switch: Switch) -> None:
        self._switch = switch
        self._trunks = [trunk for trunk in switch.telephony.trunks_of(switch.node.name) if trunk.register]
        self._beats = 0

    async def beat(self) -> None:
        """Called every second."""
        if self._trunks and self._beats % LOOK_SECONDS == 0:
            self._switch.spawn(self._look())
        self._beats += 1

    async def _look(self) -> None:
        if self._switch.ari is None:
            return
        try:
            text = await self._switch.ari.read_page(metrics_url(self._switch.node))
        except AriRefusedError:
            return  # a configuration from before: nothing is told
        for name, state in read_registrations(text, self._trunks).items():
            await self._switch.client.set(keys.trunk_registration(name), state.value, ex=KEEP_SECONDS)
