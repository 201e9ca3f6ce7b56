"""How Alembic reaches the database: through the running Flask application."""

from typing import Any

from alembic import context
from flask import current_app
from sqlalchemy import TypeDecorator

from telesales.extensions import db


def include_object(_object: Any, _name: str | None, _kind: str, _reflected: bool, _compare_to: Any) -> bool:
    """Compare every table."""
    return True


def render_item(kind: str, item: Any, _context: Any) -> str | bool:
    """Write our column types as the plain types they are stored as: migrations must not change with the code."""
    if kind == "type" and isinstance(item, TypeDecorator):
        return f"sa.{item.impl!r}"
    return False


def run() -> None:
    """Migrate inside one transaction."""
    with db.engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=db.metadata,
            render_as_batch=True,
            include_object=include_object,
            render_item=render_item,
            compare_type=False,
            transactional_ddl=True,  # SQLite can, when BEGIN is ours: a broken upgrade leaves nothing half done
            process_revision_directives=current_app.extensions["migrate"].configure_args.get(
                "process_revision_directives"
            ),
        )
        with context.begin_transaction():
            context.run_migrations()


run()
