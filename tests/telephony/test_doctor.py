"""The doctor against a real Asterisk, with one thing broken at a time: it names that thing and the remedy."""

import asyncio

import pytest

from dialer import clock
from dialer.spool_news import tell_spool
from telesales.telephony.doctor.findings import Verdict, is_fit
from telesales.telephony.doctor.run import examine
from tests.telephony.asterisk_server import free_port, run_asterisk
from tests.telephony.audio import write_tone
from tests.telephony.certificates import Authority
from tests.telephony.patient import Patient, faults


def test_nothing_is_wrong_with_a_healthy_node(patient):
    found = patient.look()

    assert faults(found) == []
    assert is_fit(found)
    subjects = {finding.subject for finding in found}
    assert {
        "file",
        "messages",
        "node one",
        "trunk one-out",
        "sound of one",
        "network of one",
        "browsers to one",
        "gateway",
    } <= subjects


def test_without_a_file_there_is_nothing_to_mend(redis_server):
    async def look():
        return [finding async for finding in examine({}, redis_server)]

    (only,) = asyncio.run(look())
    assert only.verdict is Verdict.GOOD
    assert "simulated" in only.what


@pytest.mark.parametrize(
    ("old", "new", "subject", "what", "remedy"),
    [
        ('name = "one"', 'name = "The One"', "file", "nodes[1].name", "edit"),
        ('/ari"', '/arx"', "node one", "answers with 404", "ends with /ari"),
        ('host = "127.', 'host = "126.', "trunk one-out", "another address", "telephony config"),
        ('codecs = ["ulaw"]', 'codecs = ["ulaw", "alaw"]', "trunk one-out", "does not offer alaw", "telephony config"),
        ('name = "one-out"', 'name = "other"', "trunk other", "no endpoint 'other'", "telephony config"),
        ('/ws"', '/wss"', "browsers to one", "answers with 404", "/ws"),
        ('browser_url = "ws://127.0.0.1', 'browser_url = "ws://voice.example.com', "browsers to one", "not encrypted", "wss://"),
    ],
)  # fmt: skip
def test_a_wrong_line_is_found(patient, old, new, subject, what, remedy):
    patient.change(old, new)

    found = patient.look()

    assert not is_fit(found)
    assert any(one[0] == subject and what in one[1] and remedy in one[2] for one in faults(found)), found


def test_a_node_that_is_away_is_told_from_one_that_refuses(patient):
    address = patient.server.node.ari_url
    patient.change(address, f"http://127.0.0.1:{free_port()}/ari")

    (fault,) = [fault for fault in faults(patient.look()) if fault[0] == "node one"]
    assert "nobody answers" in fault[1]
    assert "start Asterisk" in fault[2]


def test_a_wrong_password_names_its_variable(patient):
    patient.environ["ARI_PASSWORD_ONE"] = "guess"

    (fault,) = faults(patient.look())
    assert "ARI_PASSWORD_ONE" in fault[1]
    assert "guess" not in " ".join(fault)


def test_a_missing_password_names_its_variable(patient):
    del patient.environ["ARI_PASSWORD_ONE"]

    assert any("ARI_PASSWORD_ONE is empty" in fault[1] for fault in faults(patient.look()))


def test_a_carrier_that_is_silent_is_found(make_asterisks, sounds, redis_server):
    with make_asterisks(("one",)) as (server,):
        found = Patient(server, sounds, redis_server).look(carrier=False)

    assert any(fault[0] == "trunk one-out" and "does not answer" in fault[1] for fault in faults(found))


def test_a_carrier_that_is_never_asked_is_a_doubt(make_asterisks, sounds, redis_server):
    with make_asterisks(("one",), trunk="check_seconds = 0") as (server,):
        found = Patient(server, sounds, redis_server).look(carrier=False)

    assert is_fit(found)
    assert any("check_seconds = 0" in one.what for one in found if one.verdict is Verdict.DOUBT)


@pytest.mark.parametrize("seconds", [30.0, -30.0])
def test_clocks_that_disagree_are_found(patient, seconds):
    (fault,) = faults(patient.look(seconds_ahead=seconds))

    assert ("ahead of" if seconds > 0 else "behind") in fault[1]
    assert "NTP" in fault[2]


def test_missing_messages_are_found(patient):
    (patient.sounds / "abandoned.wav").unlink()

    assert [fault[0] for fault in faults(patient.look())] == ["messages"]


