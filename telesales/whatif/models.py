"""Questions about a campaign, and the simulated shifts that answer them."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from telesales import clock
from telesales.agents.models import User
from telesales.campaigns.models import Campaign
from telesales.extensions import BigId, UtcDateTime, db
from telesales.tenancy.models import ClientOwned


class WhatIfState(StrEnum):
    """Where a question stands."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


OPEN = (WhatIfState.QUEUED, WhatIfState.RUNNING)


class WhatIf(ClientOwned, db.Model):
    """One question. What it was replayed with is kept, so that it can be compared with what happened later.

    `question`: `telesales.whatif.question.Question`; `world`: `telesales.whatif.world.World`.
    """

    __tablename__ = "what_ifs"

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id"), index=True)
    question: Mapped[dict[str, Any]] = mapped_column(JSON)
    world: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)  # empty until calls were read
    state: Mapped[WhatIfState] = mapped_column(String(10), default=WhatIfState.QUEUED)
    error: Mapped[str] = mapped_column(String(200), default="")
    total: Mapped[int] = mapped_column(default=0)  # shifts to play; 0 until calls were read
    done: Mapped[int] = mapped_column(default=0)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    beat_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # when a run was last heard of
    fence: Mapped[int] = mapped_column(default=0)  # raised by each run: an older run stops at its next beat

    campaign: Mapped[Campaign] = relationship()
    created_by: Mapped[User | None] = relationship()


class WhatIfShift(ClientOwned, db.Model):
    """One simulated shift; a run that was cut off goes on with the next. `figures`: `Replayed` as JSON."""

    __tablename__ = "what_if_shifts"
    __table_args__ = (UniqueConstraint("what_if_id", "agents", "seed"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    what_if_id: Mapped[int] = mapped_column(ForeignKey("what_ifs.id"))
    agents: Mapped[int]
    seed: Mapped[int]
    figures: Mapped[dict[str, Any]] = mapped_column(JSON)
