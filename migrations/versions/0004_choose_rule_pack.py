"""Say whose law counts a campaign's abandoned calls, and count them from an index alone."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

ANSWERED = sa.text("answered_at IS NOT NULL")
# Added one by one, without rebuilding the table: SQLite would drop it, and what belongs to campaigns with it.
COLUMNS = (
    ("rule_pack", sa.String(length=10), "us"),
    ("false_positives_bp", sa.Integer(), "0"),
    ("undetected_machines_bp", sa.Integer(), "0"),
    ("estimate_method", sa.String(length=300), ""),
)


def upgrade() -> None:
    for name, kind, usual in COLUMNS:
        op.add_column("campaigns", sa.Column(name, kind, nullable=False, server_default=usual))
    op.create_index(
        "ix_call_attempts_answered",
        "call_attempts",
        ["campaign_id", "answered_at", "result", "connected_at", "client_id"],
        sqlite_where=ANSWERED,
        postgresql_where=ANSWERED,
    )


def downgrade() -> None:
    op.drop_index("ix_call_attempts_answered", table_name="call_attempts")
    for name, _kind, _usual in reversed(COLUMNS):
        op.drop_column("campaigns", name)
