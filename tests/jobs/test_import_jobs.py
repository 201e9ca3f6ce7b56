"""Imports and registers through a real queue."""

import io

import pytest
import redis
from rq import Queue, SimpleWorker

from dialer.queues import IMPORT
from telesales import clock
from telesales.access.roles import Role
from telesales.compliance.models import DoNotCallEntry
from telesales.extensions import db, transaction
from telesales.leads.importing.running import STALE_AFTER
from telesales.leads.jobs import resume_interrupted_imports
from telesales.leads.models import ImportState, LeadImport
from telesales.tenancy.scope import every_client
from tests.actors import as_role
from tests.factories import make_list_client

FILE = b"Name,Phone\nAnn,2025550123\nBo,12\n"


@pytest.fixture
def manager(client):
    with transaction():
        make_list_client()
    return as_role(client, Role.MANAGER)


def work(app, redis_url) -> None:
    """Everything that waits in the queue, in this process."""
    db.session.remove()
    connection = redis.Redis.from_url(redis_url)
    queue = Queue(IMPORT.name, connection=connection)
    SimpleWorker([queue], connection=connection).work(burst=True, logging_level="ERROR")
    assert queue.failed_job_registry.count == 0
    connection.close()


def started(manager) -> None:
    page = manager.post("/imports/new", file=(io.BytesIO(FILE), "list.csv")).location
    manager.post(f"{page}/start", region="US")


def state() -> str:
    with every_client():
        return db.session.scalars(db.select(LeadImport.state)).one()


def test_a_started_import_is_done_by_a_worker(app, manager, redis_url):
    started(manager)

    work(app, redis_url)

    assert state() == ImportState.FINISHED


def test_a_job_that_was_lost_is_queued_again(app, manager, redis_server, redis_url):
    started(manager)
    redis_server.delete(f"rq:queue:{IMPORT.name}")

    with clock.freeze(clock.now() + 2 * STALE_AFTER):
        resume_interrupted_imports()
    work(app, redis_url)

    assert state() == ImportState.FINISHED


def test_a_large_register_is_read_by_a_worker(app, manager, redis_url):
    rows = "Phone\n" + "".join(f"+1212555{n:04}\n" for n in range(9_000))
    terms = {"scope": "national", "source": "register", "region": "US"}
    manager.post("/do-not-call/uploads/new", file=(io.BytesIO(rows.encode()), "register.csv"), **terms)

    work(app, redis_url)

    assert db.session.scalar(db.select(db.func.count()).select_from(DoNotCallEntry)) == 9_000
