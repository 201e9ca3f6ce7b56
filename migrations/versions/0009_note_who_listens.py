"""Note who takes part in whose calls, and whether desks say so."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TABLE = "supervision_steps"


def refer(column: str, table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{table}.id"], name=op.f(f"fk_{TABLE}_{column}"))


def guard_facts() -> None:
    """Steps are inserted and never changed; the function is of the first migration."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            f"CREATE TRIGGER guard_{TABLE} BEFORE UPDATE OR DELETE ON {TABLE} "
            "FOR EACH ROW EXECUTE FUNCTION refuse_to_edit_facts()"
        )
        return
    for verb in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER guard_{TABLE}_{verb.lower()} BEFORE {verb} ON {TABLE} "
            f"BEGIN SELECT RAISE(ABORT, '{TABLE} rows are facts: add a new row instead'); END"
        )


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("session", sa.String(length=32), nullable=False),
        sa.Column("supervisor_id", sa.Integer(), nullable=False),
        sa.Column("agent_id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("attempt_id", BIG_ID, nullable=False),
        sa.Column("mode", sa.String(length=10), nullable=False),
        sa.Column("why", sa.String(length=20), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=False),
        refer("supervisor_id", "users"),
        refer("agent_id", "users"),
        refer("campaign_id", "campaigns"),
        refer("attempt_id", "call_attempts"),
        refer("client_id", "clients"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supervision_steps")),
    )
    op.create_index("ix_supervision_steps_supervisor", TABLE, ["supervisor_id", "id"])
    op.create_index(op.f("ix_supervision_steps_attempt_id"), TABLE, ["attempt_id"])
    op.create_index(op.f("ix_supervision_steps_client_id"), TABLE, ["client_id"])
    guard_facts()
    op.add_column(
        "centre_settings",
        sa.Column("shows_listeners", sa.Boolean(), nullable=False, server_default=sa.true()),
    )


def downgrade() -> None:
    op.drop_column("centre_settings", "shows_listeners")
    op.drop_table(TABLE)
