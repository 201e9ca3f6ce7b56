"""People, teams, sign-in, and the history of agents' states."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from telesales import clock
from telesales.access.roles import Role
from telesales.extensions import AppendOnly, BigId, UtcDateTime, db


class PauseReason(StrEnum):
    """Why an agent is paused."""

    BREAK = "break"
    LUNCH = "lunch"
    TRAINING = "training"
    COACHING = "coaching"
    TECHNICAL = "technical"
    PERSONAL = "personal"


class Team(db.Model):
    """People who work together."""

    __tablename__ = "teams"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80), unique=True)
    supervisor_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", use_alter=True))
    is_demo: Mapped[bool] = mapped_column(default=False)


class User(db.Model):
    """A person who signs in, or a simulated agent of the demo.

    `name` is written as the person writes it ("李娜"), `latin_name` helps others to read it ("Li Na").
    `client_id` empty: the centre's own staff; set: sees this client's data only.
    """

    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)  # lower case
    name: Mapped[str] = mapped_column(String(80))
    latin_name: Mapped[str] = mapped_column(String(80), default="")
    role: Mapped[Role] = mapped_column(String(20), index=True)
    team_id: Mapped[int | None] = mapped_column(ForeignKey("teams.id"), index=True)
    client_id: Mapped[int | None] = mapped_column(ForeignKey("clients.id"), index=True)
    password_hash: Mapped[str] = mapped_column(String(200), default="")  # empty: signs in by link only
    locale: Mapped[str] = mapped_column(String(10), default="")  # empty: the centre's
    time_zone: Mapped[str] = mapped_column(String(60), default="")  # empty: the centre's
    theme: Mapped[str] = mapped_column(String(10), default="")  # empty: the system's
    letter_keys: Mapped[bool] = mapped_column(default=True)  # keys such as S or 1 do something on pages
    is_active: Mapped[bool] = mapped_column(default=True)
    is_demo: Mapped[bool] = mapped_column(
        default=False
    )  # demo data; simulated agents have `is_simulated` too
    is_simulated: Mapped[bool] = mapped_column(default=False)
    daily_goal: Mapped[int | None]  # sales a day; empty: the campaign's
    hired_on: Mapped[date | None]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)

    team: Mapped[Team | None] = relationship(foreign_keys=[team_id])


class SignInSession(db.Model):
    """A signed-in browser; only the token's hash is kept."""

    __tablename__ = "sign_in_sessions"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    last_seen_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    opened_by: Mapped[str] = mapped_column(String(10), default="")  # password or link
    user_agent: Mapped[str] = mapped_column(String(300), default="")
    address: Mapped[str] = mapped_column(String(45), default="")

    user: Mapped[User] = relationship()


class SignInLink(db.Model):
    """A single-use link that signs a person in; only the token's hash is kept."""

    __tablename__ = "sign_in_links"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    user: Mapped[User] = relationship()


class AgentStateChange(AppendOnly, db.Model):
    """An agent entered a state. `source_id` is the fact's id in the stream: recorded once."""

    __tablename__ = "agent_state_changes"
    __table_args__ = (Index("ix_agent_state_changes_user_at", "user_id", "at"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    source_id: Mapped[str] = mapped_column(String(60), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    campaign_id: Mapped[int | None] = mapped_column(ForeignKey("campaigns.id"))
    state: Mapped[str] = mapped_column(String(20))  # dialer.core.floor.AgentState
    pause_reason: Mapped[str] = mapped_column(String(20), default="")
    attempt_id: Mapped[int | None] = mapped_column(BigId)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by_id: Mapped[int | None]  # the supervisor who wanted it; empty: nobody but the agent and the floor
