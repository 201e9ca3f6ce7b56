"""Messages as facts: every upload and every removal is a row; what is heard now is the last of them."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from telesales import clock
from telesales.extensions import AppendOnly, BigId, UtcDateTime, db
from telesales.messages.rules import MessageKind
from telesales.tenancy.models import ClientOwned


class MessageVersion:
    """Columns of both tables. Without `wav` the message was removed."""

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    kind: Mapped[MessageKind] = mapped_column(String(12))
    file_name: Mapped[str] = mapped_column(String(255), default="")  # as the person named it
    seconds: Mapped[float] = mapped_column(default=0.0)
    sha256: Mapped[str] = mapped_column(String(64), default="")  # of `wav`
    wav: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)  # a minute is 960 kB
    by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)

    @property
    def is_there(self) -> bool:
        """False when this row removed the message."""
        return bool(self.sha256)


class CampaignMessage(MessageVersion, ClientOwned, AppendOnly, db.Model):
    """A message of one campaign."""

    __tablename__ = "campaign_messages"
    __table_args__ = (Index("ix_campaign_messages_campaign_kind", "campaign_id", "kind", "id"),)

    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id"))


class CentreMessage(MessageVersion, AppendOnly, db.Model):
    """A message for every campaign that has none of its own."""

    __tablename__ = "centre_messages"
    __table_args__ = (Index("ix_centre_messages_kind", "kind", "id"),)


AnyMessage = CampaignMessage | CentreMessage
