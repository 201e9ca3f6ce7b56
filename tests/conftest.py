"""Fixtures every test may ask for: application, client, Redis, a clean database. No data."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import redis
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade
from sqlalchemy import text

from telesales.access.limits import limiter
from telesales.app import create_app
from telesales.audit.service import SYSTEM, set_actor
from telesales.config import Settings
from telesales.extensions import db
from telesales.tenancy.scope import set_scope
from tests import servers
from tests.browsing import Browser

ROOT = Path(__file__).parents[1]
DATABASES = ("sqlite", "postgresql")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--database", default="sqlite", choices=DATABASES, help="which database tests run on")
    parser.addoption("--only-database", action="store_true", help="leave out tests that need no database")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--only-database"):
        items[:] = [item for item in items if "database_url" in getattr(item, "fixturenames", ())]


@pytest.fixture(scope="session")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A Redis server of this test process."""
    with servers.run_redis(tmp_path_factory.mktemp("redis")) as url:
        yield url


@pytest.fixture(scope="session")
def postgresql_url() -> Iterator[str]:
    """A PostgreSQL server of this test process."""
    if servers.find_postgresql() is None:
        pytest.skip("PostgreSQL is not installed: run `make test-deps`")
    with servers.run_postgresql() as url:
        yield url


@pytest.fixture(scope="session")
def database_url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    """URL of an empty database of the kind that the test runs on."""
    if request.config.getoption("--database") == "postgresql":
        url: str = request.getfixturevalue("postgresql_url")
        return url
    return f"sqlite:///{tmp_path_factory.mktemp('sqlite') / 'telesales.db'}"


@pytest.fixture(scope="session")
def settings(database_url: str, redis_url: str, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings of the test floor."""
    return Settings(
        data_dir=Path(tmp_path_factory.mktemp("data")),
        database_url=database_url,
        redis_url=redis_url,
        secret_key="secret of the tests, nowhere else",
        testing=True,
        demo=False,
        log_level="WARNING",
    )


@pytest.fixture(scope="session")
def built_app(settings: Settings) -> Iterator[Flask]:
    """The application with its tables, made by the migrations; shared, see `app` for a clean one."""
    app = create_app(settings)
    app.test_client_class = Browser
    with app.app_context():
        upgrade(directory=str(ROOT / "migrations"))
        if db.engine.dialect.name == "sqlite":
            db.engine.dispose()
            shutil.copy(db.engine.url.database, _template())
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def redis_server(redis_url: str) -> Iterator[redis.Redis]:
    """An empty Redis."""
    client = redis.Redis.from_url(redis_url, decode_responses=True)
    client.flushdb()
    yield client
    client.close()


@pytest.fixture
def app(built_app: Flask, redis_server: redis.Redis) -> Iterator[Flask]:
    """The application inside an application context, on an empty database and an empty Redis."""
    _empty(built_app)
    limiter.enabled = False
    set_actor(SYSTEM)
    context = built_app.app_context()
    context.push()
    yield built_app
    set_scope(None)
    db.session.remove()
    context.pop()


def _template() -> Path:
    return Path(f"{db.engine.url.database}.empty")


def _empty(app: Flask) -> None:
    """Facts cannot be deleted row by row: PostgreSQL truncates, SQLite gets its empty file back."""
    with app.app_context():
        if db.engine.dialect.name == "postgresql":
            tables = ", ".join(table.name for table in db.metadata.sorted_tables)
            with db.engine.begin() as connection:
                connection.execute(text(f"TRUNCATE {tables} RESTART IDENTITY CASCADE"))
            return
        db.engine.dispose()
        # Not by copying the file: a request that a browser left behind may have it open.
        with (
            closing(sqlite3.connect(_template())) as empty,
            closing(sqlite3.connect(db.engine.url.database)) as database,
        ):
            empty.backup(database)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser that nobody has signed in with."""
    return app.test_client()
