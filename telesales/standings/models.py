"""What was frozen at the end of a day."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from telesales import clock
from telesales.extensions import AppendOnly, UtcDateTime, db


class DayClose(AppendOnly, db.Model):
    """A day whose results are final. `scope_key` names whose day: "centre" or "campaign:<id>"."""

    __tablename__ = "day_closes"
    __table_args__ = (UniqueConstraint("day", "scope_key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    day: Mapped[date]
    scope_key: Mapped[str] = mapped_column(String(40))
    closed_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    figures: Mapped[dict[str, Any]] = mapped_column(JSON)  # the leaderboard as it stood


class Award(AppendOnly, db.Model):
    """An award of a closed day, with the numbers behind it. Ties share a place."""

    __tablename__ = "awards"
    __table_args__ = (UniqueConstraint("day_close_id", "kind", "user_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    day_close_id: Mapped[int] = mapped_column(ForeignKey("day_closes.id"))
    kind: Mapped[str] = mapped_column(String(20))  # top, first_sale, most_improved
    place: Mapped[int]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    figures: Mapped[dict[str, Any]] = mapped_column(JSON)
