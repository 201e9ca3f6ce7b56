"""Messages as facts, and what the gateways are told of them."""

import io

import pytest

from dialer.carriers.asterisk import message_book
from telesales.campaigns.states import CampaignState
from telesales.extensions import AppendOnlyError, db, redis_client, transaction
from telesales.messages import jobs, publishing, service
from telesales.messages.models import CampaignMessage
from telesales.messages.rules import MessageKind
from telesales.messages.taking import take_sound
from telesales.tenancy.scope import every_client
from tests.factories_campaigns import make_campaign
from tests.factories_messages import make_wav


@pytest.fixture(autouse=True)
def everything(app):
    with every_client():
        yield


def keep(kind=MessageKind.ABANDONED, hertz=600, campaign=None):
    sound = take_sound(io.BytesIO(make_wav(hertz)))
    with transaction():
        return service.keep_message(kind, sound, file_name="a.wav", campaign=campaign).sha256


def index():
    return redis_client().hgetall(message_book.INDEX)


def test_a_version_is_never_changed(app):
    keep(campaign=make_campaign())
    row = db.session.query(CampaignMessage).one()
    row.file_name = "other.wav"

    with pytest.raises(AppendOnlyError):
        db.session.flush()
    db.session.rollback()


def test_what_redis_lost_comes_back_and_what_nobody_wants_goes(app):
    first, general = keep(campaign=make_campaign()), keep(hertz=900)
    jobs.bring_messages()
    assert sorted(index().values()) == sorted([first, general])

    redis_client().flushdb()
    redis_client().hset(message_book.INDEX, "campaign-99-abandoned", "f" * 64)
    redis_client().set(message_book.sound_key("f" * 64), "old")
    jobs.bring_messages()

    assert sorted(index().values()) == sorted([first, general])
    assert redis_client().exists(message_book.sound_key(first), message_book.sound_key(general)) == 2
    assert not redis_client().exists(message_book.sound_key("f" * 64))


def test_a_sound_that_alone_was_lost_comes_back_too(app):
    lost = keep()
    publishing.bring_messages()
    redis_client().delete(message_book.sound_key(lost))

    publishing.bring_messages()

    assert redis_client().exists(message_book.sound_key(lost))


def test_messages_of_finished_campaigns_leave_the_gateways(app):
    campaign = make_campaign()
    campaign_id = campaign.id
    keep(campaign=campaign)
    publishing.bring_messages()
    assert list(index()) == [f"campaign-{campaign_id}-abandoned"]

    with transaction():
        campaign.state = CampaignState.FINISHED
    publishing.bring_messages()

    assert index() == {}


def test_the_same_sound_in_two_places_is_brought_once_and_stays_while_one_needs_it(app):
    campaign = make_campaign()
    sound = keep(campaign=campaign)
    assert keep() == sound
    publishing.bring_messages()
    with transaction():
        service.remove_message(MessageKind.ABANDONED, campaign=campaign)

    publishing.bring_messages()

    assert index() == {"abandoned": sound}
    assert redis_client().exists(message_book.sound_key(sound))
