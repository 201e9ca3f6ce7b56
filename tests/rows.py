"""A row of any table, with what its columns demand and nothing else."""

import itertools
from datetime import date
from typing import Any

from sqlalchemy import Column
from sqlalchemy.orm import Mapper

from telesales import clock
from telesales.extensions import E164, Base, UtcDateTime, db
from telesales.tenancy.models import Client

_numbers = itertools.count(1)


def make_row(model: type, *, client: Client, mark: str = "row") -> Any:
    """Add a row and the rows that it refers to; texts of what can belong to a client begin with `mark`."""
    mapper: Mapper = model.__mapper__
    mark = mark if "client_id" in mapper.columns else "shared"
    values = {}
    for attribute in mapper.column_attrs:
        column = attribute.columns[0]
        if column.name == "client_id":
            values[attribute.key] = client.id
        elif _is_demanded(column):
            values[attribute.key] = _value(column, client, mark)
    row = model(**values)
    db.session.add(row)
    db.session.flush()
    return row


def _is_demanded(column: Column) -> bool:
    has_default = column.default is not None or column.server_default is not None
    return not column.nullable and not has_default and not (column.primary_key and not column.foreign_keys)


def _value(column: Column, client: Client, mark: str) -> Any:
    for key in column.foreign_keys:
        if key.column.table is Client.__table__:
            return client.id
        model = _model_of(key.column.table)
        return getattr(make_row(model, client=client, mark=mark), key.column.key)
    if isinstance(column.type, E164):
        return f"+1347555{next(_numbers) % 10000:04}"
    if isinstance(column.type, UtcDateTime):
        return clock.now()
    kind = column.type.python_type
    if kind is str:
        length = getattr(column.type, "length", None) or 60
        return f"{mark}-{next(_numbers)}"[-length:]
    return {
        int: lambda: next(_numbers),
        bool: lambda: False,
        float: lambda: 1.0,
        dict: dict,
        object: dict,
        list: list,
        date: lambda: clock.now().date(),
    }[kind]()


def _model_of(table: Any) -> type:
    return next(mapper.class_ for mapper in Base.registry.mappers if mapper.local_table is table)
