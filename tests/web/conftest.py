"""A database that fails when something is to be kept."""

from collections.abc import Iterator

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from telesales.extensions import db


class DiskFullError(Exception):
    """The database's."""


@pytest.fixture
def broken_commits() -> Iterator[None]:
    """From here on nothing more can be written down."""

    def fail(_session: Session) -> None:
        raise DiskFullError

    event.listen(db.session, "before_commit", fail)
    yield
    event.remove(db.session, "before_commit", fail)
