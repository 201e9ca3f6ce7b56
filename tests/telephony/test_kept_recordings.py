"""From a real call to the player: what Asterisk recorded is encrypted on the shelf, and opens as what was said."""

import statistics
from array import array
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import select

from dialer.events import EventKind
from dialer.ports import RecordingSide
from dialer.spool import list_spooled
from telesales.extensions import db
from telesales.recordings import jobs, vault
from telesales.recordings.models import Recording
from telesales.recordings.wav import HEADER_BYTES
from telesales.tenancy.scope import every_client
from tests.factories_calls import make_attempt
from tests.factories_recordings import recording_keys
from tests.telephony.audio import FRAME_SECONDS
from tests.telephony.callee import CALLEE_HERTZ
from tests.telephony.gateway import floor_of, phone_of, run
from tests.telephony.test_recording import AGENT, AGENT_HERTZ, EVERY_SIDE, connect, parts, spooled


@pytest.fixture
def shelved(app: Flask, gateway) -> Flask:
    """The application with keys, whose data directory is the gateway's."""
    before = app.config["TELESALES"]
    app.config["TELESALES"] = replace(before, data_dir=gateway.data)
    app.extensions.pop("recording_stores", None)
    with recording_keys(app), every_client():
        assert make_attempt().id == 1  # the number of the call below
        db.session.commit()
        yield app
    app.config["TELESALES"] = before
    app.extensions.pop("recording_stores", None)


def test_what_was_said_is_kept_encrypted_and_opens_again(shelved: Flask, gateway):
    said = []

    async def call():
        async with floor_of(gateway) as (floor, carrier), phone_of(AGENT) as phone:
            call = await connect(gateway, floor, carrier, phone)
            await floor.talks(1, lambda talk: talk.recording == "on", "recorded")
            await call.media.hears_more(frames=125)  # fifty of them may be old, when this process was held up
            await call.hang_up()
            said.append(call.media.sent * FRAME_SECONDS)
            await floor.hears(1, EventKind.CALL_ENDED)
            await spooled(gateway, floor)

    run(call())
    jobs.keep_spooled_recordings()

    kept = {row.side: row for row in db.session.scalars(select(Recording))}
    assert set(kept) == EVERY_SIDE
    assert list_spooled(gateway.data / "spool") == []
    for side, hertz in ((RecordingSide.CALLEE, CALLEE_HERTZ), (RecordingSide.AGENT, AGENT_HERTZ)):
        row = kept[side]
        opened = b"".join(vault.open_recording(row).read(HEADER_BYTES, row.size))
        stored = (gateway.data / "recordings" / row.storage_key).read_bytes()
        assert statistics.median(parts(array("h", opened), hertz)) > 0.9
        assert opened[:1_000] not in stored
        assert 1.0 < row.seconds < said[0] + 1.0
        assert max(row.peaks) > 20
