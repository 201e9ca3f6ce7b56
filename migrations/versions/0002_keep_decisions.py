"""Keep pacing decisions for 92 days; the database guards them as long."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

KEPT_DAYS = 92
TABLE = "pacing_decisions"
REFUSAL = f"{TABLE} rows are facts: never changed, and kept for {KEPT_DAYS} days"


def guard_decisions() -> None:
    """Nobody changes a decision; nobody deletes one before its time is over."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION refuse_to_edit_decisions() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN IF TG_OP = 'UPDATE' OR OLD.at > now() - interval '{KEPT_DAYS} days' THEN "
            f"RAISE EXCEPTION '{REFUSAL}'; END IF; RETURN OLD; END $$"
        )
        op.execute(
            f"CREATE TRIGGER guard_{TABLE} BEFORE UPDATE OR DELETE ON {TABLE} "
            "FOR EACH ROW EXECUTE FUNCTION refuse_to_edit_decisions()"
        )
        return
    young = f"WHEN OLD.at > datetime('now', '-{KEPT_DAYS} days')"
    for verb, when in (("UPDATE", ""), ("DELETE", young)):
        op.execute(
            f"CREATE TRIGGER guard_{TABLE}_{verb.lower()} BEFORE {verb} ON {TABLE} {when} "
            f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
        )


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("calls", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=30), nullable=False),
        sa.Column("estimates", sa.JSON(), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaigns.id"], name=op.f("fk_pacing_decisions_campaign_id")
        ),
        sa.ForeignKeyConstraint(["client_id"], ["clients.id"], name=op.f("fk_pacing_decisions_client_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pacing_decisions")),
        sa.UniqueConstraint("campaign_id", "at", name=op.f("uq_pacing_decisions_campaign_id_at")),
    )
    with op.batch_alter_table(TABLE, schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_pacing_decisions_client_id"), ["client_id"], unique=False)
    guard_decisions()


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_to_edit_decisions() CASCADE")
    else:
        for verb in ("update", "delete"):
            op.execute(f"DROP TRIGGER guard_{TABLE}_{verb}")
    with op.batch_alter_table(TABLE, schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_pacing_decisions_client_id"))

    op.drop_table(TABLE)
