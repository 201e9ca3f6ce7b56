"""Redis loses its memory in the middle of the day: the floor goes on, and nobody is rung again because of it."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis
from sqlalchemy import func, select

from dialer.carriers import simulated_keys
from telesales.calls.models import CallAttempt
from telesales.extensions import db
from tests.floor.conftest import WAIT_SECONDS, Floor, wait_for
from tests.floor.test_kill import BusyFloor

pytestmark = [pytest.mark.floor, pytest.mark.xdist_group("floor")]


@pytest.fixture
def busy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BusyFloor]:
    folder: Path = tmp_path_factory.mktemp("forgetting")
    floor = Floor(folder / "data", {"DEMO": "0", "ENGINES": "2"})
    busy = BusyFloor(floor)
    yield busy
    busy.robots.stop()
    floor.stop()


def dialed_until_flushed(client: redis.Redis) -> dict[int, str]:
    """Attempts and numbers that were dialed until, in the same moment, everything was forgotten."""
    with client.pipeline(transaction=True) as pipe:
        pipe.xrange(simulated_keys.DIALED_STREAM)
        pipe.flushall()
        entries, _done = pipe.execute()
    return {int(fields["attempt"]): fields["number"] for _id, fields in entries}


def test_nobody_is_rung_again_after_redis_has_forgotten_everything(busy: BusyFloor) -> None:
    busy.wait_for_conversations(WAIT_SECONDS)
    before = dialed_until_flushed(busy.robots.redis)
    open_before = select(func.count()).where(
        CallAttempt.id <= busy.last_attempt(), CallAttempt.state.not_in(("ended", "released"))
    )
    assert busy.ask(lambda: db.session.scalar(open_before))

    busy.wait_for_conversations(WAIT_SECONDS)
    wait_for(lambda: busy.ask(lambda: db.session.scalar(open_before)) == 0, WAIT_SECONDS)

    released = select(CallAttempt.id).where(CallAttempt.id.in_(before), CallAttempt.state == "released")
    assert busy.ask(lambda: db.session.scalars(released).all()) == []
    after = [fields["number"] for _id, fields in busy.robots.redis.xrange(simulated_keys.DIALED_STREAM)]
    assert after
    assert max(Counter([*before.values(), *after]).values()) == 1
