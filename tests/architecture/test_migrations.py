"""The migrations build what the models say, and the database itself guards the facts."""

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask

from telesales.extensions import AppendOnly, db

FACTS = sorted(
    mapper.class_.__tablename__
    for mapper in db.Model.registry.mappers
    if issubclass(mapper.class_, AppendOnly)
)


def test_migrations_build_exactly_the_models(app: Flask) -> None:
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": False})
        difference = compare_metadata(context, db.metadata)

    assert not difference


@pytest.mark.parametrize("table", FACTS)
def test_database_guards_the_facts(app: Flask, table: str) -> None:
    with db.engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            query = sa.text(
                "SELECT count(*) FROM pg_trigger WHERE tgrelid = cast(:name AS regclass) AND NOT tgisinternal AND tgname LIKE 'guard_%'"
            )
        else:
            query = sa.text(
                "SELECT count(*) / 2 FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :name"
            )
        count = connection.scalar(query, {"name": table})

    assert count == 1
