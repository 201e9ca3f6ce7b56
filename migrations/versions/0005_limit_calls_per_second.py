"""Let a campaign limit its calls per second, as its carrier does."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "campaigns", sa.Column("calls_per_second", sa.Integer(), nullable=False, server_default="0")
    )


def downgrade() -> None:
    op.drop_column("campaigns", "calls_per_second")
