"""The fast way into the database, measured in `bench/imports.py`: executemany on SQLite, COPY on PostgreSQL."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.engine import Connection

from telesales.extensions import db
from telesales.leads.models import Lead

TABLE: Any = Lead.__table__
# What differs from row to row; JSON comes as text.
OF_THE_ROW = ("number", "name", "latin_name", "company", "email", "address", "city", "state", "postal_code", "country",
              "language", "external_id", "custom", "zone_key", "zone_evidence")  # fmt: skip
STAGE = "lead_stage"
STAGE_TYPES = {"number": "bigint", "custom": "json", "zone_evidence": "json"}


def insert_leads(rows: Sequence[Mapping[str, Any]], common: Mapping[str, Any]) -> int:
    """Insert leads that are not in their list yet; `common` is the same for all. Says how many were new."""
    connection = db.session.connection()
    shared = {name: _bound(connection, name, value) for name, value in common.items()}
    values = [(int(row["number"][1:]), *(row[name] for name in OF_THE_ROW[1:])) for row in rows]
    if connection.dialect.name == "postgresql":
        return _copy(connection, values, shared)
    return _insert(connection, values, shared)


def _bound(connection: Connection, name: str, value: Any) -> Any:
    dialect = connection.dialect
    process = TABLE.c[name].type.dialect_impl(dialect).bind_processor(dialect)
    return process(value) if process else value


def _insert(connection: Connection, values: Sequence[tuple[Any, ...]], shared: Mapping[str, Any]) -> int:
    columns = (*OF_THE_ROW, *shared)
    constants = tuple(shared.values())
    statement = f"INSERT INTO leads ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))}) ON CONFLICT DO NOTHING"  # noqa: S608
    return connection.exec_driver_sql(statement, [row + constants for row in values]).rowcount


def _copy(connection: Connection, values: Sequence[tuple[Any, ...]], shared: Mapping[str, Any]) -> int:
    types = ", ".join(f"{name} {STAGE_TYPES.get(name, 'text')}" for name in OF_THE_ROW)
    varying = ", ".join(OF_THE_ROW)
    connection.exec_driver_sql(f"CREATE TEMP TABLE IF NOT EXISTS {STAGE} ({types}) ON COMMIT DELETE ROWS")
    raw: Any = connection.connection.dbapi_connection
    with raw.cursor() as cursor, cursor.copy(f"COPY {STAGE} ({varying}) FROM STDIN") as copy:
        for row in values:
            copy.write_row(row)
    statement = f"INSERT INTO leads ({varying}, {', '.join(shared)}) SELECT {varying}, {', '.join(f'%({name})s' for name in shared)} FROM {STAGE} ON CONFLICT (list_id, number) DO NOTHING"  # noqa: S608
    return connection.exec_driver_sql(statement, dict(shared)).rowcount
