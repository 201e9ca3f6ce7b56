"""Telling the carriers' gateways what there is to be heard."""

import logging

import redis

from dialer.carriers.asterisk.message_book import bring
from telesales.extensions import db, read_only, redis_client
from telesales.messages.queries import names_in_use, sound_by_print
from telesales.tenancy.scope import every_client

log = logging.getLogger(__name__)


def bring_messages() -> bool:
    """Let the gateways have what the database says; False when Redis is away: the clock does it again."""
    with every_client(), read_only():
        try:
            brought = bring(redis_client(), names_in_use(), sound_by_print)
        except redis.RedisError as error:
            log.warning("messages are not brought yet: %s", error)
            return False
        finally:
            db.session.rollback()
    if brought:
        log.info("brought %s sounds to the gateways", brought)
    return True
