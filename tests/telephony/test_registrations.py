"""The gateway tells how registrations are, so that pages can show it."""

import asyncio

import pytest

from dialer.carriers.asterisk import keys
from dialer.carriers.asterisk.registrations import Registration, metrics_url, read_registrations
from dialer.carriers.asterisk.settings_file import parse_telephony
from tests.telephony.asterisk_server import carrier_of, write_telephony_file
from tests.telephony.gateway import run_gateway

TRUNK = 'check_seconds = 0\nuser = "acme-user"\npassword_env = "CARRIER_PASSWORD"'
NAME = "asterisk_pjsip_outbound_registration_status"


def test_the_gateway_tells_what_the_carrier_answered(make_asterisks, redis_url, redis_server):
    async def main(server):
        async with carrier_of(server) as carrier:
            carrier.passwords = {"acme-user": "right"}
            await asyncio.to_thread(server.cli, "pjsip send register *all")
            async with asyncio.timeout(40):
                await carrier.knows.wait()
            await asyncio.to_thread(look, server)

    def look(server):
        with run_gateway([server], redis_url) as gateway:
            told = keys.trunk_registration("one-out")
            gateway.wait_until(lambda: gateway.redis.get(told) == "registered", "told of the registration")

    with make_asterisks(("one",), trunk=TRUNK, secrets_of_trunks={"CARRIER_PASSWORD": "right"}) as (server,):
        asyncio.run(main(server))


def test_a_carrier_that_cannot_be_reached_is_told_with_the_transport_in_its_address(
    make_asterisks, redis_url, redis_server
):
    trunk = f'{TRUNK}\ntransport = "tcp"'
    with make_asterisks(("one",), trunk=trunk, secrets_of_trunks={"CARRIER_PASSWORD": "right"}) as (server,):
        server.cli("pjsip send register *all")  # by itself it begins up to ten seconds later
        with run_gateway([server], redis_url) as gateway:
            told = keys.trunk_registration("one-out")
            gateway.wait_until(lambda: gateway.redis.get(told) == "failed", "told that it failed")


@pytest.mark.parametrize(
    ("value", "state"),
    [
        ("0", Registration.UNANSWERED),
        ("1", Registration.REGISTERED),
        ("2", Registration.FAILED),
        ("7", Registration.UNANSWERED),
    ],
)
def test_a_line_of_metrics_belongs_to_the_trunk_with_this_user_at_this_carrier(value, state):
    trunk = 'transport = "tls"\nuser = "acme"\npassword_env = "X"'
    telephony = parse_telephony(write_telephony_file(("one",), ("203.0.113.9", 5061), trunk=trunk))
    labels = (
        'username="sip:acme@203.0.113.9",domain="sip:203.0.113.9:5061;transport=tls",channel_type="PJSIP"'
    )
    other = labels.replace("acme", "other")

    text = f'{NAME}{{eid="02",{other}}} 1\n{NAME}{{eid="02",{labels}}} {value}\n'

    assert read_registrations(text, telephony.trunks) == {"one-out": state}
    assert metrics_url(telephony.nodes[0]).endswith("/metrics")
