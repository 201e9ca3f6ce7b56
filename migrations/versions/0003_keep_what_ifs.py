"""Keep what-ifs: questions about a campaign, and the simulated shifts that answer them."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "what_ifs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("question", sa.JSON(), nullable=False),
        sa.Column("world", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("error", sa.String(length=200), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("beat_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaigns.id"], name=op.f("fk_what_ifs_campaign_id")),
        sa.ForeignKeyConstraint(["client_id"], ["clients.id"], name=op.f("fk_what_ifs_client_id")),
        sa.ForeignKeyConstraint(["created_by_id"], ["users.id"], name=op.f("fk_what_ifs_created_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_what_ifs")),
    )
    with op.batch_alter_table("what_ifs", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_what_ifs_campaign_id"), ["campaign_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_what_ifs_client_id"), ["client_id"], unique=False)

    op.create_table(
        "what_if_shifts",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("what_if_id", sa.Integer(), nullable=False),
        sa.Column("agents", sa.Integer(), nullable=False),
        sa.Column("seed", sa.Integer(), nullable=False),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["clients.id"], name=op.f("fk_what_if_shifts_client_id")),
        sa.ForeignKeyConstraint(["what_if_id"], ["what_ifs.id"], name=op.f("fk_what_if_shifts_what_if_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_what_if_shifts")),
        sa.UniqueConstraint(
            "what_if_id", "agents", "seed", name=op.f("uq_what_if_shifts_what_if_id_agents_seed")
        ),
    )
    with op.batch_alter_table("what_if_shifts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_what_if_shifts_client_id"), ["client_id"], unique=False)


def downgrade() -> None:
    op.drop_table("what_if_shifts")
    op.drop_table("what_ifs")