def test_a_message_in_another_form_names_the_conversion(patient):
    write_tone(patient.sounds / "abandoned.wav", 700, 1.0, rate=44_100)

    (fault,) = faults(patient.look())
    assert "44100 Hz" in fault[1]
    assert "sox" in fault[2]


def test_nat_without_a_public_address_is_found(patient):
    patient.change('sip_address = "127.0.0.1"', 'sip_address = "10.0.0.5"')
    patient.change(f'host = "{patient.server.carrier[0]}"', 'host = "203.0.113.9"')

    assert any(
        fault[0] == "network of one" and "public_address" in fault[2] for fault in faults(patient.look())
    )


def test_a_gateway_that_does_not_run_is_a_doubt(patient):
    patient.client.flushdb()

    found = patient.look()
    assert is_fit(found)
    assert [one.subject for one in found if one.verdict is Verdict.DOUBT and one.subject == "gateway"]


def test_recordings_that_do_not_reach_the_store_are_found(patient):
    now = clock.now()
    tell_spool(patient.client, "/data/spool", waiting=2, oldest_at=now - 1800, aside=1, why="no keys")

    found = [one for one in patient.look() if one.subject == "recordings"]

    assert [one.verdict for one in found] == [Verdict.DOUBT, Verdict.DOUBT]
    assert "recordings spool" in found[0].remedy
    assert "30 minutes: no keys" in found[1].what


def test_a_module_that_does_not_run_is_named(make_asterisks, sounds, redis_server):
    with make_asterisks(("one",)) as (server,):
        modules = server.folder / "etc" / "modules.conf"
        modules.write_text(modules.read_text().replace("load = app_amd.so\n", ""))
        server.kill()
        server.start()
        found = Patient(server, sounds, redis_server).look()

    assert [fault[1] for fault in faults(found)] == ["modules do not run: app_amd"]


def test_a_node_that_takes_no_telephones_is_found(make_asterisks, sounds, redis_server):
    with make_asterisks(("one",)) as (server,):
        (server.folder / "etc" / "sorcery.conf").write_text("")
        server.kill()
        server.start()
        found = Patient(server, sounds, redis_server).look()

    assert [fault[1] for fault in faults(found)] == ["telephones of agents cannot be made"]


def test_a_node_that_refuses_our_address_is_found(make_asterisks, sounds, redis_server):
    with make_asterisks(("one",), network='ari_clients = ["127.0.0.9/32"]') as (server,):
        found = Patient(server, sounds, redis_server).look(carrier=False)

    assert any(
        "refuses requests from this machine" in fault[1] and "ari_clients" in fault[2]
        for fault in faults(found)
    )


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.mark.parametrize(
    ("host", "days", "trusted", "verdict", "word"),
    [
        ("localhost", 90, True, Verdict.GOOD, "good for 90 more days"),
        ("localhost", 5, True, Verdict.DOUBT, "ends in 5 days"),
        ("localhost", -1, True, Verdict.BAD, "expired"),
        ("voice.example.com", 90, True, Verdict.BAD, "localhost"),
        ("localhost", 90, False, Verdict.BAD, "not trust"),
    ],
)
def test_a_certificate_is_looked_at_as_a_browser_would(
    authority, monkeypatch, sounds, redis_server, host, days, trusted, verdict, word
):
    certificate, key = authority.sign(f"{host}{days}", host, days=days)
    port = free_port()
    network = f'browser_address = "127.0.0.1"\nbrowser_port = {port}\ncertificate = "{certificate}"\nprivate_key = "{key}"'
    if trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(authority.path))
    with run_asterisk(network=network) as server:
        patient = Patient(server, sounds, redis_server)
        patient.change(server.node.browser_url, f"wss://localhost:{port}/ws")
        found = patient.look(carrier=False)

    (seen,) = [one for one in found if one.subject == "browsers to one" and "certificate" in one.what]
    assert seen.verdict is verdict
    assert word in seen.what
    if verdict is Verdict.GOOD:
        assert any("takes telephones" in one.what for one in found)


def test_tls_on_a_port_that_has_none_is_found(patient):
    patient.change("ws://127.0.0.1", "wss://127.0.0.1")

    assert any("does not speak TLS" in fault[1] for fault in faults(patient.look()))
