"""The tenant: whoever a campaign is run for."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from telesales import clock
from telesales.extensions import UtcDateTime, db


class Client(db.Model):
    """A company that campaigns are run for."""

    __tablename__ = "clients"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120), unique=True)
    is_demo: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)


class ClientOwned:
    """Mixin: the row belongs to a client and is invisible outside its scope."""

    @declared_attr
    def client_id(cls) -> Mapped[int]:  # noqa: N805 - SQLAlchemy passes the class
        """Whose row it is."""
        return mapped_column(ForeignKey("clients.id"), index=True)
