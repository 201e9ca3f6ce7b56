"""Settings of the centre, in one row."""

from datetime import datetime

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from telesales.extensions import UtcDateTime, db


class CentreSettings(db.Model):
    """The one row (id 1). `set_up_at` is empty until the first questions were answered."""

    __tablename__ = "centre_settings"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, default=1)
    name: Mapped[str] = mapped_column(String(120), default="")
    mission: Mapped[str] = mapped_column(String(200), default="")
    locale: Mapped[str] = mapped_column(String(10), default="en")
    time_zone: Mapped[str] = mapped_column(String(60), default="UTC")
    currency: Mapped[str] = mapped_column(String(3), default="USD")
    shows_listeners: Mapped[bool] = mapped_column(default=True)  # agents see on their desk who listens
    set_up_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
