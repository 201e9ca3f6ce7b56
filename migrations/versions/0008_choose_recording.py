"""Let a campaign say which calls are recorded, who is told, and for how long they are kept."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

COLUMNS = (
    ("recording_policy", sa.String(length=8), "never"),
    ("recording_share", sa.Integer(), "10"),
    ("recording_announce", sa.String(length=10), "everyone"),
    ("recording_announcement", sa.String(length=300), ""),
    ("recording_days", sa.Integer(), "90"),
    ("recording_heard_by_agents", sa.Boolean(), sa.false()),
)


def upgrade() -> None:
    for name, kind, default in COLUMNS:
        op.add_column("campaigns", sa.Column(name, kind, nullable=False, server_default=default))


def downgrade() -> None:
    for name, _kind, _default in COLUMNS:
        op.drop_column("campaigns", name)
