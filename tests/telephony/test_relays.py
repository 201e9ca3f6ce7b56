"""TURN and STUN servers as the doctor sees them."""

import asyncio
import time

import pytest

from dialer.carriers.asterisk.settings import Telephony, Turn
from dialer.carriers.asterisk.settings_file import parse_telephony
from dialer.carriers.asterisk.turn import turn_login
from telesales.telephony.doctor.findings import Finding, Verdict
from telesales.telephony.doctor.relays import examine_stun, examine_turn
from telesales.telephony.doctor.surroundings import examine_secrets
from tests.factories_telephony import TELEPHONY_FILE
from tests.telephony.asterisk_server import free_port
from tests.telephony.turn_server import TurnServer, run_turn

SECRET = "north of the wall"


def test_credentials_are_those_of_coturns_use_auth_secret():
    """As `openssl dgst -sha1 -hmac SECRET -binary | base64` says of the user name."""
    login = turn_login(SECRET, "person-7", 1_700_000_000.9)

    assert login.username == "1700000000:person-7"
    assert login.credential == "Tg6f3uj85Qu5NkrWu7KkA6XbAO0="
    assert login.credential not in repr(login)


def look(
    *transports: str, secret: str = SECRET, late: float = 0.0, scheme: str = "turn"
) -> tuple[list[Finding], TurnServer]:
    async def main():
        async with run_turn(SECRET) as server:
            urls = tuple(server.url(transport).replace("turn:", f"{scheme}:") for transport in transports)
            telephony = Telephony((), (), turn=Turn(urls, "TURN_SECRET"))
            environ = {"TURN_SECRET": secret}
            return [seen async for seen in examine_turn(telephony, environ, time.time() - late)], server

    return asyncio.run(main())


@pytest.mark.parametrize("transport", ["udp", "tcp"])
def test_a_server_that_takes_our_credentials_is_good_and_its_relay_is_given_back(transport):
    (seen,), server = look(transport)

    assert seen.verdict is Verdict.GOOD
    assert len(server.relays) == server.given_back == 1


@pytest.mark.parametrize("wrong", [{"secret": "another"}, {"late": 7200.0}])
def test_a_secret_or_a_clock_that_is_not_the_servers_is_found(wrong):
    (seen,), server = look("udp", **wrong)

    assert seen.verdict is Verdict.BAD
    assert "TURN_SECRET" in seen.remedy
    assert "NTP" in seen.remedy
    assert "another" not in str(seen)
    assert server.relays == []


def test_a_server_without_tls_is_not_found_by_tls():
    (seen,), _ = look("tcp", scheme="turns")

    assert seen.verdict is Verdict.BAD
    assert "nobody answers" in seen.what


@pytest.mark.parametrize("transport", ["udp", "tcp"])
def test_a_server_that_is_away_names_its_port(transport):
    port = free_port()
    telephony = Telephony((), (), turn=Turn((f"turn:127.0.0.1:{port}?transport={transport}",), "T"))

    async def main():
        return [seen async for seen in examine_turn(telephony, {"T": SECRET}, time.time())]

    (seen,) = asyncio.run(main())
    assert seen.verdict is Verdict.BAD
    assert f"{transport.upper()} {port}" in seen.remedy


def test_a_secret_that_is_missing_is_told_once():
    telephony = parse_telephony(
        TELEPHONY_FILE + '[turn]\nurls = ["turn:x.example"]\nsecret_env = "TURN_SECRET"\n'
    )

    async def main():
        return [seen async for seen in examine_turn(telephony, {}, time.time())]

    assert asyncio.run(main()) == []
    found = list(examine_secrets(telephony, {"ASTERISK_PASSWORD": "x"}))
    assert [(one.subject, "TURN_SECRET" in one.what) for one in found] == [("turn", True)]


@pytest.mark.parametrize(
    ("seen_at", "public", "verdict", "word"),
    [
        ("", "", Verdict.GOOD, "127.0.0.1"),
        ("198.51.100.7", "198.51.100.7", Verdict.GOOD, "198.51.100.7"),
        ("198.51.100.9", "198.51.100.7", Verdict.DOUBT, "198.51.100.9"),
    ],
)
def test_a_stun_server_says_where_it_sees_us(seen_at, public, verdict, word):
    async def main():
        async with run_turn(SECRET, seen_at) as server:
            text = TELEPHONY_FILE.replace("stun:stun.example.com:3478", f"stun:127.0.0.1:{server.port}")
            network = f'[nodes.network]\npublic_address = "{public}"\n' if public else ""
            telephony = parse_telephony(text.replace("[[trunks]]", f"{network}\n[[trunks]]"))
            return [seen async for seen in examine_stun(telephony.nodes[0])]

    (seen,) = asyncio.run(main())
    assert seen.verdict is verdict
    assert word in seen.what


def test_a_stun_server_that_is_away_is_a_doubt():
    text = TELEPHONY_FILE.replace("stun:stun.example.com:3478", f"stun:127.0.0.1:{free_port()}")

    async def main():
        return [seen async for seen in examine_stun(parse_telephony(text).nodes[0])]

    (seen,) = asyncio.run(main())
    assert seen.verdict is Verdict.DOUBT
    assert "ice_servers" in seen.remedy
