"""Take calls of people who ring us."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "call_attempts",
        sa.Column("direction", sa.String(length=8), nullable=False, server_default="outbound"),
    )
    op.add_column("call_attempts", sa.Column("carrier_call", sa.String(length=160), nullable=True))
    op.create_index(
        "ix_call_attempts_carrier_call",
        "call_attempts",
        ["carrier_call"],
        unique=True,
        sqlite_where=sa.text("carrier_call IS NOT NULL"),
        postgresql_where=sa.text("carrier_call IS NOT NULL"),
    )
    op.add_column(
        "campaigns", sa.Column("takes_inbound", sa.Boolean(), nullable=False, server_default=sa.true())
    )
    op.add_column(
        "campaigns",
        sa.Column("inbound_wait_seconds", sa.Integer(), nullable=False, server_default="120"),
    )
    op.add_column(
        "campaigns",
        sa.Column("inbound_message", sa.String(length=500), nullable=False, server_default=""),
    )


def downgrade() -> None:
    op.drop_column("campaigns", "inbound_message")
    op.drop_column("campaigns", "inbound_wait_seconds")
    op.drop_column("campaigns", "takes_inbound")
    op.drop_index("ix_call_attempts_carrier_call", "call_attempts")
    op.drop_column("call_attempts", "carrier_call")
    op.drop_column("call_attempts", "direction")
