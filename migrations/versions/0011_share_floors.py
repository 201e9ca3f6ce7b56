"""Let campaigns share their agents, and say which of them is dialed first."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "shared_floors",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shared_floors")),
        sa.UniqueConstraint("name", name=op.f("uq_shared_floors_name")),
    )
    # With their constraints in one statement: SQLite can add them only together with the column.
    op.execute(
        "ALTER TABLE campaigns ADD COLUMN shared_floor_id INTEGER"
        " CONSTRAINT fk_campaigns_shared_floor_id_shared_floors REFERENCES shared_floors (id)"
    )
    op.execute(
        "ALTER TABLE campaigns ADD COLUMN priority INTEGER DEFAULT 5 NOT NULL"
        " CONSTRAINT ck_campaigns_priority_range CHECK (priority BETWEEN 1 AND 9)"
    )
    op.create_index(op.f("ix_campaigns_shared_floor_id"), "campaigns", ["shared_floor_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_campaigns_shared_floor_id"), "campaigns")
    op.drop_column("campaigns", "priority")
    op.drop_column("campaigns", "shared_floor_id")
    op.drop_table("shared_floors")
