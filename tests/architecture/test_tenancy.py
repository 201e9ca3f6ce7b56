"""A query that forgets whose data it reads fails; a query inside a scope sees that client only."""

import re
from pathlib import Path

import pytest
from sqlalchemy import delete, exists, func, inspect, select, union_all, update
from sqlalchemy.orm import aliased

from telesales.agents.models import User
from telesales.campaigns.models import Campaign
from telesales.extensions import Base, db
from telesales.tenancy.models import ClientOwned
from telesales.tenancy.scope import ClientScopeError, client_scope, every_client
from tests.factories_agents import make_client
from tests.rows import make_row
from tests.statements import noted_statements

ROOT = Path(__file__).parents[2]
OWNED = sorted(
    (mapper.class_ for mapper in Base.registry.mappers if issubclass(mapper.class_, ClientOwned)),
    key=lambda cls: cls.__name__,
)
SHAPES = {
    "rows": lambda: select(Campaign),
    "one column": lambda: select(Campaign.name),
    "count of a column": lambda: select(func.count(Campaign.id)),
    "count of a table": lambda: select(func.count()).select_from(Campaign),
    "alias": lambda: select(aliased(Campaign)),
    "join": lambda: select(User.id).join(Campaign, Campaign.id == User.id),
    "exists": lambda: select(User.id).where(exists(select(Campaign.id).where(Campaign.id == User.id))),
    "only exists": lambda: select(exists().where(Campaign.id == 1)),
    "in": lambda: select(User.id).where(User.id.in_(select(Campaign.id))),
    "scalar subquery": lambda: select(User.id, select(func.count(Campaign.id)).scalar_subquery()),
    "subquery": lambda: select(select(Campaign.id).subquery().c.id),
    "common table": lambda: select(select(Campaign.id).cte().c.id),
    "union": lambda: union_all(select(Campaign.id), select(Campaign.id)),
    "update": lambda: update(Campaign).values(purpose="x"),
    "delete": lambda: delete(Campaign),
    "delete of others": lambda: delete(User).where(User.id.in_(select(Campaign.id))),
}


@pytest.mark.parametrize("model", OWNED, ids=lambda model: model.__name__)
def test_table_is_closed_without_a_scope_and_shows_one_client_inside_one(app, model):
    mine, theirs = make_client(), make_client()
    with every_client():
        kept, foreign = (inspect(make_row(model, client=client)).identity for client in (mine, theirs))
        db.session.expunge_all()

    with pytest.raises(ClientScopeError):
        db.session.execute(select(model))
    with client_scope(mine.id):
        seen = {row.client_id for row in db.session.scalars(select(model))}
        assert seen == {mine.id}
        assert db.session.get(model, kept) is not None
        assert db.session.get(model, foreign) is None
    with every_client():
        assert db.session.scalar(select(func.count()).select_from(model)) >= 2


@pytest.mark.parametrize("shape", SHAPES)
def test_forgetful_query_of_any_shape_fails(app, shape):
    with pytest.raises(ClientScopeError):
        db.session.execute(SHAPES[shape]())


@pytest.mark.parametrize("shape", SHAPES)
def test_query_of_any_shape_is_limited_to_the_scope(app, shape):
    client = make_client()
    with client_scope(client.id), noted_statements() as noted:
        db.session.execute(SHAPES[shape]())

    statement, _parameters = noted[-1]
    assert re.search(r"client_id\s*=", statement)


def test_row_of_another_client_cannot_be_added(app):
    mine, theirs = make_client(), make_client()

    with client_scope(mine.id), pytest.raises(ClientScopeError):
        make_row(Campaign, client=theirs)


def test_row_cannot_be_added_without_a_scope(app):
    with pytest.raises(ClientScopeError):
        make_row(Campaign, client=make_client())


def test_pages_do_not_go_round_the_scope_through_tables_or_raw_text():
    """Statements on mapped classes are limited, statements on bare tables are not: those are for jobs."""
    round_ways = re.compile(r"\.__table__|\btext\(\s*[\"'f]|exec_driver_sql\(|\.raw_connection\(")
    pages = [
        path
        for path in sorted((ROOT / "telesales").rglob("*.py"))
        if {"views", "queries"} & {path.stem, path.parent.name}
    ]

    assert [str(path.relative_to(ROOT)) for path in pages if round_ways.search(path.read_text())] == []
