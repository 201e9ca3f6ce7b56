"""Note which supervisor sent an agent on a pause or off the floor."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("agent_state_changes", sa.Column("by_id", sa.Integer(), nullable=True))


def downgrade() -> None:
    op.drop_column("agent_state_changes", "by_id")
