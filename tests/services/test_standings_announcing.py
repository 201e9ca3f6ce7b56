"""Telling pages and boards that a sale moved the standings."""

import json

import pytest
from flask import Flask

from telesales.extensions import db
from telesales.push.messages import STREAM
from telesales.standings.service import announcing
from telesales.tenancy.scope import every_client
from tests.factories import make_selling_agent, make_selling_campaign, make_sold, make_taken_back


@pytest.fixture(autouse=True)
def _connected(app: Flask):
    announcing.connect()
    with every_client():
        yield


def messages(redis_server) -> list[tuple[str, str]]:
    found = [fields for _id, fields in redis_server.xrange(STREAM)]
    return [(fields["topic"], fields["event"]) for fields in found if fields["topic"].startswith("standings")]


def test_nothing_is_told_before_the_commit(redis_server):
    make_sold(make_selling_agent(), make_selling_campaign())
    assert messages(redis_server) == []


def test_sale_is_told_to_its_client_and_to_the_centre_after_the_commit(redis_server):
    campaign, agent = make_selling_campaign(), make_selling_agent("李娜", latin_name="Li Na")
    make_sold(agent, campaign, 4_900)
    db.session.commit()
    own, house = f"standings:{campaign.client_id}", "standings:all"
    assert sorted(messages(redis_server)) == sorted(
        [(own, "sale"), (house, "sale"), (own, "changed"), (house, "changed")]
    )


def test_sale_message_says_who_sold_what(redis_server):
    sale = make_sold(make_selling_agent("李娜", latin_name="Li Na"), make_selling_campaign(), 4_900)
    db.session.commit()
    said = [
        json.loads(fields["data"]) for _id, fields in redis_server.xrange(STREAM) if fields["event"] == "sale"
    ]
    assert {
        (item["name"], item["latin_name"], item["product"], item["amount_minor"], item["sale_id"])
        for item in said
    } == {("李娜", "Li Na", "Fibre 500", 4_900, sale.id)}


def test_cancellation_is_a_change_without_a_celebration(redis_server):
    sale = make_sold(make_selling_agent(), make_selling_campaign(), told=False)
    db.session.commit()
    make_taken_back(sale)
    db.session.commit()
    assert {event for _topic, event in messages(redis_server)} == {"changed"}


def test_what_is_rolled_back_is_not_told(redis_server):
    make_sold(make_selling_agent(), make_selling_campaign())
    db.session.rollback()
    make_selling_agent()
    db.session.commit()
    assert messages(redis_server) == []
