"""Migrations keep what is there, forwards and backwards."""

from pathlib import Path

from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import text

from telesales.campaigns.models import Campaign, CampaignList
from telesales.extensions import db
from telesales.tenancy.scope import every_client
from tests.factories_campaigns import make_campaign

MIGRATIONS = str(Path(__file__).parents[2] / "migrations")


def test_campaigns_from_before_the_choice_of_rules_keep_the_american_ones(app: Flask):
    campaign_id = make_campaign(rule_pack="uk", abandonment_limit_bp=100).id
    db.session.commit()
    db.session.remove()

    downgrade(directory=MIGRATIONS, revision="0003")
    with db.engine.connect() as connection:
        left = connection.execute(text("SELECT * FROM campaigns")).mappings().one()
    upgrade(directory=MIGRATIONS)

    assert "rule_pack" not in left
    with every_client():
        campaign = db.session.get_one(Campaign, campaign_id)
        assert (campaign.rule_pack, campaign.false_positives_bp, campaign.estimate_method) == ("us", 0, "")
        assert db.session.query(CampaignList).filter_by(campaign_id=campaign_id).count() == 1
