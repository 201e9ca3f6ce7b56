"""What the doctor says of trunks that sign on: Asterisk alone knows whether they were let in."""

import asyncio

from telesales.telephony.doctor.findings import Finding, Verdict
from telesales.telephony.doctor.run import examine
from tests.telephony.asterisk_server import carrier_of
from tests.telephony.patient import Patient, faults


class TestRegistration:
    """Trunks that sign on: Asterisk alone knows whether they were let in."""

    TRUNK = 'check_seconds = 0\nuser = "acme-user"\npassword_env = "CARRIER_PASSWORD"'

    def look(self, make_asterisks, sounds, client, password: str, *, until: str = "") -> list[Finding]:
        async def main(patient: Patient) -> list[Finding]:
            async with carrier_of(patient.server) as carrier:
                carrier.passwords = {"acme-user": "right"}
                if until:
                    await asyncio.to_thread(patient.server.cli, "pjsip send register *all")
                    await registration_is(patient.server, until)
                return [finding async for finding in examine(patient.environ, patient.client)]

        with make_asterisks(("one",), trunk=self.TRUNK, secrets_of_trunks={"CARRIER_PASSWORD": password}) as (
            server,
        ):
            return asyncio.run(main(Patient(server, sounds, client)))

    def test_one_that_succeeded(self, make_asterisks, sounds, redis_server):
        found = self.look(make_asterisks, sounds, redis_server, "right", until="Registered")

        assert [one.what for one in found if "registered" in one.what] == [
            "registered with the carrier as acme-user"
        ]

    def test_one_that_the_carrier_refuses(self, make_asterisks, sounds, redis_server):
        found = self.look(make_asterisks, sounds, redis_server, "a wrong one", until="Rejected")

        (fault,) = [fault for fault in faults(found) if "registration" in fault[1]]
        assert "registration of acme-user failed" in fault[1]
        assert "CARRIER_PASSWORD" in fault[2]
        assert "a wrong one" not in " ".join(fault)

    def test_one_that_nobody_answered(self, make_asterisks, sounds, redis_server):
        found = self.look(make_asterisks, sounds, redis_server, "right")

        (fault,) = [fault for fault in faults(found) if "registration" in fault[1]]
        assert "has not answered" in fault[1]
        assert "pjsip show registrations" in fault[2]

    def test_a_node_that_does_not_tell_is_asked_by_hand(self, make_asterisks, sounds, redis_server):
        with make_asterisks(("one",), trunk=self.TRUNK, secrets_of_trunks={"CARRIER_PASSWORD": "right"}) as (
            server,
        ):
            (server.folder / "etc" / "prometheus.conf").write_text("[general]\nenabled = no\n")
            server.kill()
            server.start()
            found = Patient(server, sounds, redis_server).look(carrier=False)

        (note,) = [one for one in found if one.verdict is Verdict.UNSEEN and "registration" in one.what]
        assert 'asterisk -rx "pjsip show registrations"' in note.remedy


async def registration_is(server, state: str) -> None:
    async with asyncio.timeout(40):  # the first one was sent before anybody was there to answer
        while f" {state} " not in await asyncio.to_thread(server.cli, "pjsip show registrations"):
            await asyncio.sleep(0.1)
