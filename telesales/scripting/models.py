"""Call scripts by version."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from telesales import clock
from telesales.extensions import AppendOnly, UtcDateTime, db


class Script(db.Model):
    """A guided call script. Shipped ones belong to no client."""

    __tablename__ = "scripts"
    __table_args__ = (UniqueConstraint("slug", "client_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(60))  # file name in scripts/library, without .toml
    name: Mapped[str] = mapped_column(String(120))
    language: Mapped[str] = mapped_column(String(10))
    client_id: Mapped[int | None] = mapped_column(ForeignKey("clients.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)


class ScriptVersion(AppendOnly, db.Model):
    """The text of a script as it was published; calls keep the version they were made with."""

    __tablename__ = "script_versions"
    __table_args__ = (UniqueConstraint("script_id", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    script_id: Mapped[int] = mapped_column(ForeignKey("scripts.id"))
    version: Mapped[int]
    checksum: Mapped[str] = mapped_column(String(64))
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    published_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
