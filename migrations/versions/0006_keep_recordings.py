"""Keep recordings, their pauses, and who listened."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

FACTS = ("recording_accesses", "recording_pauses")
BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def guard_facts() -> None:
    """Rows of these tables are inserted and never changed; the function is of the first migration."""
    for table in FACTS:
        if op.get_bind().dialect.name == "postgresql":
            op.execute(
                f"CREATE TRIGGER guard_{table} BEFORE UPDATE OR DELETE ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION refuse_to_edit_facts()"
            )
            continue
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER guard_{table}_{verb.lower()} BEFORE {verb} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} rows are facts: add a new row instead'); END"
            )


def refer(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}"))


def upgrade() -> None:
    op.create_table(
        "recordings",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("attempt_id", BIG_ID, nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("side", sa.String(length=8), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seconds", sa.Float(), nullable=False),
        sa.Column("size", BIG_ID, nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("storage_key", sa.String(length=200), nullable=False),
        sa.Column("key_id", sa.String(length=40), nullable=False),
        sa.Column("peaks", sa.LargeBinary(), nullable=False),
        sa.Column("is_held", sa.Boolean(), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deletion_reason", sa.String(length=300), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=False),
        refer("recordings", "attempt_id", "call_attempts"),
        refer("recordings", "campaign_id", "campaigns"),
        refer("recordings", "client_id", "clients"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recordings")),
        sa.UniqueConstraint("attempt_id", "side", name=op.f("uq_recordings_attempt_id_side")),
    )
    op.create_index("ix_recordings_campaign_started", "recordings", ["campaign_id", "started_at"])
    op.create_index(op.f("ix_recordings_client_id"), "recordings", ["client_id"])
    op.create_table(
        "recording_pauses",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("attempt_id", BIG_ID, nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=False),
        refer("recording_pauses", "attempt_id", "call_attempts"),
        refer("recording_pauses", "by_id", "users"),
        refer("recording_pauses", "client_id", "clients"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recording_pauses")),
    )
    op.create_index(op.f("ix_recording_pauses_attempt_id"), "recording_pauses", ["attempt_id"])
    op.create_index(op.f("ix_recording_pauses_client_id"), "recording_pauses", ["client_id"])
    op.create_table(
        "recording_accesses",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("recording_id", BIG_ID, nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("play", sa.String(length=20), nullable=False),
        sa.Column("first_second", sa.Float(), nullable=False),
        sa.Column("last_second", sa.Float(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=False),
        refer("recording_accesses", "recording_id", "recordings"),
        refer("recording_accesses", "user_id", "users"),
        refer("recording_accesses", "client_id", "clients"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recording_accesses")),
    )
    op.create_index(op.f("ix_recording_accesses_recording_id"), "recording_accesses", ["recording_id"])
    op.create_index(op.f("ix_recording_accesses_client_id"), "recording_accesses", ["client_id"])
    guard_facts()


def downgrade() -> None:
    for table in ("recording_accesses", "recording_pauses", "recordings"):
        op.drop_table(table)
