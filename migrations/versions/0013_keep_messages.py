"""Keep the spoken messages that calls play."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def columns(table: str) -> list[sa.Column | sa.ForeignKeyConstraint | sa.PrimaryKeyConstraint]:
    return [
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("file_name", sa.String(length=255), nullable=False),
        sa.Column("seconds", sa.Float(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("wav", sa.LargeBinary(), nullable=True),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        refer(table, "by_id", "users"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    ]


def refer(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}"))


def guard_facts(table: str) -> None:
    """Versions are inserted and never changed; the function is of the first migration."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            f"CREATE TRIGGER guard_{table} BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION refuse_to_edit_facts()"
        )
        return
    for verb in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER guard_{table}_{verb.lower()} BEFORE {verb} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} rows are facts: add a new row instead'); END"
        )


def upgrade() -> None:
    op.create_table(
        "campaign_messages",
        *columns("campaign_messages"),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=False),
        refer("campaign_messages", "campaign_id", "campaigns"),
        refer("campaign_messages", "client_id", "clients"),
    )
    op.create_index("ix_campaign_messages_campaign_kind", "campaign_messages", ["campaign_id", "kind", "id"])
    op.create_index(op.f("ix_campaign_messages_client_id"), "campaign_messages", ["client_id"])
    op.create_table("centre_messages", *columns("centre_messages"))
    op.create_index("ix_centre_messages_kind", "centre_messages", ["kind", "id"])
    guard_facts("campaign_messages")
    guard_facts("centre_messages")


def downgrade() -> None:
    op.drop_table("centre_messages")
    op.drop_table("campaign_messages")
